// One process of ours or one server, started, watched, killed and started again at will.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { tie, untie } from "./lifeline.ts";
import { makeYield } from "./yielding.ts";

type Command = readonly [string, ...string[]];

export type ProcessOptions = {
  name: string;
  /** Executable and arguments, e.g. `[process.execPath, "/…/main.ts"]`; asked for at each start. */
  command: Command | (() => Command);
  env: NodeJS.ProcessEnv;
  /** Receives stdout and stderr, appended. */
  logFile: string;
  /** Asked until it says true. A rejection counts as false. */
  ready: (pid: number) => Promise<boolean>;
  cwd?: string;
  /** Run as this user instead of ours; possible for root only. */
  user?: { uid: number; gid: number };
  /** Default 60,000 ms. */
  readyTimeoutMs?: number;
  /** Default SIGTERM. */
  stopSignal?: "SIGTERM" | "SIGINT";
  /** Time between the stop signal and SIGKILL; default 4,000 ms. */
  stopBudgetMs?: number;
  /** Start anew for so long when the process ends before it is ready; default 0, one attempt. */
  retryStartMs?: number;
  /** Gives way to the others while the processor is full; see yielding.ts. */
  yields?: boolean;
  /** Told when the process ends though nobody asked it to. */
  onUnexpectedExit?: (how: string) => void;
};

export type SupervisedProcess = {
  name: string;
  /** Of the running process; undefined while it is down. */
  pid(): number | undefined;
  /** Resolves when ready; rejects, with the end of the log, when it ends or the time is up before. No-op when running. */
  start(): Promise<void>;
  /** Signal, then SIGKILL after the budget, its own or this one. No-op when down. */
  stop(budgetMs?: number): Promise<void>;
  /** SIGKILL at once. No-op when down. */
  kill(): Promise<void>;
  /** `stop` and `start`. */
  restart(): Promise<void>;
};

/** Starts the process and resolves when it is ready. It dies with this process, however this process ends. */
export async function superviseProcess(options: ProcessOptions): Promise<SupervisedProcess> {
  const process = supervise(options);
  await process.start();
  return process;
}

/** As `superviseProcess`, not started yet. */
export function supervise(options: ProcessOptions): SupervisedProcess {
  let running: Running | undefined;

  async function start(): Promise<void> {
    if (running) return;
    const retryUntil = Date.now() + (options.retryStartMs ?? 0);
    for (;;) {
      const outcome = await attempt();
      if (outcome === "ready") return;
      if (outcome === "ended" && Date.now() < retryUntil) {
        await delay(100);
        continue;
      }
      const what = {
        ended: "ended before it was ready",
        late: "was not ready in time",
        stopped: "was stopped",
      }[outcome];
      throw new Error(
        `${options.name} ${what}; the end of ${options.logFile}:\n${lastLines(options.logFile)}`,
      );
    }
  }

  async function attempt(): Promise<"ready" | "ended" | "late" | "stopped"> {
    const current = await launch(options);
    running = current;
    current.ended.then((how) => {
      if (running === current) running = undefined;
      if (current.phase === "ready") options.onUnexpectedExit?.(how);
    });
    const deadline = Date.now() + (options.readyTimeoutMs ?? 60_000);
    while (running === current && Date.now() < deadline) {
      if (await options.ready(current.pid).catch(() => false)) {
        if (running !== current) break;
        current.phase = "ready";
        return "ready";
      }
      await Promise.race([delay(50), current.ended]);
    }
    if (current.phase === "ending") return "stopped";
    if (running !== current) return "ended";
    await end(current, "SIGKILL");
    return "late";
  }

  async function stop(budgetMs = options.stopBudgetMs ?? 4000): Promise<void> {
    if (running) await end(running, options.stopSignal ?? "SIGTERM", budgetMs);
  }

  return {
    name: options.name,
    pid: () => running?.pid,
    start,
    stop,
    kill: async () => {
      if (running) await end(running, "SIGKILL");
    },
    restart: async () => {
      await stop();
      await start();
    },
  };
}

/** A `ready` that asks an HTTP probe for a 2xx. */
export function httpReady(url: string): () => Promise<boolean> {
  return async () => (await fetch(url, { signal: AbortSignal.timeout(1000) })).ok;
}

type Running = {
  pid: number;
  child: ChildProcess;
  ended: Promise<string>;
  phase: "starting" | "ready" | "ending";
};

async function launch(options: ProcessOptions): Promise<Running> {
  await mkdir(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, "a", 0o600);
  const [file, ...args] = typeof options.command === "function" ? options.command() : options.command;
  const child = spawn(file, args, {
    env: options.env,
    stdio: ["ignore", log, log],
    // Own process group: Ctrl-C in the terminal reaches the parent only, which stops its children in order.
    detached: true,
    ...(options.cwd ? { cwd: options.cwd } : {}),
    ...options.user,
  });
  closeSync(log);
  const pid = await new Promise<number>((resolve, reject) => {
    child.once("spawn", () => resolve(child.pid as number)).once("error", reject);
  });
  tie(pid);
  if (options.yields === true) makeYield(pid);
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => {
      untie(pid);
      resolve(signal ? `by ${signal}` : `with status ${code}`);
    });
  });
  return { pid, child, ended, phase: "starting" };
}

async function end(running: Running, signal: NodeJS.Signals, budgetMs = 0): Promise<void> {
  running.phase = "ending";
  running.child.kill(signal);
  if (signal !== "SIGKILL") {
    const timer = setTimeout(() => running.child.kill("SIGKILL"), budgetMs);
    running.ended.finally(() => clearTimeout(timer));
  }
  await running.ended;
}

function lastLines(file: string): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-15).join("\n");
}
