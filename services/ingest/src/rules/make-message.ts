/** From the request that a rule's step makes to the message, or the reason why there is none. Pure. */
import { derivedUuid, type OutboundMessage, type Reason, type ReasonCode } from "@wamesh/events";
import type { WroteTo } from "../contacts/last-sessions.ts";
import { textBody, variableText } from "../content-request.ts";
import { decide, type World } from "../decide.ts";
import { reason } from "../events/outcome.ts";
import type { MessageRequest } from "../message-request.ts";
import type { RefusalCode } from "../refusal.ts";

/** Where a step's message comes from; the same event, rule and step always make the same id. */
export type Origin = {
  tenant: string;
  source: string;
  eventId: string;
  rule: string;
  version: number;
  step: number;
};

export type Made = { kind: "made"; message: OutboundMessage } | { kind: "failed"; reason: Reason };

export function makeMessage(
  request: MessageRequest,
  origin: Origin,
  facts: { acceptedAtMs: number; tokenKey: string; fingerprint: string; wroteTo?: WroteTo },
  world: World,
): Made {
  const { tenant, source, eventId, rule, version, step } = origin;
  const decision = decide(
    request,
    request.lane,
    {
      tenant,
      messageId: derivedUuid(tenant, source, eventId, rule, step),
      origin: { rule, ruleVersion: version, ruleStep: step, sourceEventId: eventId, source },
      ...facts,
    },
    world,
  );
  if (decision.kind === "accepted") return { kind: "made", message: decision.message };
  const { code, problem } = decision.refusal;
  return { kind: "failed", reason: reason(reasonOf[code], problem) };
}

/** The door's refusals in the words of the reason registry. */
const reasonOf: Record<RefusalCode, ReasonCode> = {
  recipient_impossible: "recipient_invalid",
  unknown_session: "session_unknown",
  no_session: "session_unavailable",
  not_supported: "session_unavailable",
  lane_refused: "invalid_record",
  template_unknown: "template_unavailable",
  template_not_approved: "template_unavailable",
  template_mismatch: "template_mismatch",
  recipient_opted_out: "recipient_opted_out",
  invalid_body: "invalid_record",
};

/** Values from the event can make a text longer than WhatsApp takes. */
export function overlong(request: MessageRequest): string | null {
  if (request.text !== undefined && !textBody.safeParse(request.text.body).success)
    return "With the event's values the text is longer than 4,096 characters.";
  const variables = [request.template, request.fallback].flatMap((one) =>
    Object.values(one?.variables ?? {}),
  );
  return variables.every((value) => variableText.safeParse(value).success)
    ? null
    : "A value of the event is longer than 1,024 characters.";
}
