/** Which waiting steps belong together: keyed hashes of what a rule names as key, or of the recipient. Pure. */
import { personOf, recipientToken } from "@wamesh/events";
import type { EventView } from "../events/event-path.ts";
import { parseRecipient } from "../recipient.ts";
import { eventText } from "./apply-rule.ts";
import type { Failure } from "./expression.ts";
import { type CancelOn, type Rule, stepsOf } from "./rule.ts";

/** One for each key of the ring, newest first: a step may wait under an older one. */
export type Keys = { kind: "keys"; tokens: string[] } | Failure;

/** What the rule's own event says, or with `match` an event that may call its steps off. */
export function keysOf(
  rule: Rule,
  view: EventView,
  tokenKeys: readonly string[],
  match?: CancelOn["match"],
): Keys {
  const source = match ?? rule.key ?? stepsOf(rule)[0]!.message.to;
  const found = eventText(source, view);
  if (typeof found !== "string") return found;
  const named = rule.key === undefined ? recipientIn(found) : { kind: "key", value: found };
  return { kind: "keys", tokens: tokenKeys.map((key) => recipientToken(key, rule.tenant, named)) };
}

/** However the number is written, it is the same person. */
function recipientIn(text: string): { kind: string; value: string } {
  const parsed = parseRecipient(text);
  if (parsed.kind !== "parsed") return { kind: "text", value: text };
  return personOf(parsed.recipient) ?? parsed.recipient;
}
