// Fetches the servers of the embedded stack once and unpacks them into a cache that all stacks of the checkout share.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { StackUnavailable } from "./unavailable.ts";

export type Artefacts = { kafkaJars: string; registryHome: string; redisServer: string };

const POM = fileURLToPath(new URL("../stack.pom.xml", import.meta.url));
const CACHE = fileURLToPath(new URL("../../../.wamesh/cache", import.meta.url));

/** Compressed, as downloaded on 2026-11-20. */
const SIZES = "Kafka 4.3.1 (43 MB), Apicurio Registry 3.0.9 (109 MB), Redis 6.2 (12 MB)";

/** The Redis binaries that the embedded-redis jar carries. */
const REDIS: Record<string, string> = {
  "linux-x64": "redis-server-6.2.6-v5-linux-amd64",
  "linux-arm64": "redis-server-6.2.7-linux-arm64",
  "linux-ia32": "redis-server-6.2.7-linux-386",
  "darwin-x64": "redis-server-6.2.6-v5-darwin-amd64",
  "darwin-arm64": "redis-server-6.2.6-v5-darwin-arm64",
};

/** True if `fetchArtefacts` has nothing left to download. */
export async function artefactsFetched(): Promise<boolean> {
  return existsSync(await unpackedHome());
}

/** Where the servers are, after downloading what is missing. Throws `StackUnavailable` when Maven can't get them. */
export async function fetchArtefacts(log: (line: string) => void): Promise<Artefacts> {
  const redis = REDIS[`${platform()}-${arch()}`];
  if (!redis) {
    throw new StackUnavailable(
      `wamesh has no embedded Redis for ${platform()}-${arch()}: start Docker, or name servers in WAMESH_*.`,
    );
  }
  const home = await unpackedHome();
  if (!existsSync(home)) await unpackInto(home, log);
  const redisServer = join(home, "redis", redis);
  await chmod(redisServer, 0o755);
  return { kafkaJars: join(home, "kafka"), registryHome: join(home, "registry"), redisServer };
}

/** Named for the POM's content: another version is another folder, and a folder that exists is whole. */
async function unpackedHome(): Promise<string> {
  const digest = createHash("sha256")
    .update(await readFile(POM))
    .digest("hex")
    .slice(0, 12);
  return join(CACHE, `servers-${digest}`);
}

async function unpackInto(home: string, log: (line: string) => void): Promise<void> {
  log(`Fetching with Maven, once: ${SIZES} ...`);
  await mkdir(CACHE, { recursive: true });
  await removeAbandoned();
  const partial = await mkdtemp(`${home}.partial-`);
  try {
    await runMaven(partial, log);
    // Another process may have been faster: its folder is as good as ours.
    await rename(partial, home).catch((error: unknown) => {
      if (!existsSync(home)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** What an interrupted fetch left. An hour: nobody is still at work on it, however slow the line. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(CACHE)) {
    const path = join(CACHE, name);
    if (!name.includes(".partial-") || (await stat(path)).mtimeMs > Date.now() - 3_600_000) continue;
    await rm(path, { recursive: true, force: true });
  }
}

/** Resolves when Maven has put everything under `out`. `--strict-checksums`: a damaged download fails the build. */
function runMaven(out: string, log: (line: string) => void): Promise<void> {
  const args = [
    "--batch-mode",
    "--strict-checksums",
    "-Dstyle.color=never",
    "-f",
    POM,
    `-Dwamesh.out=${out}`,
    "generate-resources",
  ];
  return new Promise((resolve, reject) => {
    const maven = spawn("mvn", args, { stdio: ["ignore", "pipe", "pipe"] });
    let failure = "";
    // Only a Maven that can't even start says why here; the rest is colour codes.
    maven.stderr.on("data", (chunk) => {
      failure ||= stripVTControlCharacters(String(chunk)).trim().split("\n", 1)[0] ?? "";
    });
    createInterface({ input: maven.stdout }).on("line", (line) => {
      const big = /Downloaded from .*\/([^/ ]+) \((\d+(?:\.\d+)? MB) at/.exec(line);
      if (big) log(`  ${big[1]} (${big[2]})`);
      if (!failure && line.includes("[ERROR]")) failure = line.replace(/^.*\[ERROR\] */, "");
    });
    maven.once("error", (error) =>
      reject(new StackUnavailable(`Maven could not be started: ${error.message}`)),
    );
    maven.once("close", (status) => {
      if (status === 0) return resolve();
      reject(
        new StackUnavailable(
          `Maven could not fetch the servers; check the network (or the proxy in ~/.m2/settings.xml) and run the same again, finished downloads are kept: ${failure}`,
        ),
      );
    });
  });
}
