/** The promises about what is restricted beyond the members' own rates. */
import { dayMs, minutePace } from "../src/core/limit.ts";
import type { History } from "./history.ts";
import { clockErrorMs, isTrouble, type Life, type Violation } from "./life.ts";
import type { Plan } from "./plan.ts";
import { holdAt } from "./restrictions.ts";
import { epochMs } from "./traffic.ts";

export function checkRestrictions(
  plan: Plan,
  history: History,
  lives: ReadonlyMap<string, Life>,
): Violation[] {
  return [
    ...checkLimits(plan, history),
    ...checkPairs(plan, history, lives),
    ...checkStreams(plan, history, lives),
    ...checkHolds(plan, lives),
    ...checkGuarded(plan, history),
    ...checkRefused(plan, lives),
    ...checkReceipts(plan, lives),
  ];
}

/** Limits that members share: GCRA with its burst over the whole run and all processes, and no day above its count. */
function checkLimits(plan: Plan, history: History): Violation[] {
  const limits = new Map(
    plan.members.flatMap(({ member }) =>
      (member.limits ?? []).map((limit) => [`${limit.scope} ${limit.key}`, limit] as const),
    ),
  );
  return [...limits].flatMap(([name, limit]) => {
    const members = new Set(
      plan.members
        .filter(({ member }) => (limit.scope === "tenant" ? member.tenant : member.account) === limit.key)
        .map(({ id }) => id),
    );
    const writes = history.writes.filter(({ member }) => members.has(member));
    const broken: Violation[] = [];
    if (limit.perMinute !== null) {
      const { intervalMs, burst } = minutePace(limit.perMinute);
      broken.push(...conforms(plan, history, name, writes, intervalMs, burst));
    }
    if (limit.perDay !== null && history.jumps.length + history.thefts === 0)
      for (const [day, ofDay] of Map.groupBy(writes, dayOf(clockErrorMs(plan))))
        if (day !== null && ofDay.length > limit.perDay)
          broken.push({
            promise: "pace",
            detail: `${name}: ${ofDay.length} on day ${day}, ${limit.perDay} allowed`,
          });
    return broken;
  });
}

/** Null around midnight, when nobody knows the time better than this. */
function dayOf(errorMs: number): (write: { dbAt: number }) => number | null {
  return ({ dbAt }) => {
    const [from, to] = [dbAt - errorMs, dbAt + errorMs].map((at) => Math.floor(at / dayMs));
    return from === to ? from! : null;
  };
}

function checkPairs(plan: Plan, history: History, lives: ReadonlyMap<string, Life>): Violation[] {
  return plan.members.flatMap(({ id, member: { pair } }) => {
    if (pair === undefined || pair === null) return [];
    const writes = history.writes.filter(({ member }) => member === id);
    const byPair = Map.groupBy(writes, (write) => lives.get(write.id)!.accepted.item.conversation);
    return [...byPair].flatMap(([conversation, of]) =>
      conforms(plan, history, `pair ${conversation}`, of, pair.intervalMs, pair.burst),
    );
  });
}

function conforms(
  plan: Plan,
  history: History,
  name: string,
  writes: History["writes"],
  intervalMs: number,
  burst: number,
): Violation[] {
  const broken: Violation[] = [];
  const troubleMs = history.jumps.length > 0 ? Number.POSITIVE_INFINITY : clockErrorMs(plan);
  let tat = Number.NEGATIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  let forgiven = history.thefts * burst;
  for (const { at, id, n } of writes) {
    const inTrouble = isTrouble(history, last, at);
    const earliest = tat - (burst - 1) * intervalMs;
    const connects = plan.settings.confirmWrites ? connectSlackMs : 0;
    if (
      at < earliest - 0.01 - plan.settings.catchUpMs - connects - (inTrouble ? troubleMs : 0) &&
      --forgiven < 0
    )
      broken.push({
        promise: "pace",
        detail: `${id}.${n} was written at ${at}, ${name} allows it at ${earliest}`,
      });
    // What is owed is handed over by the database's clock: when that stepped, nobody knows how much.
    tat = (inTrouble && history.jumps.length > 0 ? at : Math.max(tat, at)) + intervalMs;
    last = at;
  }
  return broken;
}

/** Counted when given to the socket; one that has to connect first comes this much later, and the next one may not. */
const connectSlackMs = 400;

