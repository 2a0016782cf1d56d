import { expect, test } from "vitest";
import { deadLetter, presumedTenant } from "./dead-letter.ts";

const origin = { topic: "t", partition: 3, offset: "42", key: null, value: null, headers: {} };
const reason = { code: "undecodable", fault_class: "platform", provider_code: null, detail: "" } as const;
const givenUp = { origin, reason, tenant: null, messageId: null };

test("a batch that is read again makes the same dead letters", () => {
  const first = deadLetter(givenUp, "dispatcher", 1);
  expect(deadLetter(givenUp, "dispatcher", 2)).toEqual({ ...first, occurred_at: 2 });
  const next = { ...givenUp, origin: { ...origin, offset: "43" } };
  expect(deadLetter(next, "dispatcher", 1).dead_id).not.toBe(first.dead_id);
});

test.each([
  ["acme", { tenant: "acme" }, "acme"],
  ["acme|session|s", { tenant: "acme" }, "acme"],
  ["globex", { tenant: "acme" }, null],
  ["acme", {}, null],
  [null, { tenant: "acme" }, null],
])("what can't be decoded is a tenant's only where key %s and header agree", (key, headers, tenant) => {
  expect(presumedTenant(key, headers as Record<string, string>)).toBe(tenant);
});
