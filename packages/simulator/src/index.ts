/** Starts an imitation of both providers on one port: see README.md. */
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent } from "undici";
import { startArrivalClock } from "./arrival.ts";
import { createBatcher } from "./cloud-api/batcher.ts";
import { routeCloudApi } from "./cloud-api/routes.ts";
import { type Totals, totals } from "./control/evidence.ts";
import { routeControl } from "./control/routes.ts";
import { createCourier } from "./courier.ts";
import { createFaults } from "./faults.ts";
import { answerJson, type Call } from "./http.ts";
import { TOLERANCE_MS } from "./judge.ts";
import { createLedger } from "./ledger.ts";
import { PROFILES, type Profile, type ProfileName } from "./profiles.ts";
import { createReadMarks } from "./read-marks.ts";
import { createSchedule } from "./schedule.ts";
import type { Sim } from "./sim.ts";
import { routeWasender } from "./wasender/routes.ts";
import { createSentStore } from "./wasender/sent-store.ts";
import { createWorld } from "./world.ts";

export type { Totals } from "./control/evidence.ts";
export type { ProfileName } from "./profiles.ts";

export type SimulatorOptions = {
  /** 0 or absent: a free one. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  seed: number;
  profile: ProfileName;
  /** Share of messages that are read; default: the profile's. */
  readFraction?: number;
  /** How often a WasenderApi callback is tried again, 0 to 5; default: the profile's. */
  wasenderRetries?: number;
  /** Whether Cloud API text outside the 24-hour window fails with 131047; default: the profile's. */
  customerWindow?: boolean;
  /** How much too early a send may come before it is a violation, in ms. */
  toleranceMs?: number;
  /** How long a callback's receiver may take, in ms. */
  callbackTimeoutMs?: number;
  /** How many messages the ledger remembers (about 0.5 KB each). */
  maxMessages?: number;
};

export type Simulator = {
  /** `http://host:port`; the Cloud API is at `/graph`, WasenderApi at `/wasender/api`, control at `/_sim`. */
  url: string;
  cloudApiUrl: string;
  wasenderUrl: string;
  controlUrl: string;
  ledger(): Totals;
  /** Stops at once: open connections are cut, untold callbacks dropped. */
  close(): Promise<void>;
};

export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { sim, agent } = build(options);
  const server = createServer((req, res) => {
    const target = req.url ?? "/";
    const mark = target.indexOf("?");
    const path = mark < 0 ? target : target.slice(0, mark);
    const query = new URLSearchParams(mark < 0 ? "" : target.slice(mark));
    const call = { req, res, method: req.method ?? "GET", path, query };
    Promise.resolve(route(sim, call)).catch((error: unknown) => {
      process.stderr.write(
        `simulator: ${call.method} ${path}: ${error instanceof Error ? error.stack : error}\n`,
      );
      answerJson(res, 500, { error: "the simulator itself failed; its standard error says how" });
    });
  });
  server.on("connection", (socket) => sim.arrivals.accepted(socket));
  // Senders keep connections open between messages; closing under their hands would look like a fault nobody asked for.
  server.keepAliveTimeout = 120_000;
  const host = options.host ?? "127.0.0.1";
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    cloudApiUrl: `${url}/graph`,
    wasenderUrl: `${url}/wasender/api`,
    controlUrl: `${url}/_sim`,
    ledger: () => totals(sim),
    async close() {
      sim.arrivals.stop();
      sim.schedule.clear();
      sim.batcher.clear();
      sim.courier.reset();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, agent.destroy()]);
    },
  };
}

function route(sim: Sim, call: Call): Promise<void> | void {
  const under = (prefix: string) => call.path.startsWith(`${prefix}/`);
  const rest = (prefix: string): Call => ({ ...call, path: call.path.slice(prefix.length) });
  if (under("/graph")) return routeCloudApi(sim, rest("/graph"));
  if (under("/wasender/api")) return routeWasender(sim, rest("/wasender/api"));
  if (under("/_sim")) return routeControl(sim, rest("/_sim"));
  answerJson(call.res, 404, { error: "nothing here: see /graph, /wasender/api and /_sim" });
}

function build(options: SimulatorOptions): { sim: Sim; agent: Agent } {
  const base = PROFILES[options.profile];
  const profile: Profile = {
    ...base,
    wasenderRetries: options.wasenderRetries ?? base.wasenderRetries,
    customerWindow: options.customerWindow ?? base.customerWindow,
  };
  const now = () => performance.timeOrigin + performance.now();
  const agent = new Agent({ keepAliveTimeout: 30_000, pipelining: 1 });
  const courier = createCourier({
    agent,
    now,
    timeoutMs: options.callbackTimeoutMs ?? 10_000,
    maxInFlightPerLane: 16,
  });
  // 9 digits, ten per second of calendar time: the next run starts beyond this one's.
  let number = 100_000_000 + (Math.floor(Date.now() / 100) % 800_000_000);
  const sim: Sim = {
    seed: options.seed,
    profile,
    readFraction: options.readFraction,
    toleranceMs: options.toleranceMs ?? TOLERANCE_MS,
    now,
    arrivals: startArrivalClock(now),
    world: createWorld(),
    faults: createFaults(options.seed),
    ledger: createLedger(options.maxMessages ?? 300_000),
    readMarks: createReadMarks(),
    schedule: createSchedule(now),
    courier,
    batcher: createBatcher(courier, profile.batchMs),
    sentStore: createSentStore(),
    nextNumber: () => number++,
    runTag: randomBytes(2).toString("hex").toUpperCase(),
  };
  return { sim, agent };
}