/** GCRA without a burst over all members of a stream's tenant; a change of the rate has half a second to be heard of. */
function checkStreams(plan: Plan, history: History, lives: ReadonlyMap<string, Life>): Violation[] {
  // Who slept hears of a lower rate after it has written what it was about to.
  const isDeaf = plan.faults.some(({ kind }) => kind === "pause");
  const byStream = Map.groupBy(history.writes, ({ id }) => {
    const { tenant, stream } = lives.get(id)!.accepted.item;
    return `${tenant} ${stream}`;
  });
  return plan.restrictions.paces.flatMap(({ tenant, stream, at: since, ratePerS }): Violation[] => {
    if (ratePerS === null) return [];
    const changes = plan.restrictions.paces.filter((one) => one.tenant === tenant && one.stream === stream);
    if (isDeaf && changes.length > 1) return [];
    const next = changes.find(({ at }) => at > since)?.at ?? Number.POSITIVE_INFINITY;
    const from = since + (since > 0 ? heardOfMs(plan) : 0);
    const writes = (byStream.get(`${tenant} ${stream}`) ?? []).filter(({ at }) => at >= from && at < next);
    return conforms(plan, history, `stream ${tenant} ${stream}`, writes, 1_000 / ratePerS, 1);
  });
}

/** When all processes have heard of a change, and what was on its way before has left. */
function heardOfMs(plan: Plan): number {
  return 500 + (plan.settings.confirmWrites ? connectSlackMs : 0) + 20;
}

/** Nothing leaves of a held or cancelled stream, once all processes have heard of it. */
function checkHolds(plan: Plan, lives: ReadonlyMap<string, Life>): Violation[] {
  const broken: Violation[] = [];
  const heardMs = heardOfMs(plan);
  for (const { id, accepted, writes } of lives.values()) {
    const { tenant, stream } = accepted.item;
    for (const { at, n } of writes) {
      // Who slept hears of it after it has carried out what it was about to do.
      if (stream === null || plan.faults.some(({ kind }) => kind === "pause")) continue;
      const isHeld = [at - heardMs, at].every(
        (time) => holdAt(plan.restrictions, tenant, stream, time) !== null,
      );
      if (isHeld)
        broken.push({
          promise: "held",
          detail: `${id}.${n} left at ${at}, but ${stream} of ${tenant} was held`,
        });
    }
  }
  return broken;
}

function checkGuarded(plan: Plan, history: History): Violation[] {
  if (history.jumps.length > 0) return [];
  return history.writes.flatMap(({ id, n, dbAt }): Violation[] => {
    const until = plan.restrictions.guarded.get(id);
    return until !== undefined && dbAt < epochMs + until - clockErrorMs(plan)
      ? [{ promise: "held", detail: `${id}.${n} left ${epochMs + until - dbAt} ms before its guard allows` }]
      : [];
  });
}

/** What its guard refuses never leaves, and nothing else ends so. */
function checkRefused(plan: Plan, lives: ReadonlyMap<string, Life>): Violation[] {
  return [...lives.values()].flatMap(({ id, writes, events }): Violation[] => {
    const isRefused = plan.restrictions.refused.has(id);
    if (isRefused && writes.length > 0)
      return [{ promise: "held", detail: `${id} left, though its guard refuses it` }];
    const endedSo = events.some(
      ({ change }) => change.status === "failed" && change.reason.code === "opted_out",
    );
    return endedSo && !isRefused ? [{ promise: "held", detail: `${id} was refused by nobody` }] : [];
  });
}

/** While receipts are not read up to date, no doubt is decided by time. */
function checkReceipts(plan: Plan, lives: ReadonlyMap<string, Life>): Violation[] {
  const late = plan.restrictions.receiptsLate;
  if (late === null || plan.faults.some(({ kind }) => kind === "jump")) return [];
  const slackMs = clockErrorMs(plan) + 10;
  return [...lives.values()].flatMap(({ id, events }) =>
    events
      .filter(
        ({ change }) =>
          (change.status === "unconfirmed" || change.status === "queued") &&
          change.reason?.code === "outcome_unknown",
      )
      .filter(({ change }) => {
        const at = change.at - epochMs;
        return at > late.from + slackMs && at < late.to - slackMs;
      })
      .map(({ change }): Violation => {
        return { promise: "held", detail: `${id} became ${change.status} while receipts were late` };
      }),
  );
}
