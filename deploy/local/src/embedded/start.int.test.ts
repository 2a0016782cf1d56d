import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { wipeDataDir } from "../data-dir.ts";
import { freePort, isListening } from "../ports.ts";
import { type Stack, startStack } from "../stack.ts";
import { hasLiveBroker } from "./kafka-ready.ts";

let dataDir: string;
let stack: Stack;
const start = async () => {
  // A forced choice: this test is about the embedded servers, wherever those of the other tests come from.
  const env = { ...process.env, WAMESH_STACK: "embedded" };
  stack = await startStack({ dataDir, log: () => {}, env, ports: { redis: await freePort() } });
};
beforeAll(async () => {
  dataDir = join(await mkdtemp(join(tmpdir(), "wamesh stack ")), "data");
  await start();
});
afterAll(async () => {
  await stack?.stop();
  await wipeDataDir(dataDir);
});

const port = (address: string) => Number(new URL(address.replace(/^(?!\w+:\/\/)/, "tcp://")).port);

/** Registers a schema, or finds it, and gives its id: it goes through the registry into Postgres. */
async function schemaId(): Promise<number> {
  const schema = JSON.stringify({ type: "record", name: "Kept", fields: [] });
  const response = await fetch(`${stack.registryUrl}/subjects/kept-value/versions`, {
    method: "POST",
    headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
    body: JSON.stringify({ schema }),
  });
  return ((await response.json()) as { id: number }).id;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("each server can be killed and comes back on its port", async () => {
  const before = { ...stack.pids };
  const id = await schemaId();
  const names = ["kafka", "redis", "postgres"] as const;
  await Promise.all(names.map((name) => stack.server(name).kill()));
  for (const name of names) expect(stack.pids[name]).toBeUndefined();
  expect(await hasLiveBroker(port(stack.kafkaBrokers))).toBe(false);
  await Promise.all(names.map((name) => stack.server(name).start()));
  for (const name of names) expect(stack.pids[name]).not.toBe(before[name]);
  expect(await hasLiveBroker(port(stack.kafkaBrokers))).toBe(true);
  // The registry's pool needs a moment to notice that its connections are dead.
  await vi.waitUntil(async () => (await schemaId().catch(() => undefined)) === id, { timeout: 10_000 });
});

test("a stop takes less than five seconds, leaves no process and no listener, and the data lives on", async () => {
  const id = await schemaId();
  const pids = Object.values(stack.pids);
  expect(pids).toHaveLength(4);
  const addresses = [stack.kafkaBrokers, stack.registryUrl, stack.postgresUrl, stack.redisUrl];
  const stopping = performance.now();
  await stack.stop();
  expect(performance.now() - stopping).toBeLessThan(5000);
  expect(pids.filter(isAlive)).toEqual([]);
  for (const address of addresses) expect(await isListening(port(address))).toBe(false);
  await start();
  expect(await schemaId()).toBe(id);
});
