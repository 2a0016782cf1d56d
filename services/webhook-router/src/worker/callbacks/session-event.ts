/** From what a callback says about a session or its account to a session event: pure. */
import { eventId, type SessionEvent, type SessionStatus } from "@wamesh/events";
import { type Fact, type ParsedCallback, wasenderErrors } from "@wamesh/providers";
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

/** A status word we don't know is kept as an event of kind `other`, with the word as its value. */
export function sessionEventOf(
  said: SessionWord | Fact,
  owner: Owner,
  callbackId: string,
  receivedAt: number,
): SessionEvent {
  return {
    // Of the callback alone: the session may have been found by its number, which is known sooner or later.
    event_id: eventId("session-callback", owner.account, callbackId),
    tenant: owner.tenant,
    session: owner.session,
    account: owner.account,
    evidence: "callback",
    ...(said.kind === "fact" ? ofFact(said) : ofWord(said)),
    occurred_at: (said.kind === "fact" ? said.occurredAt : null) ?? receivedAt,
    recorded_at: receivedAt,
  };
}

type What = Pick<SessionEvent, "kind" | "status" | "value" | "template" | "reason" | "detail">;

function ofWord(word: SessionWord): What {
  const status = Object.hasOwn(known, word.status) ? known[word.status]! : null;
  return {
    kind: status === null ? "other" : "status",
    status,
    value: status === null ? word.status : null,
    template: null,
    reason: null,
    detail: word.detail ?? "",
  };
}

function ofFact({ fact, value, template, error, detail }: Fact): What {
  return {
    kind: fact,
    status: null,
    value,
    template: template && {
      name: template.name,
      language: template.language,
      provider_id: template.providerId,
      event: template.event,
      status: template.status,
      quality: template.quality,
      category: template.category,
      reason: template.reason,
    },
    reason: error && {
      code: error.code,
      fault_class: error.faultClass === "unknown" ? "UNKNOWN" : error.faultClass,
      provider_code: error.providerCode,
      detail: error.detail,
    },
    detail,
  };
}

/** What nobody understands, as a fact: its name and shape, since its content may be about people. */
export function unknownFact(name: string, outline: string): Fact {
  return {
    kind: "fact",
    fact: "other",
    value: name,
    template: null,
    numberDigits: null,
    error: null,
    detail: outline,
    occurredAt: null,
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
