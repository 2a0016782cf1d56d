/**
 * Expressions in rules: which are accepted when a rule is saved, and what one says of an event. Pure and total: whatever an event
 * holds, the answer is a value or a failure, after a number of steps that was known when it was saved.
 */
import type { ASTNode } from "@marcbachmann/cel-js";
import { boundedData } from "../events/bounded-data.ts";
import type { EventView } from "../events/event-path.ts";
import { costOf } from "./expression-cost.ts";
import { environment, limits, variables } from "./expression-env.ts";

/** A condition says yes or no; a value is put into a message. */
export type Use = "condition" | "value";

export type Judged =
  /** `steps`: what evaluation takes at most. */
  { kind: "good"; steps: number } | { kind: "bad"; problem: string; remedy: string };

/** Of one expression. */
export const mostSteps = 30_000;

export type Failure =
  /** `path`: what the event lacks. */
  { kind: "missing"; path: string } | { kind: "failed"; why: string };

/** Whether a rule with this expression may be saved. */
export function judgeExpression(text: string, use: Use): Judged {
  if (text.length > limits.length) return bad("is too long", `Write at most ${limits.length} characters.`);
  let compiled: Compiled;
  try {
    compiled = environment.parse(text);
  } catch (error) {
    return bad(...described(error));
  }
  const { steps, objection } = costOf(compiled.ast);
  if (objection !== null)
    return bad(`${objection.problem} (character ${objection.at + 1})`, objection.remedy);
  const checked = compiled.check();
  if (!checked.valid) return bad(...described(checked.error));
  if (steps > mostSteps)
    return bad(
      `may take ${steps} steps for one event`,
      `Make it simpler: ${mostSteps} at most, and what runs over a list counts a thousandfold.`,
    );
  if (use === "condition" && checked.type !== "bool" && checked.type !== "dyn")
    return bad(`is a ${checked.type}, not true or false`, "Compare it with something, for example … == 3.");
  if (use === "value" && ["list", "map", "null"].some((kind) => checked.type?.startsWith(kind)))
    return bad(`is a ${checked.type}, not a text`, "Take one of its values, or join a list of texts.");
  return { kind: "good", steps };
}

/** Whether the condition holds. */
export function holds(text: string, view: EventView): boolean | Failure {
  const found = evaluate(text, view);
  if (!found.ok) return found.failure;
  if (typeof found.value === "boolean") return found.value;
  return { kind: "failed", why: "The condition is neither true nor false for this event." };
}

/** The text that is put into the message; never blank. */
export function textBy(text: string, view: EventView): string | Failure {
  const found = evaluate(text, view);
  if (!found.ok) return found.failure;
  const { value } = found;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean")
    return String(value);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "string")
    return { kind: "failed", why: "The expression gives a list, an object or nothing for this event." };
  const clean = value.replaceAll("\0", "");
  return clean.trim() === "" ? { kind: "missing", path: text } : clean;
}

type Compiled = ReturnType<typeof environment.parse>;

/** Parsing takes longer than evaluating; the oldest goes when there are too many. */
const compiledByText = new Map<string, Compiled>();
const mostCompiled = 2_000;

function compile(text: string): Compiled {
  const known = compiledByText.get(text);
  if (known !== undefined) return known;
  const compiled = environment.parse(text);
  compiled.check();
  if (compiledByText.size === mostCompiled) compiledByText.delete(compiledByText.keys().next().value!);
  compiledByText.set(text, compiled);
  return compiled;
}

type Found = { ok: true; value: unknown } | { ok: false; failure: Failure };

function evaluate(text: string, view: EventView): Found {
  try {
    return { ok: true, value: compile(text)(activationOf(view)) };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

const activations = new WeakMap<EventView, Record<keyof typeof variables, unknown>>();

/** Made once per event, however many expressions look at it. */
function activationOf(view: EventView) {
  let made = activations.get(view);
  if (made === undefined) {
    made = {
      data: boundedData(view.data as object),
      event_type: view.type,
      source: view.source,
      subject: view.subject,
      id: view.id,
      time: new Date(view.time as string),
    };
    activations.set(view, made);
  }
  return made;
}

type CelError = { code?: string; summary?: string; range?: { start: number }; node?: ASTNode };

/** Without the library's own words: they may quote the event. */
function failureOf(error: unknown): Failure {
  const { code, range, node } = error as CelError;
  if (code === "no_such_key" && node !== undefined) return { kind: "missing", path: pathOf(node) };
  const where = range === undefined ? "" : ` at character ${range.start + 1}`;
  return { kind: "failed", why: `The expression does not fit this event${where} (${code ?? "error"}).` };
}

/** `data.customer.name`, as the expression has it; an index that is computed stays open. */
function pathOf(node: ASTNode): string {
  if (node.op === "id") return node.args;
  if (node.op === ".") return `${pathOf(node.args[0])}.${node.args[1]}`;
  if (node.op === "[]") {
    const index = node.args[1];
    return `${pathOf(node.args[0])}[${index.op === "value" ? String(index.args) : "…"}]`;
  }
  return "…";
}

const remedies: Record<string, string> = {
  unknown_variable: `Use ${Object.keys(variables).join(", ")}.`,
  no_such_overload: "Compare and add values of one kind; string(…), int(…) and double(…) change it.",
  no_matching_overload: "The function does not take such values, or does not exist.",
};

function described(error: unknown): [problem: string, remedy: string] {
  const { code = "", summary, range } = error as CelError;
  const where = range === undefined ? "" : ` (character ${range.start + 1})`;
  return [
    `${summary ?? "is no expression"}${where}`,
    remedies[code] ?? "Correct it; docs/rules.md shows the language.",
  ];
}

function bad(problem: string, remedy: string): Judged {
  return { kind: "bad", problem, remedy };
}
