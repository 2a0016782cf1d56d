/** Whether a rule's expressions may run: each for itself, and all of them together. Pure. */
import type { FieldError } from "@wamesh/http";
import { judgeExpression, type Use } from "./expression.ts";
import type { RuleDefinition } from "./rule.ts";

/** That all expressions of a rule may take together, for one event. */
export const mostStepsOfRule = 100_000;

export function judgeRule(rule: RuleDefinition): FieldError[] {
  const errors: FieldError[] = [];
  let steps = 0;
  for (const { field, use, text } of expressionsIn(rule, "")) {
    const judged = judgeExpression(text, use);
    if (judged.kind === "good") steps += judged.steps;
    else errors.push({ field, problem: judged.problem, remedy: judged.remedy });
  }
  if (steps > mostStepsOfRule)
    errors.push({
      field: "(all of it)",
      problem: `has expressions that may take ${steps} steps together for one event`,
      remedy: `Make them simpler: ${mostStepsOfRule} at most, and what runs over a list counts a thousandfold.`,
    });
  return errors;
}

type Placed = { field: string; use: Use; text: string };

function expressionsIn(value: unknown, at: string): Placed[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]): Placed[] => {
    const field = at === "" ? name : `${at}.${name}`;
    if (typeof inner !== "string") return expressionsIn(inner, field);
    if (name === "condition") return [{ field, use: "condition", text: inner }];
    return name === "expr" ? [{ field, use: "value", text: inner }] : [];
  });
}
