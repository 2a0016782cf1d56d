/**
 * What rules make, against the limits of its tenant. An event is accepted already, so nothing is refused for want of room: a
 * message that finds none becomes a step that waits in Postgres, and is made when there is room. A one-time password beyond the
 * limits of its recipient is not made at all, and the event's outcome says so: a code that comes late is worth nothing.
 */
import type { EventOutcome, OutboundMessage } from "@wamesh/events";
import type { Lane } from "../decide.ts";
import { reason } from "../events/outcome.ts";
import type { Limits } from "../limits/admit.ts";
import type { OtpRefusal } from "../limits/otp-guard.ts";
import type { WaitingStep } from "./begin-rule.ts";

export type RuleLimits = Pick<Limits, "quota" | "otp" | "onRefused">;

export type Verdict = { kind: "enters" } | { kind: "waits" } | { kind: "refused"; by: OtpRefusal };

export const laneOf = ({ lane }: Pick<OutboundMessage, "lane">): Lane =>
  lane === "UNKNOWN" ? "standard" : lane;

/**
 * In the order of messages, each counted as it enters. Asked again after a crash, a message may be judged otherwise: it keeps its id,
 * so it is one message whether it entered, waits or both.
 */
export async function judgeMade(
  { quota, otp, onRefused }: RuleLimits,
  messages: readonly OutboundMessage[],
): Promise<Verdict[]> {
  const refusals = await Promise.all(
    messages.map((message) => (message.lane === "otp" ? otp.refuses(message) : null)),
  );
  return messages.map((message, i): Verdict => {
    const refusal = refusals[i];
    if (refusal != null) {
      onRefused(refusal.by);
      return { kind: "refused", by: refusal };
    }
    const lane = laneOf(message);
    if (quota.room(message.tenant, lane) < 1) return { kind: "waits" };
    quota.enter(message.tenant, [lane]);
    return { kind: "enters" };
  });
}

export const otpReason = ({ by, most }: OtpRefusal) =>
  reason(
    "otp_limit",
    `${most} one-time passwords in ten minutes may go to ${by === "recipient" ? "this recipient" : "numbers that begin alike"}.`,
  );

export type Made = {
  messages: readonly OutboundMessage[];
  /** Of each message the step that it becomes where it has to wait. */
  instead: readonly WaitingStep[];
  outcomes: readonly EventOutcome[];
};

/** What enters, what waits, and what is told of all of it. Pure. */
export function sortOut({ messages, instead, outcomes }: Made, verdicts: readonly Verdict[]) {
  const told = new Map<string, EventOutcome>();
  for (const [i, message] of messages.entries()) {
    const verdict = verdicts[i]!;
    if (verdict.kind === "enters") continue;
    const step = instead[i]!;
    told.set(
      message.message_id,
      verdict.kind === "waits"
        ? { ...step.scheduled, reason: reason("queue_full") }
        : { ...step.scheduled, outcome: "failed", due_at: null, reason: otpReason(verdict.by) },
    );
  }
  return {
    messages: messages.filter((_, i) => verdicts[i]!.kind === "enters"),
    waiting: instead.filter((_, i) => verdicts[i]!.kind === "waits"),
    outcomes: outcomes.map((one) => told.get(one.message_ids[0] ?? "") ?? one),
  };
}
