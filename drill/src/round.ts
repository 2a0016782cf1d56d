/** One round: traffic, faults in the middle of it, rest, and the judgement of all ledgers. */
import { setTimeout as delay } from "node:timers/promises";
import { seededRandom } from "@wamesh/testing/outside";
import { resumeS } from "./check/figures.ts";
import type { Finding } from "./check/index.ts";
import type { Drill } from "./drill.ts";
import { startAgain } from "./faults/field.ts";
import { type Field, faults } from "./faults/index.ts";
import { judge } from "./judge.ts";
import type { Evidence } from "./ledgers.ts";
import { planTraffic, send } from "./traffic.ts";

export type Round = {
  number: number;
  kinds: readonly string[];
  /** Those of the kinds that struck as they were meant to. */
  struck: readonly string[];
  /** Processes and servers that no fault had ended at this moment, and that were started again. */
  ended: readonly string[];
  messageIds: readonly string[];
  refused: number;
  /** Null when nothing went away while work waited. */
  resumeS: number | null;
  tookS: number;
  evidence: Evidence;
  findings: readonly Finding[];
};

/** The longest that a message may take to its end: a take-over, a send's deadline, the doubt, and the same once more. */
const settleMs = 75_000;

export async function runRound(drill: Drill, number: number, kinds: readonly string[]): Promise<Round> {
  const begun = performance.now();
  const random = seededRandom(drill.seed * 1000 + number);
  const before = drill.accepted.length;
  let refused = 0;
  const moments: number[] = [];
  const struck: string[] = [];
  const ended: string[] = [];
  const plan = planTraffic(random, number, drill.tenants);
  const traffic = send(plan, {
    accepted: (message) => drill.accepted.push(message),
    refused: ({ request, words }) => {
      refused++;
      drill.say(`${request} was not accepted: ${words}`);
    },
  });
  const strikes = kinds.map(async (kind) => {
    const fault = faults.get(kind);
    if (fault === undefined) throw new Error(`there is no fault ${kind}`);
    // Drawn before anything waits, so that the seed alone decides.
    const fieldRandom = seededRandom(Math.floor(random() * 2 ** 31));
    await delay(2000 + fieldRandom() * 3000);
    const field: Field = {
      mesh: drill.mesh,
      sql: drill.sql,
      random: fieldRandom,
      shards: drill.shards,
      say: drill.say,
      stopped: () => moments.push(Date.now()),
      poisoned: (record) => drill.poison.push(record),
    };
    // Two faults at once may be in each other's way. What matters is what the ledgers say afterwards.
    await fault.strike(field).then(
      () => struck.push(kind),
      (error: unknown) => drill.say(`${kind} was cut short, and does not count: ${error}`),
    );
  });
  await Promise.all([traffic, ...strikes]);

  const messageIds = [...new Set(drill.accepted.slice(before).map(({ id }) => id))];
  const { evidence, findings } = await judge(drill, {
    messageIds,
    settleMs,
    tend: async () => void ended.push(...(await startEnded(drill))),
  });
  const mine = new Set(messageIds);
  const ofRound = {
    ...evidence,
    accepted: evidence.accepted.filter(({ id }) => mine.has(id)),
    arrivals: evidence.arrivals.filter(({ id }) => mine.has(id)),
  };
  const resumed = moments.flatMap((at) => resumeS(ofRound, at) ?? []);
  return {
    number,
    kinds,
    struck,
    ended,
    messageIds,
    refused,
    resumeS: resumed.length === 0 ? null : Math.max(...resumed),
    tookS: (performance.now() - begun) / 1000,
    evidence,
    findings,
  };
}

/** Starts what has ended, as a supervisor in production would, and says its names: the mesh may not need it too often. */
async function startEnded({ mesh, say }: Drill): Promise<string[]> {
  const servers = (["postgres", "kafka", "registry", "redis"] as const).map((name) => ({
    name,
    pid: () => mesh.stack.pids[name],
    start: () => mesh.stack.server(name).start(),
  }));
  const ended: string[] = [];
  for (const one of [...servers, ...Object.values(mesh.instances).flat()]) {
    if (one.pid() !== undefined) continue;
    ended.push(one.name);
    say(`${one.name} had ended; it is started again`);
    await startAgain({ say }, one);
  }
  return ended;
}
