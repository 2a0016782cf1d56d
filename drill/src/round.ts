/** One round: traffic, faults in the middle of it, rest, and the judgement of all ledgers. */
import { setTimeout as delay } from "node:timers/promises";
import { ledgerTotals, seededRandom } from "@wamesh/testing/outside";
import { until } from "@wamesh/testing/until";
import { resumeS } from "./check/figures.ts";
import { check, type Finding } from "./check/index.ts";
import type { Drill } from "./drill.ts";
import { startAgain } from "./faults/field.ts";
import { type Field, faults } from "./faults/index.ts";
import type { Evidence } from "./ledgers.ts";
import { readArrivals } from "./read/arrivals.ts";
import { isSettled, readStores } from "./read/stores.ts";
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
/** Ledgers may lag behind each other for so long. */
const agreeMs = 20_000;

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
  const rest = async () => {
    ended.push(...(await startEnded(drill)));
    return isSettled(drill.sql, messageIds);
  };
  await until(rest, { withinMs: settleMs, everyMs: 250 }).catch(() =>
    drill.say("not every message came to its end"),
  );
  await until(async () => (await ledgerTotals(drill.mesh.simulator)).callbacks_pending === 0, {
    withinMs: agreeMs,
    everyMs: 250,
  }).catch(() => drill.say("not every receipt could be told"));
  await trespass(drill);

  let evidence = await collect(drill);
  let findings = check(evidence);
  const patience = performance.now() + agreeMs;
  while (findings.some(({ kind }) => kind === "lost") && performance.now() < patience) {
    await delay(1000);
    ended.push(...(await startEnded(drill)));
    evidence = await collect(drill);
    findings = check(evidence);
  }
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

async function collect(drill: Drill): Promise<Evidence> {
  const topics = await drill.topics.catchUp();
  const { violations } = drill;
  return {
    accepted: drill.accepted,
    topics,
    arrivals: await readArrivals(drill.mesh.simulator, topics.outbound),
    violations: await violations(),
    stores: await readStores(drill.sql),
    senders: Object.fromEntries(drill.tenants.map(({ id, senders }) => [id, senders])),
    trespasses: [...drill.receiver.misrouted(), ...drill.trespasses],
    poison: drill.poison,
  };
}

/** Each tenant asks for messages of the others; an answer is a break. */
async function trespass(drill: Drill): Promise<void> {
  for (const tenant of drill.tenants) {
    const foreign = drill.accepted.findLast((message) => message.tenant !== tenant.id);
    if (foreign === undefined) continue;
    await tenant.api.call("GET", `/v1/status/messages/${foreign.id}`).then(
      () => drill.trespasses.push(`${tenant.id} could read ${foreign.id} of ${foreign.tenant}`),
      () => {},
    );
  }
}
