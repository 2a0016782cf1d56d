/** Trees of releases: a copy of this one, or what a git ref holds, ready to run. */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { repository } from "@wamesh/local";

/** Also of a clone that another user made. */
const git = ["-c", "safe.directory=*"];

/** What git tracks here, as it is now; packages from npm are those of this tree, our own are the copy's. */
export function copyTree(to: string): void {
  const tracked = execFileSync("git", [...git, "ls-files", "-z"], {
    cwd: repository,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  for (const file of tracked
    .split("\0")
    .filter((name) => name !== "" && existsSync(join(repository, name)))) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(repository, file), join(to, file));
  }
  linkPackages(to);
  const built = join("console", "dist");
  if (existsSync(join(repository, built)))
    cpSync(join(repository, built), join(to, built), { recursive: true });
}

/** The tree of a git ref, with its console built. Packages are installed where its lockfile is not this tree's. */
export function checkOut(ref: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const archive = execFileSync("git", [...git, "archive", ref], { cwd: repository, maxBuffer: 2 ** 30 });
  execFileSync("tar", ["-x", "-C", to], { input: archive });
  const lock = "package-lock.json";
  if (readFileSync(join(to, lock)).equals(readFileSync(join(repository, lock)))) linkPackages(to);
  else execFileSync("sh", ["bin/bootstrap"], { cwd: to, stdio: "inherit" });
  execFileSync(process.execPath, ["console/build.ts"], { cwd: to, stdio: "inherit" });
}

function linkPackages(to: string): void {
  linkModules(join(repository, "node_modules"), join(to, "node_modules"));
  for (const room of readdirSync(join(repository, "packages"))) {
    const own = join("packages", room, "node_modules");
    if (existsSync(join(repository, own)) && existsSync(join(to, "packages", room)))
      linkModules(join(repository, own), join(to, own));
  }
}

/** A link per package. Those of ours are relative links already, and so lead into the copy. */
function linkModules(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    const place = join(from, name);
    if (name === "@wamesh") linkModules(place, join(to, name));
    else if (lstatSync(place).isSymbolicLink()) symlinkSync(readlinkSync(place), join(to, name));
    else if (!/^\.(vite|cache)/.test(name)) symlinkSync(place, join(to, name));
  }
}

/** `x.y.z` of a tree, as its package.json says. */
export function versionOf(root: string): string {
  return (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version;
}
