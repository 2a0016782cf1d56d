import { expect, test } from "vitest";
import { judgeRule } from "./judge-rule.ts";
import { ruleDefinition } from "./rule.ts";

const to = { path: "data.phone" };
const text = { body: "{{x}}", variables: { x: { path: "data.x" } } };
const rule = (over: object) =>
  ruleDefinition.parse({
    name: "Cart",
    event_type: "cart_abandoned",
    steps: [{ after_s: 60, message: { to, text } }],
    ...over,
  });
const step = (over: object) => ({ steps: [{ after_s: 60, message: { to, text }, ...over }] });
const dear = "data.l.all(x, x.a > 1 && x.b > 1 && x.c > 1 && x.d > 1 && x.e > 1)";

test.each<[string, object, string]>([
  ["a condition that is no yes or no", { condition: "1 + 1" }, "condition"],
  ["an unknown name in a step's condition", step({ condition: "foo" }), "steps.0.condition"],
  [
    "an unknown name in a recipient",
    step({ message: { to: { expr: "user.phone" }, text } }),
    "steps.0.message.to.expr",
  ],
  [
    "a list as a value",
    step({ message: { to, text: { ...text, variables: { x: { expr: "data.l.map(i, i.n)" } } } } }),
    "steps.0.message.text.variables.x.expr",
  ],
  ["a key out of nowhere", { key: { expr: "cart.id" } }, "key.expr"],
  [
    "a loop in what cancels",
    { cancel_on: [{ event_type: "x", condition: "data.a.all(x, x.all(y, y))" }] },
    "cancel_on.0.condition",
  ],
  [
    "more work than an event is worth",
    { steps: Array(5).fill(step({ condition: dear }).steps[0]) },
    "(all of it)",
  ],
])("a rule with %s is not saved, and the field is named", (_, over, field) => {
  const errors = judgeRule(rule(over));
  expect(errors.map((one) => one.field)).toEqual([field]);
  expect(errors[0]!.remedy).toMatch(/\.$/);
});

test("a rule whose expressions are in order is no matter", () => {
  expect(judgeRule(rule({ condition: dear }))).toEqual([]);
});
