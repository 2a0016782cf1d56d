import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDataDir, wipeDataDir } from "./data-dir.ts";
import { freePort } from "./ports.ts";

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "wamesh data "));
});
afterEach(() => rm(base, { recursive: true, force: true }));

const log = () => {};

test("whole data is used again, with the same cluster and password", async () => {
  const path = join(base, "data");
  const first = await openDataDir(path, log);
  expect(first.wasWhole).toBe(false);
  await writeFile(join(path, "content"), "kept");
  await first.markWhole([]);
  const second = await openDataDir(path, log);
  expect(second.wasWhole).toBe(true);
  expect(second.marker.clusterId).toBe(first.marker.clusterId);
  expect(second.marker.postgresPassword).toBe(first.marker.postgresPassword);
  expect(await readFile(join(path, "content"), "utf8")).toBe("kept");
});

test("half-made data is wiped as a whole, and said so", async () => {
  const path = join(base, "data");
  const first = await openDataDir(path, log);
  await mkdir(join(path, "postgres"));
  const lines: string[] = [];
  const second = await openDataDir(path, (line) => lines.push(line));
  expect(second.wasWhole).toBe(false);
  expect(second.marker.clusterId).not.toBe(first.marker.clusterId);
  expect(existsSync(join(path, "postgres"))).toBe(false);
  expect(lines).toHaveLength(1);
});

test("a folder with somebody else's files is refused and left as it is", async () => {
  await writeFile(join(base, "thesis.txt"), "mine");
  await expect(openDataDir(base, log)).rejects.toThrow(/not a stack's data/);
  await expect(wipeDataDir(base)).rejects.toThrow(/not a stack's data/);
  expect(await readFile(join(base, "thesis.txt"), "utf8")).toBe("mine");
});

test("wiping takes along what Postgres keeps behind a link", async () => {
  const path = join(base, "data");
  await openDataDir(path, log);
  await mkdir(join(base, "elsewhere"));
  await symlink(join(base, "elsewhere"), join(path, "postgres"));
  await wipeDataDir(path);
  expect(existsSync(join(base, "elsewhere"))).toBe(false);
  expect(existsSync(path)).toBe(false);
});

test("the file with the password is readable by its owner only", async () => {
  const path = join(base, "data");
  await openDataDir(path, log);
  expect((await stat(join(path, "wamesh-stack.json"))).mode & 0o777).toBe(0o600);
});

test("data whose servers still run is refused", async () => {
  const port = await freePort();
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await (await openDataDir(base, log)).markWhole([port]);
    await expect(openDataDir(base, log, 50)).rejects.toThrow(/still running/);
  } finally {
    server.close();
  }
});
