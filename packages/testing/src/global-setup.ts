// Gives every project of a vitest run the same real servers: those of the environment, else a stack of its own.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Stack, startStack, wipeDataDir } from "@wamesh/local/stack";
import type { TestProject } from "vitest/node";
import type {} from "./stack.ts";

const ROOT = fileURLToPath(new URL("../../../.wamesh", import.meta.url));

type Shared = { stack: Promise<Stack>; users: number };

// Each project loads this file anew, so module variables would give each its own stack.
const KEY = Symbol.for("wamesh.test-stack");
const holder = globalThis as { [KEY]?: Shared };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  holder[KEY] ??= { stack: start(), users: 0 };
  const shared = holder[KEY];
  shared.users++;
  const { kafkaBrokers, registryUrl, postgresUrl, redisUrl } = await shared.stack;
  project.provide("stack", { kafkaBrokers, registryUrl, postgresUrl, redisUrl });
  return async () => {
    if (--shared.users > 0) return;
    delete holder[KEY];
    const stack = await shared.stack;
    await stack.stop();
    if (stack.source === "embedded") await wipeDataDir(dataDir(process.pid));
  };
}

async function start(): Promise<Stack> {
  await wipeLeftovers();
  return startStack({ dataDir: dataDir(process.pid), log: (line) => console.error(line) });
}

function dataDir(pid: number): string {
  return join(ROOT, `test-${pid}`);
}

/** Of runs that were killed before their teardown. */
async function wipeLeftovers(): Promise<void> {
  const names = await readdir(ROOT).catch((): string[] => []);
  const pids = names.flatMap((name) => /^test-(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  await Promise.all(pids.filter((pid) => !isAlive(pid)).map((pid) => wipeDataDir(dataDir(pid))));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
