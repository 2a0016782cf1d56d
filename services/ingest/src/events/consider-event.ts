/** One domain event meets the tenant's rules: the messages it makes, what waits, what it calls off and what is told about it. Pure. */
import type { DomainEvent, EventOutcome, Reason, Recipient } from "@wamesh/events";
import type { World } from "../decide.ts";
import { parseRecipient } from "../recipient.ts";
import { eventText } from "../rules/apply-rule.ts";
import { type Begun, beginRule } from "../rules/begin-rule.ts";
import { type CallOff, callOff } from "../rules/call-off.ts";
import { type Rule, stepsOf } from "../rules/rule.ts";
import type { RuleMessage } from "../rules/rule-message.ts";
import { viewEvent } from "./event-path.ts";
import { type EventName, outcomeOf, reason } from "./outcome.ts";
import type { Reading } from "./reading.ts";
import { unusableEvent } from "./usable-event.ts";

export type Considered = {
  /** One per rule that the event begins, in the order of rules. */
  begun: Begun[];
  /** Come before what begins: an event may end what it begins anew. */
  callOffs: CallOff[];
  /** Told besides. */
  outcomes: EventOutcome[];
  /** Why the record itself is unusable; it then goes to the dead letters as well. */
  unusable: Reason | null;
};

/** Of the event's tenant and type: active rules, and versions of rules whose waiting steps such an event calls off. */
export type Concerned = { rules: readonly Rule[]; calledOff: readonly Rule[] };

export const noneConcerned: Concerned = { rules: [], calledOff: [] };

export function considerEvent(
  event: DomainEvent,
  { rules, calledOff }: Concerned,
  reading: Reading,
  world: World,
): Considered {
  const nothing: Considered = { begun: [], callOffs: [], outcomes: [], unusable: null };
  const obstacle = unusableEvent(event);
  // Nobody's event, or one that cannot be named: there is no tenant to tell.
  if (obstacle !== null) return { ...nothing, unusable: reason("invalid_record", obstacle) };
  const name = nameOf(event);
  if (rules.length === 0 && calledOff.length === 0) {
    const told = { outcome: "no_rule", reason: reason("no_rule") } as const;
    return { ...nothing, outcomes: [outcomeOf(name, null, reading.nowMs, told)] };
  }
  const view = viewEvent(event);
  if (view === null) {
    const unusable = reason("invalid_record", "The event's data is not a JSON object.");
    const told = { outcome: "failed", reason: unusable } as const;
    return { ...nothing, outcomes: [outcomeOf(name, null, reading.nowMs, told)], unusable };
  }
  const ends = [...Map.groupBy(calledOff, (rule) => rule.id).values()].map((versions) =>
    callOff(name, view, versions, reading),
  );
  return {
    ...nothing,
    begun: rules.map((rule) => beginRule(event, name, view, rule, reading, world)),
    callOffs: ends.flatMap((end) => ("of" in end ? [end] : [])),
    outcomes: ends.flatMap((end) => ("of" in end ? [] : [end])),
  };
}

export function nameOf(event: DomainEvent): EventName {
  const { tenant, source, event_id, type, occurred_at } = event;
  return { tenant, source, id: event_id, type, occurredAt: occurred_at };
}

/** Whom these rules would write to at once, through messages that `asks` is true for. */
export function recipientsOf(
  event: DomainEvent,
  rules: readonly Rule[],
  asks: (message: RuleMessage) => boolean,
): Recipient[] {
  const steps = rules.flatMap(stepsOf).filter(({ afterS, message }) => afterS === 0 && asks(message));
  const view = steps.length === 0 || unusableEvent(event) !== null ? null : viewEvent(event);
  if (view === null) return [];
  return steps.flatMap(({ message }) => {
    const to = eventText(message.to, view);
    const parsed = typeof to === "string" ? parseRecipient(to) : null;
    return parsed?.kind === "parsed" ? [parsed.recipient] : [];
  });
}
