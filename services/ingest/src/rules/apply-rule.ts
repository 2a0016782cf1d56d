/** A rule's step meets an event: the message request it makes, or why none. Pure. */
import { type EventView, textAt } from "../events/event-path.ts";
import type { MessageRequest } from "../message-request.ts";
import { type Failure, textBy } from "./expression.ts";
import { placeholder, type RuleMessage, type RuleTemplate } from "./rule-message.ts";
import type { EventValue, ValueSource } from "./value-source.ts";

export type Applied = { kind: "request"; request: MessageRequest } | Failure;

/** The text at a path or of an expression. */
export function eventText(source: EventValue, view: EventView): string | Failure {
  if ("expr" in source) return textBy(source.expr, view);
  return textAt(view, source.path) ?? { kind: "missing", path: source.path };
}

export function applyMessage(message: RuleMessage, view: EventView): Applied {
  const failures: Failure[] = [];
  const read = (source: ValueSource): string => {
    if ("value" in source) return source.value;
    const found = eventText(source, view);
    if (typeof found === "string") return found;
    failures.push(found);
    return "";
  };

  const templateOf = ({ name, language, variables }: RuleTemplate) => ({
    name,
    language,
    ...(variables !== undefined && {
      variables: Array.isArray(variables) ? variables.map(read) : mapValues(variables, read),
    }),
  });

  const { to, text, template, fallback, ...same } = message;
  const request: MessageRequest = { ...same, to: read(to) };
  if (text !== undefined) {
    const values = mapValues(text.variables, read);
    // A function as replacement: "$&" in a value must stay those two characters.
    const body = text.body.replace(placeholder, (_, name: string) => values[name]!);
    request.text = { body, preview_url: text.preview_url };
  }
  if (template !== undefined) request.template = templateOf(template);
  // Its values must be there too: which of the two leaves is known only when it does.
  if (fallback !== undefined) request.fallback = templateOf(fallback);
  return failures[0] ?? { kind: "request", request };
}

function mapValues<From, To>(record: Record<string, From>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
