// The life of a process, seen from outside of a real one.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

function start(env: Record<string, string> = {}) {
  const announceFile = join(mkdtempSync(join(tmpdir(), "service ")), "announced.json");
  const child = spawn(process.execPath, [join(import.meta.dirname, "testdata/service.ts")], {
    env: { PATH: process.env.PATH, WAMESH_ANNOUNCE_FILE: announceFile, WAMESH_INSTANCE_ID: "one", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  children.push(child);
  let out = "";
  let errors = "";
  child.stdout.on("data", (bytes) => (out += bytes));
  child.stderr.on("data", (bytes) => (errors += bytes));
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  const lines = () =>
    out
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  const said = (message: string) => lines().some((line) => line.msg === message);
  return {
    child,
    ended,
    lines,
    said,
    announceFile,
    errors: () => errors,
    listening: () => vi.waitFor(() => expect(said("listening")).toBe(true), 5_000),
    probe: async (path: string) => {
      const { probes } = lines().find((line) => line.msg === "listening");
      const response = await fetch(`${probes}${path}`);
      return { status: response.status, text: await response.text() };
    },
  };
}

describe("a service process", () => {
  test("announces itself, tells why it is not ready, counts, and stops in order on SIGTERM", async () => {
    const service = start();
    await service.listening();
    const announced = JSON.parse(readFileSync(service.announceFile, "utf8"));
    expect(announced).toEqual({
      http: "http://127.0.0.1:1",
      probes: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      pid: service.child.pid,
    });
    expect((await service.probe("/livez")).status).toBe(200);
    expect(await service.probe("/readyz")).toEqual({
      status: 503,
      text: '{"ready":false,"reasons":["table is catching up"]}\n',
    });
    service.child.kill("SIGUSR2");
    await vi.waitFor(async () => expect((await service.probe("/readyz")).status).toBe(200));
    const metrics = (await service.probe("/metrics")).text;
    expect(metrics).toMatch(/^wamesh_dispatch_sent_total 1/m);
    expect(metrics).toMatch(/^wamesh_process_ready 1$/m);
    expect(metrics).toMatch(/^wamesh_process_info\{service="example",version="0",node="v24[^"]+"\} 1$/m);
    expect(metrics).toMatch(/^wamesh_process_resident_memory_bytes \d+/m);

    service.child.kill("SIGTERM");
    expect(await service.ended).toBe(0);
    const order = ["stopping", "stop called", "closed last opened", "closed first opened", "stopped"];
    expect(service.lines().map((line) => line.msg)).toEqual(["hello", "listening", ...order]);
    expect(service.lines()[0]).toMatchObject({
      level: "info",
      service: "example",
      version: "0",
      instance: "one",
    });
    expect(JSON.stringify(service.lines())).not.toContain("hush");
  });

  test("exits at once on the second signal", async () => {
    const service = start({ SCRIPT: "hang" });
    await service.listening();
    service.child.kill("SIGTERM");
    await vi.waitFor(() => expect(service.said("stop called")).toBe(true));
    expect((await service.probe("/readyz")).text).toContain("stopping");
    service.child.kill("SIGINT");
    expect(await service.ended).toBe(1);
  });

  test("stops when its parent is gone, if asked to", async () => {
    const service = start({ WAMESH_EXIT_WITH_PARENT: "1" });
    await service.listening();
    service.child.stdin?.end();
    expect(await service.ended).toBe(0);
    expect(service.said("stopped")).toBe(true);
  });

  test.each([
    ["fail", "no database"],
    ["reject", "nobody caught this"],
    ["fatal", "consumer crashed"],
  ])("is never a silent zombie: %s", async (script, message) => {
    const service = start({ SCRIPT: script });
    expect(await service.ended).toBe(1);
    expect(service.lines().at(-1)).toMatchObject({ level: "fatal", err: { message } });
    expect(JSON.stringify(service.lines())).not.toContain("hush");
  });

  test("with wrong settings says so in words and exits", async () => {
    const service = start({ WAMESH_PROBES_PORT: "x", WAMESH_LOG_LEVEL: "loud" });
    expect(await service.ended).toBe(1);
    expect(service.errors()).toMatch(/2 mistakes\n {2}WAMESH_LOG_LEVEL .*\n {2}WAMESH_PROBES_PORT .*\n$/);
    expect(service.lines()).toEqual([]);
  });
});
