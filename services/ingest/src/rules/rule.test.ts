import { expect, test } from "vitest";
import { ruleDefinition } from "./rule.ts";

const to = { path: "data.phone" };
const rule = (message: object) => ({
  name: "Welcome",
  event_type: "user_onboarded",
  message: { to, text: { body: "Hi" }, ...message },
});

test.each<[string, object, string]>([
  ["a path outside the event", { to: { path: "env.SECRET" } }, "message.to.path"],
  [
    "a path into what objects inherit by index syntax",
    { to: { path: "data[constructor]" } },
    "message.to.path",
  ],
  ["the whole data as a value", { to: { path: "data" } }, "message.to.path"],
  ["no content", { text: undefined }, "message.text"],
  ["two contents", { template: { name: "a", language: "en" } }, "message.template"],
  [
    "a fallback beside a template",
    { text: undefined, template: { name: "a", language: "en" }, fallback: { name: "b", language: "en" } },
    "message.fallback",
  ],
  ["a fallback that is no template", { fallback: { body: "Hi" } }, "message.fallback"],
  [
    "a fallback's value out of nowhere",
    { fallback: { name: "a", language: "en", variables: [{ path: "env.SECRET" }] } },
    "message.fallback.variables.0.path",
  ],
  ["a placeholder without value", { text: { body: "Hi {{name}}" } }, "message.text.variables.name"],
  [
    "a value never used",
    { text: { body: "Hi", variables: { name: { value: "x" } } } },
    "message.text.variables.name",
  ],
  ["marketing on the otp lane", { lane: "otp", category: "marketing" }, "message.lane"],
  ["a session and a pool", { session_id: "ses_1", pool: "default" }, "message.pool"],
  ["an unknown field", { too: "x" }, "message"],
])("%s is refused when the rule is saved", (_, message, field) => {
  const parsed = ruleDefinition.safeParse(rule(message));
  expect(parsed.error?.issues.map((issue) => issue.path.join("."))).toContain(field);
});

test("the README's first rule is taken", () => {
  const parsed = ruleDefinition.safeParse(
    rule({ text: { body: "Hi {{ name }}", variables: { name: { path: "data.first_name" } } } }),
  );
  expect(parsed.error).toBeUndefined();
});

const step = (over: object) => ({ message: { to, text: { body: "Hi" } }, ...over });
const waiting = { name: "Cart", event_type: "cart_abandoned", steps: [step({ after_s: 60 })] };

test.each<[string, object, string]>([
  ["neither message nor steps", { steps: undefined }, "message"],
  ["both", { message: { to, text: { body: "Hi" } } }, "steps"],
  ["a step after more than 90 days", { steps: [step({ after_s: 90 * 86_400 + 1 })] }, "steps.0.after_s"],
  ["a mistake in a later step", { steps: [step({}), step({ message: { to } })] }, "steps.1.message.text"],
  ["cancel_on where nothing waits", { steps: [step({})], cancel_on: [{ event_type: "x" }] }, "cancel_on"],
  ["retrigger where nothing waits", { steps: [step({})], retrigger: "ignore" }, "retrigger"],
  [
    "a match out of nowhere",
    { cancel_on: [{ event_type: "x", match: { path: "env.X" } }] },
    "cancel_on.0.match.path",
  ],
])("a rule with %s is refused when it is saved", (_, over, field) => {
  const parsed = ruleDefinition.safeParse({ ...waiting, ...over });
  expect(parsed.error?.issues.map((issue) => issue.path.join("."))).toContain(field);
});
