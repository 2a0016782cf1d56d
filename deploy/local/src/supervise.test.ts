import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { getPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { freePort, isListening } from "./ports.ts";
import { type ProcessOptions, type SupervisedProcess, superviseProcess } from "./supervise.ts";

let dir: string;
const started: SupervisedProcess[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "wamesh supervise "));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.kill()));
  await rm(dir, { recursive: true });
});

const LISTEN = 'require("node:net").createServer().listen(Number(process.env.PORT), "127.0.0.1");';

async function start(program: string, more: Partial<ProcessOptions> = {}) {
  const port = await freePort();
  const one = await superviseProcess({
    name: "program",
    command: [process.execPath, "-e", program],
    env: { ...process.env, PORT: String(port) },
    logFile: join(dir, "logs", "program.log"),
    ready: () => isListening(port),
    ...more,
  });
  started.push(one);
  return { one, port };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("a process is ready when its probe says so, and is gone after stop", async () => {
  const { one, port } = await start(LISTEN);
  const pid = one.pid() as number;
  expect(isAlive(pid)).toBe(true);
  await one.stop();
  expect(isAlive(pid)).toBe(false);
  expect(one.pid()).toBeUndefined();
  expect(await isListening(port)).toBe(false);
});

test("a process that yields goes after the others, also when it was started again", async () => {
  const { one } = await start(LISTEN, { yields: true });
  const { one: other } = await start(LISTEN);
  expect(getPriority(one.pid()!)).toBeGreaterThan(getPriority(other.pid()!));
  await one.restart();
  expect(getPriority(one.pid()!)).toBeGreaterThan(getPriority(other.pid()!));
});

test("after kill it starts again as another process on the same port, without a word of an unexpected end", async () => {
  const onUnexpectedExit = vi.fn();
  const { one, port } = await start(LISTEN, { onUnexpectedExit });
  const before = one.pid();
  await one.kill();
  await one.start();
  expect(one.pid()).not.toBe(before);
  expect(await isListening(port)).toBe(true);
  await one.restart();
  expect(await isListening(port)).toBe(true);
  expect(onUnexpectedExit).not.toHaveBeenCalled();
});

test("a process that ignores its stop signal is ended when the budget is spent", async () => {
  const { one } = await start(`process.on("SIGTERM", () => {}); ${LISTEN}`, { stopBudgetMs: 200 });
  const pid = one.pid() as number;
  await one.stop();
  expect(isAlive(pid)).toBe(false);
});

test("a process that ends before it is ready fails at once with the end of its log", async () => {
  const program = 'console.error("no such table"); process.exit(3)';
  await expect(start(program)).rejects.toThrow(/ended before it was ready[\s\S]*no such table/);
});

test("a process that is never ready is ended", async () => {
  let pid = 0;
  const ready = async (p: number) => {
    pid = p;
    return false;
  };
  await expect(start("setInterval(() => {}, 1000)", { ready, readyTimeoutMs: 300 })).rejects.toThrow(
    /not ready in time/,
  );
  expect(isAlive(pid)).toBe(false);
});

test("an end that nobody asked for is reported", async () => {
  const reported = Promise.withResolvers<string>();
  const { one } = await start(LISTEN, { onUnexpectedExit: reported.resolve });
  process.kill(one.pid() as number, "SIGKILL");
  expect(await reported.promise).toBe("by SIGKILL");
});

test("children end with a parent that was killed with -9", async () => {
  const port = await freePort();
  const parentFile = join(dir, "parent.mjs");
  const options = {
    name: "child",
    command: [process.execPath, "-e", LISTEN],
    logFile: join(dir, "child.log"),
  };
  await writeFile(
    parentFile,
    `import { superviseProcess } from ${JSON.stringify(new URL("./supervise.ts", import.meta.url).href)};
     import { isListening } from ${JSON.stringify(new URL("./ports.ts", import.meta.url).href)};
     const child = await superviseProcess({ ...${JSON.stringify(options)}, env: { ...process.env, PORT: "${port}" }, ready: () => isListening(${port}) });
     console.log(child.pid());`,
  );
  const parent = spawn(process.execPath, [parentFile], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(parent.stdout, "data");
  const childPid = Number(String(line));
  expect(isAlive(childPid)).toBe(true);
  parent.kill("SIGKILL");
  await vi.waitUntil(() => !isAlive(childPid), { timeout: 4000 });
  expect(await readFile(join(dir, "child.log"), "utf8")).toBe("");
});
