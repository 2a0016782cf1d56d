/** Steps that are due become messages. */
import type { EventOutcome, OutboundMessage } from "@wamesh/events";
import type { OutgoingRecord, Producer } from "@wamesh/kafka";
import { type Sql, withTenants } from "@wamesh/store";
import { type LastSessions, nobodyWrote, type WroteTo } from "../contacts/last-sessions.ts";
import { countIntake } from "../count-intake.ts";
import type { World } from "../decide.ts";
import { outcomeOf } from "../events/outcome.ts";
import { parseRecipient } from "../recipient.ts";
import type { Records } from "../records.ts";
import { judgeMade, otpReason, type RuleLimits } from "./admit-made.ts";
import { eventOf } from "./keep-steps.ts";
import { makeMessage } from "./make-message.ts";
import { type DueStep, finishSteps, takeDue, tenantsThatWait } from "./step-store.ts";

export type DueDeps = {
  sql: Sql;
  world: World;
  records: Pick<Records, "outbound" | "outcome">;
  /** Has a deadline: rows are locked until it has answered. */
  producer: Pick<Producer, "send">;
  limits: RuleLimits;
  tokenKey: string;
  lastSessions: LastSessions;
  now: () => number;
};

const most = { perTenant: 50, inAll: 500 };

/**
 * Takes what is due, produces it and marks it, in this order, in one transaction: whatever dies in between, the rows are due
 * again. Made a second time a message has the same id and collapses in the dispatcher, its outcome in the projector. Several
 * processes may do it at once: each takes what the others have not locked. Answers how many were taken.
 */
export async function makeDueSteps(deps: DueDeps): Promise<number> {
  return withTenants(deps.sql, "all", async (tx) => {
    const nowMs = deps.now();
    const room = (tenant: string, lane: "otp" | "standard") =>
      Math.min(most.perTenant, deps.limits.quota.room(tenant, lane));
    const rooms = (await tenantsThatWait(tx)).map((tenant) => ({
      tenant,
      otp: room(tenant, "otp"),
      others: room(tenant, "standard"),
    }));
    const due = await takeDue(tx, nowMs, rooms, most.inAll);
    if (due.length === 0) return 0;
    const wroteTo = await wroteToByTenant(deps, due);
    const outgoing: OutgoingRecord[] = [];
    const made: OutboundMessage[] = [];
    for (const step of due) {
      const { message, outcome } = make(step, wroteTo(step.tenant), nowMs, deps);
      // There was room for it: it is judged as one-time password, and counted.
      const [verdict] = message === null ? [] : await judgeMade(deps.limits, [message]);
      if (message !== null && verdict?.kind === "refused") {
        const refused = { outcome: "failed" as const, message_ids: [], reason: otpReason(verdict.by) };
        outgoing.push(deps.records.outcome({ ...outcome, ...refused }));
        continue;
      }
      if (message !== null) {
        outgoing.push(deps.records.outbound(message));
        made.push(message);
      }
      outgoing.push(deps.records.outcome(outcome));
    }
    await deps.producer.send(outgoing);
    countIntake(made, "event");
    await finishSteps(tx, due, nowMs);
    return due.length;
  });
}

/** What a step becomes when it is due: the session, the person's consent and the template are judged as they are then. */
function make(
  row: DueStep,
  wroteTo: WroteTo,
  nowMs: number,
  { tokenKey, world }: DueDeps,
): { message: OutboundMessage | null; outcome: EventOutcome } {
  const origin = { ...row, eventId: row.event_id };
  // From when it was due: a message that comes late because nobody was there to make it has aged.
  const acceptedAtMs = row.due_at.getTime();
  const facts = { acceptedAtMs, tokenKey, fingerprint: row.fingerprint, wroteTo };
  const made = makeMessage(row.request, origin, facts, world);
  const recordedAt = Math.max(nowMs, row.since.getTime() + 1);
  const told =
    made.kind === "failed"
      ? { outcome: "failed" as const, reason: made.reason }
      : { outcome: "messages" as const, message_ids: [made.message.message_id] };
  return {
    message: made.kind === "made" ? made.message : null,
    outcome: outcomeOf(eventOf(row), row, recordedAt, { ...told, due_at: acceptedAtMs }),
  };
}

/** One query per tenant, and none where a step leaves no choice of sessions. */
async function wroteToByTenant(
  { world, lastSessions }: DueDeps,
  due: readonly DueStep[],
): Promise<(tenant: string) => WroteTo> {
  const found = new Map<string, WroteTo>();
  for (const [tenant, steps] of Map.groupBy(due, (step) => step.tenant)) {
    const recipients = steps.flatMap(({ request: { to, session_id, pool = "default" } }) => {
      if (session_id !== undefined || world.sessionsInPool(tenant, pool).length < 2) return [];
      const parsed = parseRecipient(to);
      return parsed.kind === "parsed" ? [parsed.recipient] : [];
    });
    if (recipients.length > 0) found.set(tenant, await lastSessions(tenant, recipients));
  }
  return (tenant) => found.get(tenant) ?? nobodyWrote;
}
