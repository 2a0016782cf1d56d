/** What a person wrote of a rule, without what the mesh added; and an event to try it with. Pure. */
import type { Rule, RuleDefinition, RuleVersion } from "../../shapes/rule.ts";

export function definitionOf(rule: Rule | RuleVersion): RuleDefinition {
  const added = new Set(["id", "version", "state", "created_at", "changed_at", "changed_by"]);
  return Object.fromEntries(
    Object.entries(rule).filter(([name]) => !added.has(name)),
  ) as unknown as RuleDefinition;
}

/** Data with a value at each path of the event's data that the rule reads: `data.phone` becomes a number, all else a word. */
export function sampleData(rule: RuleDefinition): Record<string, unknown> {
  const paths = new Set(
    [...JSON.stringify(rule).matchAll(/\bdata((?:\.[A-Za-z_]\w*)+)/g)].map(([, path]) => path!),
  );
  const data: Record<string, unknown> = {};
  for (const path of [...paths].sort()) {
    const names = path.slice(1).split(".");
    let at = data;
    for (const name of names.slice(0, -1)) {
      if (typeof at[name] !== "object") at[name] = {};
      at = at[name] as Record<string, unknown>;
    }
    const last = names.at(-1)!;
    if (at[last] === undefined) at[last] = /phone|number|msisdn|mobile/i.test(last) ? "+15551234567" : "Mara";
  }
  return data;
}

/** Where a new rule begins. */
export const blankRule: RuleDefinition = {
  name: "Welcome",
  event_type: "user_onboarded",
  condition: "has(data.phone)",
  message: {
    to: { path: "data.phone" },
    template: { name: "welcome", language: "en_US", variables: [{ path: "data.first_name" }] },
  },
};

/** What was typed, or why it is no object. */
export function readObject(text: string): { object: Record<string, unknown> } | { mistake: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return { object: value as Record<string, unknown> };
    return { mistake: "An object is needed: { … }." };
  } catch (error) {
    return { mistake: error instanceof Error ? error.message : String(error) };
  }
}
