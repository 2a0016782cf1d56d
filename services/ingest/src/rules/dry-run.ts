/** What a rule would make of events: the same decisions, and nothing produced. Pure. */
import type { DomainEvent, EventOutcome, OutboundMessage } from "@wamesh/events";
import type { World } from "../decide.ts";
import { nameOf } from "../events/consider-event.ts";
import { viewEvent } from "../events/event-path.ts";
import { outcomeOf, reason } from "../events/outcome.ts";
import type { Reading } from "../events/reading.ts";
import { unusableEvent } from "../events/usable-event.ts";
import { beginRule } from "./begin-rule.ts";
import { makeMessage } from "./make-message.ts";
import { type Rule, stepsOf } from "./rule.ts";

export type Tried = {
  event: DomainEvent;
  /** In the order of steps; one without a step where the rule as a whole does not apply. */
  results: { outcome: EventOutcome; message: OutboundMessage | null }[];
};

/** Steps that wait are judged as if they were due now. Other waiting steps, and what would call these off, are not looked at. */
export function dryRun(rule: Rule, events: readonly DomainEvent[], reading: Reading, world: World): Tried[] {
  return events.map((event) => ({ event, results: tryOne(rule, event, reading, world) }));
}

function tryOne(rule: Rule, event: DomainEvent, reading: Reading, world: World): Tried["results"] {
  const name = nameOf(event);
  const only = (told: Parameters<typeof outcomeOf>[3]) => [
    { outcome: outcomeOf(name, null, reading.nowMs, told), message: null },
  ];
  const obstacle = unusableEvent(event);
  if (obstacle !== null) return only({ outcome: "failed", reason: reason("invalid_record", obstacle) });
  if (event.type !== rule.event_type)
    return only({
      outcome: "no_rule",
      reason: reason("no_rule", "The event is of another type than the rule's."),
    });
  const view = viewEvent(event);
  if (view === null)
    return only({
      outcome: "failed",
      reason: reason("invalid_record", "The event's data is not a JSON object."),
    });
  const { messages, outcomes, run } = beginRule(event, name, view, rule, reading, world);
  const wroteTo = reading.wroteTo?.(event.tenant);
  const atOnce = outcomes.map((outcome) => ({
    outcome,
    message: messages.find((one) => outcome.message_ids.includes(one.message_id)) ?? null,
  }));
  const later = (run?.waiting ?? []).map((waiting) => {
    const origin = { ...name, eventId: name.id, rule: rule.id, version: rule.version, step: waiting.step };
    const facts = {
      acceptedAtMs: waiting.dueAt,
      tokenKey: reading.tokenKeys[0]!,
      fingerprint: waiting.fingerprint,
      ...(wroteTo && { wroteTo }),
    };
    const made = makeMessage(waiting.request, origin, facts, world);
    return made.kind === "made"
      ? { outcome: waiting.scheduled, message: made.message }
      : {
          outcome: { ...waiting.scheduled, outcome: "failed" as const, reason: made.reason },
          message: null,
        };
  });
  const steps = stepsOf(rule).length;
  return [...atOnce, ...later].sort((a, b) => (a.outcome.step ?? steps) - (b.outcome.step ?? steps));
}
