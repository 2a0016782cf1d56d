/** From a callback about a session's life to a session event: pure. */
import { eventId, type SessionEvent, type SessionStatus } from "@wamesh/events";
import { type ParsedCallback, wasenderErrors } from "@wamesh/providers";
import type { Owner } from "./inbound.ts";

export type SessionWord = Extract<ParsedCallback, { kind: "session_status" }>;

const known: Record<string, SessionStatus> = {
  connecting: "connecting",
  need_scan: "need_scan",
  connected: "connected",
  disconnected: "disconnected",
  logged_out: "logged_out",
  expired: "expired",
};

/** A status word we don't know is kept as an event of kind `other`, with the word as its detail. */
export function sessionEventOf(
  word: SessionWord,
  owner: Owner,
  callbackId: string,
  receivedAt: number,
): SessionEvent {
  const status = known[word.status];
  return {
    event_id: eventId("session-callback", owner.session, callbackId),
    tenant: owner.tenant,
    session: owner.session,
    account: owner.account,
    kind: status === undefined ? "other" : "status",
    status: status ?? null,
    value: null,
    template: null,
    evidence: "callback",
    reason: null,
    detail: status === undefined ? word.status : (word.detail ?? ""),
    occurred_at: receivedAt,
    recorded_at: receivedAt,
  };
}

/** WasenderApi: some send failed. It names no message, so the event is the session's; the dispatcher finds out which it was. */
export function sendFailedOf(
  { detail }: Extract<ParsedCallback, { kind: "own_failure" }>,
  owner: Owner,
  callbackId: string,
  receivedAt: number,
): SessionEvent {
  const failed = wasenderErrors.find("status_0")!;
  return {
    event_id: eventId("session-callback", owner.session, callbackId),
    tenant: owner.tenant,
    session: owner.session,
    account: owner.account,
    kind: "send_failed",
    status: null,
    value: null,
    template: null,
    evidence: "callback",
    reason: { code: failed.reason, fault_class: "UNKNOWN", provider_code: failed.code, detail },
    detail: "",
    occurred_at: receivedAt,
    recorded_at: receivedAt,
  };
}
