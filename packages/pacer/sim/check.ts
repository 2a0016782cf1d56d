/**
 * The judge: knows what was accepted, what was written to the provider and taken by it, and what was published, and nothing
 * of how the queue works. Each promise is a function that says who broke it.
 */

import { minutePace } from "../src/core/limit.ts";
import { checkDecisions } from "./check-decisions.ts";
import { checkFairShare, checkOtpFirst, checkPace } from "./check-pace.ts";
import { checkRestrictions } from "./check-restrictions.ts";
import type { History } from "./history.ts";
import { clockErrorMs, isDecidedResend, type Life, livesOf, type Violation } from "./life.ts";
import { finals } from "./outside.ts";
import type { Plan } from "./plan.ts";
import { connectMs } from "./process.ts";
import { providerId } from "./provider.ts";
import { midnightMs, streamIntervalMs } from "./restrictions.ts";
import { epochMs } from "./traffic.ts";

export function check(plan: Plan, history: History): Violation[] {
  const lives = livesOf(history);
  return [
    ...checkPublished(history),
    ...[...lives.values()].flatMap((life) => [
      ...checkOutcome(life),
      ...checkTwice(plan, life),
      ...checkInTime(plan, history, life),
      ...checkDecisions(plan, life),
    ]),
    ...checkOrder(plan, history, lives),
    ...checkPace(plan, history),
    ...checkOtpFirst(plan, history, lives),
    ...checkFairShare(plan, history, lives),
    ...checkRestrictions(plan, history, lives),
  ];
}

/** The same number always carries the same event, and first publications keep the order of the numbers. */
function checkPublished({ published }: History): Violation[] {
  const broken: Violation[] = [];
  const events = new Map<string, string>();
  const last = new Map<string, number>();
  for (const { era, shard, seq, event } of published) {
    const line = `${era} ${shard}`;
    const key = `${line}:${seq}`;
    const known = events.get(key);
    if (known !== undefined && known !== event)
      broken.push({ promise: "published", detail: `${key} was ${known}, then ${event}` });
    if (known !== undefined) continue;
    events.set(key, event);
    if (seq < (last.get(line) ?? 0))
      broken.push({ promise: "published", detail: `${key} came after ${line}:${last.get(line)}` });
    last.set(line, Math.max(seq, last.get(line) ?? 0));
  }
  return broken;
}

/**
 * One end for each. `unconfirmed` may be corrected to `sent`, or opened again by a person; nothing else follows an end. The
 * end says what really happened.
 */
function checkOutcome({ id, events, taken }: Life): Violation[] {
  let end: Life["events"][number] | null = null;
  for (const event of events) {
    const mayFollow = event.change.status === "sent" || isDecidedResend(event);
    if (end !== null && !(end.change.status === "unconfirmed" && mayFollow)) {
      const detail = `${id} ended ${end.change.status}, then was ${event.change.status}`;
      return [{ promise: "one outcome", detail }];
    }
    end = finals.has(event.change.status) ? event : null;
  }
  if (end === null) return [{ promise: "nothing waits for ever", detail: `${id} has no outcome` }];
  const broken: Violation[] = [];
  const { change, n } = end;
  if (
    change.status === "sent" &&
    !taken.some((one) => providerId({ id, claim: one.n }) === change.providerId)
  )
    broken.push({ promise: "true outcome", detail: `${id}.${n} is sent, but the provider never took it` });
  const isByReceipt = change.status === "failed" && change.reason.code === "outcome_unknown";
  const mayHaveLeft = change.status === "sent" || change.status === "unconfirmed" || isByReceipt;
  // Cancelled instead of being sent again, its last claim is still the doubt that it was.
  const isInDoubt = change.status === "cancelled" && change.claimedAt !== null;
  if (!mayHaveLeft && taken.length > resendsOf(events) + (isInDoubt ? 1 : 0))
    broken.push({ promise: "true outcome", detail: `${id} is ${change.status}, but the provider took it` });
  return broken;
}

/** Put back after a doubt, by its policy. */
function isPolicyResend({ change }: Life["events"][number]): boolean {
  return change.status === "queued" && change.reason?.code === "outcome_unknown";
}

/** How often a message was put back after a doubt, by its policy or by a person, on record. */
function resendsOf(events: Life["events"]): number {
  return events.filter((event) => isPolicyResend(event) || isDecidedResend(event)).length;
}

function checkTwice({ restore }: Plan, { id, accepted, taken, writes, events }: Life): Violation[] {
  const allowed = 1 + resendsOf(events);
  const broken: Violation[] = [];
  if (accepted.item.doubtPolicy === "fail_unknown" && events.some(isPolicyResend))
    broken.push({ promise: "not twice", detail: `${id} was put back against its policy` });
  if (taken.length > allowed)
    broken.push({
      promise: "not twice",
      detail: `${id} was taken ${taken.length} times, allowed ${allowed}`,
    });
  const claims = new Set(writes.map(({ n }) => n));
  // The number of a claim that nobody heard of is forgotten with its database.
  if (restore === null && claims.size < writes.length)
    broken.push({ promise: "not twice", detail: `a claim of ${id} was written twice` });
  return broken;
}

