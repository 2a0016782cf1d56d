/** The promises about speed: nobody above its rate, otp first, equal shares. */
import type { History } from "./history.ts";
import { clockErrorMs, isTrouble, type Life, type Violation } from "./life.ts";
import type { Plan } from "./plan.ts";
import { epochMs } from "./traffic.ts";

/**
 * GCRA without a burst at the socket write, over the whole run and all processes. A write may make up for `catchUpMs` of
 * lateness; across a change of hands the database's time is known to half a round trip only.
 */
export function checkPace(plan: Plan, history: History): Violation[] {
  const broken: Violation[] = [];
  const { catchUpMs } = plan.settings;
  // The pace is handed over as a time by the database's clock. When that steps just then, nobody can know it.
  const troubleMs = history.jumps.length > 0 ? Number.POSITIVE_INFINITY : clockErrorMs(plan);
  for (const { id, member } of plan.members) {
    const intervalMs = 1_000 / member.ratePerS;
    const writes = history.writes.filter((write) => write.member === id);
    let arrival = Number.NEGATIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    // Whose lease was taken before its end may not know it yet when it writes what it claimed last.
    let forgiven = history.thefts;
    for (const { at, id: message, n } of writes) {
      const inTrouble = isTrouble(history, last, at);
      const slackMs = catchUpMs + 0.01 + (inTrouble ? troubleMs : 0);
      if (at < arrival - slackMs && --forgiven < 0)
        broken.push({
          promise: "pace",
          detail: `${message}.${n} of ${id} was written at ${at}, its slot is ${arrival}, interval ${intervalMs}`,
        });
      arrival = (inTrouble ? at : Math.max(arrival, at)) + intervalMs;
      last = at;
    }
  }
  return broken;
}

/**
 * Where nothing is wrong: an otp that is in the schedule lets no more than one other message of its session leave before it.
 * What was claimed just before it came does not count, nor what leaves while its claim is under way.
 */
export function checkOtpFirst(plan: Plan, history: History, lives: ReadonlyMap<string, Life>): Violation[] {
  const broken: Violation[] = [];
  const slackMs = plan.settings.lookaheadMs + 6 * plan.statementMs.max + 50;
  for (const { id, accepted, writes, events } of lives.values()) {
    const { item, at } = accepted;
    const queued = events[0];
    const first = writes[0];
    if (item.lane !== "otp" || first === undefined || queued === undefined) continue;
    if (isTrouble(history, at, first.at)) continue;
    // When the database's clock stepped, nobody outside knows when it was due.
    if (item.nextAt !== null && history.jumps.length > 0) continue;
    // Its guard or its person's limit may have put it off.
    const dueAt = events.map(({ change }) => (change.status === "queued" ? (change.nextAt ?? 0) : 0));
    const from =
      Math.max(queued.at, (item.nextAt ?? 0) - epochMs, ...dueAt.map((at) => at - epochMs)) + slackMs;
    const overtaken = history.writes.filter(
      (write) =>
        write.member === item.member &&
        write.at > from &&
        write.at < first.at &&
        lives.get(write.id)!.accepted.item.lane !== "otp",
    );
    if (overtaken.length > 1)
      broken.push({
        promise: "otp first",
        detail: `${id}, queued at ${queued.at}, left at ${first.at} behind ${overtaken.map((w) => w.id)}`,
      });
  }
  return broken;
}

/** While all tenants have something waiting, none of them gets far more than an equal part. */
export function checkFairShare(plan: Plan, history: History, lives: ReadonlyMap<string, Life>): Violation[] {
  if (plan.kind !== "contended") return [];
  const left = new Map<string, number>();
  for (const { accepted } of lives.values())
    left.set(accepted.item.tenant, (left.get(accepted.item.tenant) ?? 0) + 1);
  const allIn = Math.max(
    ...[...lives.values()].map(({ events }) => events[0]?.at ?? Number.POSITIVE_INFINITY),
  );
  const served = new Map<string, number>();
  let total = 0;
  for (const { id, at } of history.writes) {
    const { tenant } = lives.get(id)!.accepted.item;
    left.set(tenant, left.get(tenant)! - 1);
    if (at > allIn) {
      total++;
      served.set(tenant, (served.get(tenant) ?? 0) + 1);
    }
    const share = total / left.size;
    if ((served.get(tenant) ?? 0) > 1.25 * share + 6)
      return [{ promise: "fair share", detail: `${tenant} got ${served.get(tenant)} of ${total}` }];
    if ([...left.values()].some((count) => count === 0)) break;
  }
  return [];
}
