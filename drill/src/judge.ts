/** What is done once the traffic is over: wait for the ends, ask for what is not one's own, compare the ledgers. */
import { setTimeout as delay } from "node:timers/promises";
import { ledgerTotals } from "@wamesh/testing/outside";
import { until } from "@wamesh/testing/until";
import { check, type Finding } from "./check/index.ts";
import type { Drill } from "./drill.ts";
import type { Evidence } from "./ledgers.ts";
import { readArrivals } from "./read/arrivals.ts";
import { isSettled, readStores } from "./read/stores.ts";

/** Ledgers may lag behind each other for so long, unless a drill leaves more receipts behind than a round does. */
const agreeMs = 20_000;

export type Judgement = { evidence: Evidence; findings: readonly Finding[] };

/** Waits at most `settleMs` for these messages to end; `tend` is done over and over meanwhile. All messages so far are judged. */
export async function judge(
  drill: Drill,
  options: {
    messageIds: readonly string[];
    settleMs: number;
    agreeWithinMs?: number;
    tend?: () => Promise<void>;
  },
): Promise<Judgement> {
  const { messageIds, settleMs, agreeWithinMs = agreeMs, tend = async () => {} } = options;
  const rest = async () => {
    await tend();
    return isSettled(drill.sql, messageIds);
  };
  await until(rest, { withinMs: settleMs, everyMs: 250 }).catch(() =>
    drill.say("not every message came to its end"),
  );
  await until(async () => (await ledgerTotals(drill.mesh.simulator)).callbacks_pending === 0, {
    withinMs: agreeWithinMs,
    everyMs: 250,
  }).catch(() => drill.say("not every receipt could be told"));
  await trespass(drill);

  let evidence = await collect(drill);
  let findings = check(evidence);
  const patience = performance.now() + agreeWithinMs;
  while (findings.some(({ kind }) => kind === "lost") && performance.now() < patience) {
    await delay(1000);
    await tend();
    evidence = await collect(drill);
    findings = check(evidence);
  }
  return { evidence, findings };
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