/** Not before it is due, not after its time; and where nothing goes wrong, soon. */
function checkInTime(
  plan: Plan,
  { jumps, endedAt }: History,
  { id, accepted, writes, events }: Life,
): Violation[] {
  const { item } = accepted;
  const broken: Violation[] = [];
  if (jumps.length === 0) {
    // Whether a message was scheduled is decided with the time as its admitter knows it.
    const isSlow = plan.faults.some(({ kind }) => kind === "stall" || kind === "delay");
    const errorMs = clockErrorMs(plan) + (isSlow ? plan.settings.statementMs : 0);
    // By decision its time begins anew.
    const renewedAfter = events.find(isDecidedResend)?.n ?? Number.POSITIVE_INFINITY;
    for (const { dbAt, n } of writes) {
      if (dbAt < (item.nextAt ?? 0) - errorMs)
        broken.push({ promise: "in time", detail: `${id}.${n} left before it was due` });
      // Judged when it is given to the socket, which may have to connect first.
      if (n <= renewedAfter && dbAt > item.notAfter + errorMs + (plan.settings.confirmWrites ? connectMs : 0))
        broken.push({ promise: "in time", detail: `${id}.${n} left after its time` });
    }
  }
  if (plan.kind === "rough") return broken;
  // All of its session before it, one after the other, and one poll; then all with which it shares a limit.
  const { ratePerS, limits = [], pair } = plan.members.find((one) => one.id === item.member)!.member;
  const before = plan.records.filter((record) => record.item.member === item.member).length;
  const ofTenant = plan.records.filter((record) => record.item.tenant === item.tenant).length;
  const sharedMs = limits.map(({ perMinute }) => (perMinute === null ? 0 : minutePace(perMinute).intervalMs));
  // Of those that it may stand behind, the slowest stream's.
  const streamMs = Math.max(
    ...plan.records
      .filter((record) => record.item.conversation === item.conversation)
      .map((record) => streamIntervalMs(plan.restrictions, record.item)),
  );
  const isByDay = limits.some(({ perDay }) => perDay !== null);
  const dueAt = Math.max(accepted.at, (item.nextAt ?? 0) - epochMs, isByDay ? midnightMs : 0);
  const until =
    dueAt +
    1_500 +
    (before + 1) *
      (1_000 / ratePerS + plan.answerMs.max + 10 * plan.statementMs.max + (pair?.intervalMs ?? 0)) +
    (ofTenant + 1) * Math.max(0, ...sharedMs) +
    (ofTenant + 1) * streamMs;
  if ((writes[0]?.at ?? endedAt) > until)
    broken.push({
      promise: "nothing waits for ever",
      detail: `${id} left at ${writes[0]?.at}, due ${dueAt}`,
    });
  return broken;
}

/**
 * Per conversation and lane, but for otp: first takings follow the order of admission; who was scheduled has the place of its
 * time. Places that lie closer than a statement takes are not compared across the two kinds. What is opened again has lost its
 * turn.
 */
function checkOrder(plan: Plan, history: History, lives: ReadonlyMap<string, Life>): Violation[] {
  // The queue gives up the order over a step back of more than five seconds (sql/admit.ts).
  if (history.jumps.some((byMs) => byMs < -5_000)) return [];
  const broken: Violation[] = [];
  const isReopened = ({ events }: Life) =>
    events.some(
      (event, index) => index > 0 && isDecidedResend(event) && finals.has(events[index - 1]!.change.status),
    );
  const conversations = Map.groupBy(
    [...lives.values()].filter(({ accepted, taken }) => accepted.item.lane !== "otp" && taken.length > 0),
    ({ accepted: { item, shard } }) => `${shard} ${item.lane} ${item.conversation}`,
  );
  for (const conversation of conversations.values())
    for (const a of conversation)
      for (const b of conversation)
        if (!isReopened(a) && isBefore(plan, history, a, b) && a.taken[0]!.at > b.taken[0]!.at)
          broken.push({
            promise: "order",
            detail: `${b.id} was taken at ${b.taken[0]!.at}, before ${a.id} at ${a.taken[0]!.at}`,
          });
  return broken;
}

function isBefore(plan: Plan, { jumps }: History, a: Life, b: Life): boolean {
  const [x, y] = [placeOf(a), placeOf(b)];
  if (plan.restore !== null && [a, b].some(hasLostItsTurn)) return false;
  if (!x.isScheduled && !y.isScheduled)
    return Number(a.accepted.item.offset) < Number(b.accepted.item.offset);
  // What was read again was perhaps scheduled when it was first accepted, and due by then.
  if (jumps.length > 0 || plan.restore !== null) return false;
  return x.at + 2 * plan.settings.statementMs + 100 < y.at;
}

/** With a database that was set back: scheduled, and due by the time it was read again; or given up for what is in doubt now. */
function hasLostItsTurn({ accepted, events }: Life): boolean {
  return accepted.item.nextAt !== null || events.some(({ change }) => change.status === "in_doubt");
}

/** Its first event says what it was scheduled for, be it by its sender or by its guard. */
function placeOf({ events }: Life): { at: number; isScheduled: boolean } {
  const change = events[0]?.change;
  if (change?.status === "queued" && change.nextAt !== null) return { at: change.nextAt, isScheduled: true };
  return { at: change?.at ?? 0, isScheduled: false };
}
