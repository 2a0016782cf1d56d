import type { Fact } from "@wamesh/providers";
import { expect, test } from "vitest";
import type { Owner } from "./inbound.ts";
import { sessionEventOf, unknownFact } from "./session-event.ts";

const owner: Owner = { tenant: "acme", session: "ses_1", account: "acc_1", provider: "cloud_api" };
const fact: Fact = { ...unknownFact("x", "{}"), fact: "limit", value: "TIER_2K", detail: "", occurredAt: 5 };

test("a fact keeps its time, its account, and has no session where it is about the account", () => {
  expect(sessionEventOf(fact, { ...owner, session: "" }, "c/0", 9)).toMatchObject({
    session: "",
    account: "acc_1",
    kind: "limit",
    value: "TIER_2K",
    status: null,
    evidence: "callback",
    occurred_at: 5,
    recorded_at: 9,
  });
  expect(sessionEventOf({ ...fact, occurredAt: null }, owner, "c/0", 9).occurred_at).toBe(9);
});

test("a template's change names the template", () => {
  const template = {
    name: "welcome",
    language: "en",
    providerId: "5",
    event: "status" as const,
    status: "rejected",
    quality: null,
    category: null,
    reason: "SCAM",
  };
  expect(sessionEventOf({ ...fact, fact: "template", template }, owner, "c/0", 9)).toMatchObject({
    kind: "template",
    template: { name: "welcome", provider_id: "5", status: "rejected", reason: "SCAM" },
  });
});

test("a throttle says why", () => {
  const error = {
    code: "throttled",
    providerCode: "130429",
    faultClass: "unknown" as const,
    detail: "Too fast",
  };
  expect(sessionEventOf({ ...fact, fact: "throttled", value: null, error }, owner, "c/0", 9)).toMatchObject({
    kind: "throttled",
    reason: { code: "throttled", fault_class: "UNKNOWN", provider_code: "130429", detail: "Too fast" },
  });
});

test.each([
  ["connected", { kind: "status", status: "connected", value: null }],
  ["need_passkey", { kind: "other", status: null, value: "need_passkey" }],
  ["constructor", { kind: "other", status: null, value: "constructor" }],
])("the word %s", (status, expected) => {
  const word = { kind: "session_status", status, detail: null } as const;
  expect(sessionEventOf(word, owner, "c/0", 9)).toMatchObject(expected);
});

test("the same callback is the same event, another part of it is another", () => {
  const idOf = (id: string) => sessionEventOf(fact, owner, id, 9).event_id;
  expect(idOf("c/0")).toBe(idOf("c/0"));
  expect(idOf("c/1")).not.toBe(idOf("c/0"));
  const before = sessionEventOf(fact, { ...owner, session: "" }, "c/0", 9);
  expect(before.event_id).toBe(idOf("c/0"));
});
