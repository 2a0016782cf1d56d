import type { SessionEvent } from "@wamesh/events";
import { expect, test } from "vitest";
import { observation } from "./session-events.ts";

const event: SessionEvent = {
  event_id: "e",
  tenant: "acme",
  session: "ses_1",
  account: "acc_1",
  kind: "status",
  status: "disconnected",
  value: null,
  template: null,
  evidence: "callback",
  reason: null,
  detail: "",
  occurred_at: 5,
  recorded_at: 6,
};
const refused = { code: "credentials_refused", provider_code: "190", detail: "The token has expired." };

test("a callback's status is an observation at the time it happened", () => {
  expect(observation(event)).toEqual({
    kind: "observed",
    status: "disconnected",
    evidence: "callback",
    atMs: 5,
    detail: "",
  });
});

test("a send refused for its credentials shows auth_failed, with the sentence its tenant may see", () => {
  const failed: SessionEvent = {
    ...event,
    kind: "send_failed",
    status: null,
    evidence: "send",
    reason: { ...refused, fault_class: "credentials" },
  };
  expect(observation(failed)).toMatchObject({
    status: "auth_failed",
    evidence: "send",
    detail: "The token has expired.",
  });
});

test.each<[string, Partial<SessionEvent>]>([
  [
    "a send refused for its content",
    { kind: "send_failed", evidence: "send", reason: { ...refused, fault_class: "content" } },
  ],
  ["a throttle", { kind: "throttled", evidence: "send" }],
  ["a kind from a newer writer", { kind: "UNKNOWN" }],
  ["our own probe, read back", { evidence: "probe" }],
  ["an order given here, read back", { evidence: "operator" }],
  ["a status event without a status", { status: null }],
])("%s says nothing about the state", (_title, change) => {
  expect(observation({ ...event, ...change })).toBeNull();
});
