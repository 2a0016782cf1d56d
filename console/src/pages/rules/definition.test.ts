import { expect, test } from "vitest";
import { definitionOf, readObject, sampleData } from "./definition.ts";

const rule = {
  id: "rul_1",
  version: 3,
  state: "active" as const,
  created_at: "x",
  changed_at: "x",
  name: "Welcome",
  event_type: "user_onboarded",
  condition: "data.plan.tier == 'gold' && has(data.plan)",
  message: {
    to: { path: "data.phone" },
    text: { body: "Hi {{n}}", variables: { n: { path: "data.first_name" } } },
  },
};

test("a definition holds what a person wrote and nothing else", () => {
  expect(Object.keys(definitionOf(rule))).toEqual(["name", "event_type", "condition", "message"]);
});

test("a sample has a value at each path that the rule reads", () => {
  expect(sampleData(definitionOf(rule))).toEqual({
    phone: "+15551234567",
    first_name: "Mara",
    plan: { tier: "Mara" },
  });
});

test.each([
  ['{"a":1}', { object: { a: 1 } }],
  ["[1]", { mistake: expect.stringContaining("object") }],
  ["{", { mistake: expect.any(String) }],
])("%s is read", (text, found) => {
  expect(readObject(text)).toEqual(found);
});
