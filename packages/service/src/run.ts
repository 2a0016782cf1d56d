/** The life of a service process: settings, logs, telemetry, probes, start, and an orderly stop. */
import { renameSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import type { Tracer } from "@opentelemetry/api";
import { createLog, type Log } from "./log.ts";
import { type Check, serveProbes } from "./probes.ts";
import { measureProcess } from "./process-metrics.ts";
import { loadSettings, type Settings, SettingsError, type SettingsShape } from "./settings.ts";
import { processSettings } from "./shared-settings.ts";
import { startTelemetry } from "./telemetry.ts";

export type ServiceContext<Shape extends SettingsShape> = {
  settings: Settings<Shape & typeof processSettings>;
  /** Name of this process, which no other has that lives at the same time: owner in leases, client id at Kafka. */
  instanceId: string;
  version: string;
  log: Log;
  tracer: Tracer;
  /** For what can't be mended from inside (a crashed consumer): says why and exits with 1, so that a fresh process takes over. */
  fatal(error: unknown): void;
  /** Registers what to close; called in reverse order after `stop`. */
  onStop(close: () => Promise<unknown> | unknown): void;
};

export type RunningService = {
  /** Whether work may be sent here; null when ready, else why not. */
  ready?: Check;
  /** Whether a restart would not help; null when alive, else why it would. */
  alive?: Check;
  /** Finishes what is in flight and takes no more. */
  stop: () => Promise<void>;
  http?: { url: string };
};

const stopBudgetMs = 10_000;

/** Runs until a signal. Never returns: the process exits with 0 after an orderly stop, else with 1. */
export async function runService<Shape extends SettingsShape>(options: {
  name: string;
  version: string;
  settings: Shape;
  start: (context: ServiceContext<Shape>) => Promise<RunningService>;
}): Promise<void> {
  const { name, version } = options;
  const settings = settingsOrExit({ ...processSettings, ...options.settings });
  const instanceId = settings.instanceId ?? `${hostname()}-${process.pid}`;
  const identity = { service: name, version, instance: instanceId };
  const log = createLog({ ...identity, level: settings.logLevel });

  const fatal = (error: unknown) => {
    log.fatal({ err: error }, "fatal");
    process.exit(1);
  };
  process.on("uncaughtException", fatal);
  process.on("unhandledRejection", fatal);

  const telemetry = await startTelemetry({ ...identity, traceRatio: settings.traceRatio });
  const closers: (() => Promise<unknown> | unknown)[] = [];
  let running: RunningService | undefined;
  let stopping: Promise<void> | undefined;

  const ready: Check = () => {
    if (stopping !== undefined) return "stopping";
    if (running === undefined) return "starting";
    return running.ready?.() ?? null;
  };
  measureProcess({ service: name, version, isReady: () => ready() === null });
  const probes = await serveProbes({
    host: settings.httpHost,
    port: settings.probesPort,
    alive: () => running?.alive?.() ?? null,
    ready,
  });

  async function closeAll(): Promise<void> {
    await running?.stop();
    for (const close of closers.splice(0).reverse()) await close();
    await telemetry.stop();
    await probes.close();
  }

  function stop(why: string): void {
    if (stopping !== undefined) {
      log.warn({ why }, "stopped at once, for the second time of asking");
      process.exit(1);
    }
    log.info({ why }, "stopping");
    const budget = setTimeout(() => fatal(new Error(`did not stop within ${stopBudgetMs} ms`)), stopBudgetMs);
    budget.unref();
    stopping = closeAll().then(() => {
      log.info("stopped");
      process.exit(0);
    }, fatal);
  }
  process.on("SIGTERM", () => stop("SIGTERM"));
  process.on("SIGINT", () => stop("SIGINT"));
  if (settings.exitWithParent) process.stdin.resume().once("close", () => stop("parent ended"));

  try {
    running = await options.start({
      settings: settings as Settings<Shape & typeof processSettings>,
      instanceId,
      version,
      log,
      tracer: telemetry.tracer,
      fatal,
      onStop: (close) => void closers.push(close),
    });
  } catch (error) {
    if (error instanceof SettingsError) exitWith(error);
    fatal(error);
    return;
  }
  const addresses = { http: running.http?.url ?? null, probes: probes.url };
  if (settings.announceFile !== undefined)
    announce(settings.announceFile, { ...addresses, pid: process.pid });
  log.info(addresses, "listening");
}

function settingsOrExit<Shape extends SettingsShape>(shape: Shape): Settings<Shape> {
  try {
    return loadSettings(shape);
  } catch (error) {
    return exitWith(error);
  }
}

/** For a person at a terminal: the sentence, no stack. */
function exitWith(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

/** A reader sees all of it or nothing. */
function announce(file: string, addresses: object): void {
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, `${JSON.stringify(addresses)}\n`);
  renameSync(partial, file);
}
