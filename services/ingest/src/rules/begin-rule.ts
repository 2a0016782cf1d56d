/** An event begins a rule: what its steps make at once, and what waits. Pure. */
import { type DomainEvent, type EventOutcome, fingerprint, type OutboundMessage } from "@wamesh/events";
import type { World } from "../decide.ts";
import type { EventView } from "../events/event-path.ts";
import { type EventName, outcomeId, outcomeOf, reason, reasonOfFailure } from "../events/outcome.ts";
import type { Reading } from "../events/reading.ts";
import type { MessageRequest } from "../message-request.ts";
import { parseRecipient } from "../recipient.ts";
import { applyMessage } from "./apply-rule.ts";
import { holds } from "./expression.ts";
import { makeMessage, overlong } from "./make-message.ts";
import { type Rule, type Step, stepsOf, waits } from "./rule.ts";
import { keysOf } from "./rule-key.ts";

/** A step that waits: all of the event that it still needs. */
export type WaitingStep = {
  step: number;
  dueAt: number;
  request: MessageRequest;
  fingerprint: string;
  /** Told when the step begins to wait. */
  scheduled: EventOutcome;
};

/** One event under a rule with steps that wait. Whether it runs at all, the waiting steps of earlier events decide. */
export type Run = {
  id: string;
  event: EventName;
  rule: Rule;
  /** Newest first; kept under the first. */
  keys: string[];
  retrigger: NonNullable<Rule["retrigger"]>;
  waiting: WaitingStep[];
  /** Told instead of all else when it does not run. */
  ignored: EventOutcome;
};

export type Begun = {
  messages: OutboundMessage[];
  /** Of each message the step that it becomes where the tenant has no room for it. */
  instead: WaitingStep[];
  outcomes: EventOutcome[];
  run: Run | null;
  of: { event: EventName; rule: Rule; run: string };
};

export function beginRule(
  event: DomainEvent,
  name: EventName,
  view: EventView,
  rule: Rule,
  reading: Reading,
  world: World,
): Begun {
  const about = (step: number | null) => ({ rule: rule.id, version: rule.version, step });
  const tell = (step: number | null, told: Parameters<typeof outcomeOf>[3]) =>
    outcomeOf(name, about(step), reading.nowMs, told);
  const of = { event: name, rule, run: outcomeId(name, about(null)) };
  const only = (outcome: EventOutcome): Begun => ({
    messages: [],
    instead: [],
    outcomes: [outcome],
    run: null,
    of,
  });

  const applies = rule.condition === undefined || holds(rule.condition, view);
  if (applies === false)
    return only(tell(null, { outcome: "condition_false", reason: reason("condition_false") }));
  if (applies !== true) return only(tell(null, { outcome: "failed", reason: reasonOfFailure(applies) }));

  let run: Run | null = null;
  if (waits(rule)) {
    const keys = keysOf(rule, view, reading.tokenKeys);
    if (keys.kind !== "keys") return only(tell(null, { outcome: "failed", reason: reasonOfFailure(keys) }));
    run = {
      id: of.run,
      event: name,
      rule,
      keys: keys.tokens,
      retrigger: rule.retrigger ?? "restart",
      waiting: [],
      ignored: tell(null, { outcome: "ignored", reason: reason("steps_waiting") }),
    };
  }

  const messages: OutboundMessage[] = [];
  const instead: WaitingStep[] = [];
  const outcomes: EventOutcome[] = [];
  // Not the time of reading: what waited here while the worker was down has aged, and a code may be worthless by now.
  const acceptedAtMs = Math.max(0, Math.min(event.received_at ?? reading.loggedAtMs, reading.nowMs));
  // Of the event, not of what the rule made: an event read again after the rule changed is still the same message.
  const print = fingerprint([event.type, event.subject, event.data]);

  for (const [index, step] of stepsOf(rule).entries()) {
    const origin = { ...name, eventId: name.id, rule: rule.id, version: rule.version, step: index };
    const asked = requestOf(step, view);
    if (asked.kind === "not") {
      outcomes.push(tell(index, asked.told));
    } else if (step.afterS > 0) {
      const dueAt = acceptedAtMs + step.afterS * 1_000;
      run?.waiting.push({
        step: index,
        dueAt,
        request: asked.request,
        fingerprint: print,
        scheduled: tell(index, { outcome: "scheduled", due_at: dueAt }),
      });
    } else {
      const wroteTo = reading.wroteTo?.(event.tenant);
      const facts = {
        acceptedAtMs,
        tokenKey: reading.tokenKeys[0]!,
        fingerprint: print,
        ...(wroteTo && { wroteTo }),
      };
      const made = makeMessage(asked.request, origin, facts, world);
      if (made.kind === "failed") outcomes.push(tell(index, { outcome: "failed", reason: made.reason }));
      else {
        messages.push(made.message);
        instead.push({
          step: index,
          dueAt: acceptedAtMs,
          request: asked.request,
          fingerprint: print,
          scheduled: tell(index, { outcome: "scheduled", due_at: acceptedAtMs }),
        });
        outcomes.push(tell(index, { outcome: "messages", message_ids: [made.message.message_id] }));
      }
    }
  }
  return { messages, instead, outcomes, run, of };
}

type Asked =
  | { kind: "request"; request: MessageRequest }
  | { kind: "not"; told: Parameters<typeof outcomeOf>[3] };

/** All that is wrong with a step's values is told when the event comes, not when the step is due. */
function requestOf(step: Step, view: EventView): Asked {
  const failed = (why: ReturnType<typeof reason>): Asked => ({
    kind: "not",
    told: { outcome: "failed", reason: why },
  });
  const applies = step.condition === undefined || holds(step.condition, view);
  if (applies === false)
    return { kind: "not", told: { outcome: "condition_false", reason: reason("condition_false") } };
  if (applies !== true) return failed(reasonOfFailure(applies));
  const applied = applyMessage(step.message, view);
  if (applied.kind !== "request") return failed(reasonOfFailure(applied));
  const tooLong = overlong(applied.request);
  if (tooLong !== null) return failed(reason("invalid_record", tooLong));
  const parsed = parseRecipient(applied.request.to);
  if (parsed.kind === "refused") return failed(reason("recipient_invalid", parsed.refusal.problem));
  return applied;
}
