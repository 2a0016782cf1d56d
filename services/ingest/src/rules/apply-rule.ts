/** One rule meets one event: the message request it makes, or which value is missing. Pure. */
import { type EventView, textAt } from "../events/event-path.ts";
import type { MessageRequest } from "../message-request.ts";
import { placeholder, type Rule, type RuleTemplate, type ValueSource } from "./rule.ts";

export type Applied =
  | { kind: "request"; request: MessageRequest }
  /** `path` is what the event lacks. */
  | { kind: "variable_missing"; path: string };

export function applyRule(rule: Rule, view: EventView): Applied {
  const { message } = rule;
  const missing: string[] = [];
  const read = (source: ValueSource): string => {
    if ("value" in source) return source.value;
    const text = textAt(view, source.path);
    if (text === null) missing.push(source.path);
    return text ?? "";
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
  return missing.length > 0 ? { kind: "variable_missing", path: missing[0]! } : { kind: "request", request };
}

function mapValues<From, To>(record: Record<string, From>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
