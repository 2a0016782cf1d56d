/** One domain event meets the tenant's rules: the messages it makes and what is told about it. Pure. */
import {
  type DomainEvent,
  derivedUuid,
  type EventOutcome,
  eventId,
  fingerprint,
  type OutboundMessage,
  type Reason,
  type ReasonCode,
  type Recipient,
  reasonCodes,
} from "@wamesh/events";
import type { WroteTo } from "../contacts/last-sessions.ts";
import { textBody, variableText } from "../content-request.ts";
import { decide, type World } from "../decide.ts";
import type { MessageRequest } from "../message-request.ts";
import { parseRecipient } from "../recipient.ts";
import type { RefusalCode } from "../refusal.ts";
import { applyRule } from "../rules/apply-rule.ts";
import type { Rule } from "../rules/rule.ts";
import { textAt, viewEvent } from "./event-path.ts";

export type Considered = {
  messages: OutboundMessage[];
  /** One per rule, or one for the event when no rule was applied. */
  outcomes: EventOutcome[];
  /** Why the record itself is unusable; it then goes to the dead letters as well. */
  unusable: Reason | null;
};

export type Reading = {
  /** When the record was written to the log, for events that did not come through the API. */
  loggedAtMs: number;
  nowMs: number;
  tokenKey: string;
  /** Which sessions people of a tenant wrote to lately. Default: nobody wrote. */
  wroteTo?: (tenant: string) => WroteTo;
};

/** Rules have one step so far; later steps continue the numbering, so ids made today stay what they are. */
const onlyStep = 0;
const tenantId = /^[a-z][a-z0-9-]{1,39}$/;
/** Last millisecond of the year 9999: what every reader of a time can hold. */
const latestMs = 253_402_300_799_999;

/** `rules`: the active rules of the event's tenant and type. */
export function considerEvent(
  event: DomainEvent,
  rules: readonly Rule[],
  reading: Reading,
  world: World,
): Considered {
  const obstacle = unusableEvent(event);
  // Nobody's event, or one that cannot be named: there is no tenant to tell.
  if (obstacle !== null) return { messages: [], outcomes: [], unusable: reason("invalid_record", obstacle) };
  const outcome = (fields: Partial<EventOutcome> & Pick<EventOutcome, "outcome">): EventOutcome => ({
    event_id: eventId(event.tenant, event.source, event.event_id, fields.rule ?? null),
    tenant: event.tenant,
    source_event_id: event.event_id,
    source_event_source: event.source,
    type: event.type,
    rule: null,
    rule_version: null,
    message_ids: [],
    reason: null,
    occurred_at: event.occurred_at,
    recorded_at: reading.nowMs,
    ...fields,
  });
  if (rules.length === 0)
    return {
      messages: [],
      outcomes: [outcome({ outcome: "no_rule", reason: reason("no_rule") })],
      unusable: null,
    };
  const view = viewEvent(event);
  if (view === null) {
    const unusable = reason("invalid_record", "The event's data is not a JSON object.");
    return { messages: [], outcomes: [outcome({ outcome: "failed", reason: unusable })], unusable };
  }

  const messages: OutboundMessage[] = [];
  const outcomes = rules.map((rule): EventOutcome => {
    const mark = { rule: rule.id, rule_version: rule.version };
    const made = makeMessage(event, rule, view, reading, world);
    if (made.kind === "failed") return outcome({ ...mark, outcome: "failed", reason: made.reason });
    messages.push(made.message);
    return outcome({ ...mark, outcome: "messages", message_ids: [made.message.message_id] });
  });
  return { messages, outcomes, unusable: null };
}

/** Whom these rules would write to. */
export function recipientsOf(event: DomainEvent, rules: readonly Rule[]): Recipient[] {
  const view = rules.length === 0 || unusableEvent(event) !== null ? null : viewEvent(event);
  if (view === null) return [];
  return rules.flatMap(({ message }) => {
    const to = textAt(view, message.to.path);
    const parsed = to === null ? null : parseRecipient(to);
    return parsed?.kind === "parsed" ? [parsed.recipient] : [];
  });
}

type Made = { kind: "made"; message: OutboundMessage } | { kind: "failed"; reason: Reason };

function makeMessage(
  event: DomainEvent,
  rule: Rule,
  view: NonNullable<ReturnType<typeof viewEvent>>,
  reading: Reading,
  world: World,
): Made {
  const applied = applyRule(rule, view);
  if (applied.kind === "variable_missing")
    return {
      kind: "failed",
      reason: reason("variable_missing", `The event has no value at ${applied.path}.`),
    };
  const tooLong = overlong(applied.request);
  if (tooLong !== null) return { kind: "failed", reason: reason("invalid_record", tooLong) };
  const { request } = applied;
  const decision = decide(
    request,
    request.lane,
    {
      tenant: event.tenant,
      messageId: derivedUuid(event.tenant, event.source, event.event_id, rule.id, onlyStep),
      // Not the time of reading: what waited here while the worker was down has aged, and a code may be worthless by now.
      acceptedAtMs: Math.max(0, Math.min(event.received_at ?? reading.loggedAtMs, reading.nowMs)),
      tokenKey: reading.tokenKey,
      ...(reading.wroteTo && { wroteTo: reading.wroteTo(event.tenant) }),
      // Of the event, not of what the rule made: an event read again after the rule changed is still the same message.
      fingerprint: fingerprint([event.type, event.subject, event.data]),
      origin: {
        rule: rule.id,
        ruleVersion: rule.version,
        ruleStep: onlyStep,
        sourceEventId: event.event_id,
        source: event.source,
      },
    },
    world,
  );
  if (decision.kind === "refused") {
    const { code, problem } = decision.refusal;
    return { kind: "failed", reason: reason(reasonOf[code], problem) };
  }
  return { kind: "made", message: decision.message };
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

function reason(code: ReasonCode, detail?: string): Reason {
  const row = reasonCodes[code];
  return { code, fault_class: row.fault_class, provider_code: null, detail: detail ?? row.meaning };
}

/** Why nothing can be said about the event at all, or null. First-party producers write into Kafka directly, past the API's door. */
export function unusableEvent(event: DomainEvent): string | null {
  if (!tenantId.test(event.tenant)) return "tenant is not a tenant id.";
  for (const [name, max] of [
    ["event_id", 256],
    ["source", 512],
    ["type", 256],
  ] as const) {
    const text = event[name];
    if (text === "" || text.length > max || text.includes("\0"))
      return `${name} is empty, too long or holds U+0000.`;
  }
  for (const time of [event.occurred_at, event.received_at ?? 0])
    if (!Number.isSafeInteger(time) || time < 0 || time > latestMs) return "A time is out of range.";
  return null;
}

/** Values from the event can make a text longer than WhatsApp takes. */
function overlong(request: MessageRequest): string | null {
  if (request.text !== undefined && !textBody.safeParse(request.text.body).success)
    return "With the event's values the text is longer than 4,096 characters.";
  const variables = [request.template, request.fallback].flatMap((one) =>
    Object.values(one?.variables ?? {}),
  );
  return variables.every((value) => variableText.safeParse(value).success)
    ? null
    : "A value of the event is longer than 1,024 characters.";
}
