/** Rejections that speak of the session, not of the message, as session events: coalesced, so that a storm is one event. */
import {
  type Codec,
  eventHeaders,
  eventId,
  partition,
  type SessionEvent,
  type SessionState,
  topics,
} from "@wamesh/events";
import type { OutgoingRecord } from "@wamesh/kafka";
import type { SendOutcome } from "@wamesh/providers";

type Rejected = Extract<SendOutcome, { kind: "rejected" }>;

/** What a rejection says about its session; null when it speaks of the message alone. */
export function troubleOf(
  outcome: Rejected,
): { kind: "status" | "throttled" | "paused"; status: "auth_failed" | null } | null {
  if (outcome.faultClass === "credentials") return { kind: "status", status: "auth_failed" };
  if (outcome.scope !== "session" && outcome.scope !== "account" && outcome.scope !== "app") return null;
  if (outcome.effect === "slow") return { kind: "throttled", status: null };
  if (outcome.effect === "pause") return { kind: "paused", status: null };
  return null;
}

/** So many messages in a row, with none accepted between them, are no longer the messages' fault. */
const refusalsThatTell = 3;

/**
 * The messages that a session's provider refused in a row for no reason of their own; null when this one ends the row. A
 * message counts once, however often it is tried: one that nobody takes says nothing of the others.
 */
export function refusedInARow(
  before: readonly string[],
  outcome: SendOutcome,
  messageId: string,
): readonly string[] | null {
  if (outcome.kind === "accepted") return null;
  if (outcome.kind === "unsure" || outcome.scope !== "message") return before;
  if (outcome.faultClass !== "provider" && outcome.faultClass !== "unknown") return before;
  return before.includes(messageId) ? before : [...before, messageId];
}

/** At most one event per session, kind and code in `quietMs`. */
export function createTroubleReporter(deps: {
  publish: (event: SessionEvent) => void;
  now: () => number;
  quietMs: number;
}) {
  const lastAt = new Map<string, number>();
  const refused = new Map<string, readonly string[]>();

  /** Whether this outcome completes a row of refusals. */
  function completesRow(session: string, outcome: SendOutcome, messageId: string): boolean {
    const row = refusedInARow(refused.get(session) ?? [], outcome, messageId);
    if (row !== null && row.length > 0 && row.length < refusalsThatTell) refused.set(session, row);
    else refused.delete(session);
    return row !== null && row.length >= refusalsThatTell;
  }

  return (session: SessionState, outcome: SendOutcome, messageId: string): void => {
    const completed = completesRow(session.session, outcome, messageId);
    if (outcome.kind !== "rejected") return;
    const trouble = completed ? ({ kind: "send_failed", status: null } as const) : troubleOf(outcome);
    if (trouble === null) return;
    const key = `${session.session} ${trouble.kind} ${outcome.code}`;
    const now = deps.now();
    if (now - (lastAt.get(key) ?? Number.NEGATIVE_INFINITY) < deps.quietMs) return;
    lastAt.set(key, now);
    deps.publish({
      event_id: eventId("session-event", session.session, trouble.kind, outcome.code, now),
      tenant: session.tenant,
      session: session.session,
      account: session.account,
      kind: trouble.kind,
      status: trouble.status,
      value: null,
      template: null,
      evidence: "send",
      reason: {
        code: outcome.code,
        fault_class: outcome.faultClass === "unknown" ? "UNKNOWN" : outcome.faultClass,
        provider_code: outcome.providerCode,
        detail: outcome.detail,
      },
      detail: "",
      occurred_at: now,
      recorded_at: now,
    });
  };
}

/** The event as a record of wa.session.event. */
export function sessionEventRecord(event: SessionEvent, codec: Codec, partitions: number): OutgoingRecord {
  return {
    topic: topics.sessionEvent.name,
    partition: partition(event.tenant, partitions),
    key: event.tenant,
    value: codec.encode(topics.sessionEvent, event),
    headers: eventHeaders({
      id: event.event_id,
      type: `wamesh.session.${event.kind}`,
      source: "/wamesh/dispatcher",
      timeMs: event.occurred_at,
      subject: event.session,
      tenant: event.tenant,
    }),
  };
}
