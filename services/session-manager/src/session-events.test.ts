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
    "the provider's word at a send that the session is not connected",
    {
      kind: "paused",
      reason: { ...refused, code: "session_not_connected", fault_class: "provider" },
    },
  ],
  [
    "sends refused in a row for no reason of their own",
    { kind: "send_failed", reason: { ...refused, code: "provider_refused", fault_class: "UNKNOWN" } },
  ],
])("%s shows disconnected, by a send", (_title, change) => {
  const seen = observation({ ...event, status: null, evidence: "send", ...change });
  expect(seen).toMatchObject({ status: "disconnected", evidence: "send", detail: refused.detail });
});

test.each<[string, Partial<SessionEvent>]>([
  [
    "a send refused for its content",
    { kind: "send_failed", evidence: "send", reason: { ...refused, fault_class: "content" } },
  ],
  ["a throttle", { kind: "throttled", evidence: "send" }],
  [
    "a provider that could not be reached",
    {
      kind: "paused",
      evidence: "send",
      reason: { ...refused, code: "provider_unreachable", fault_class: "provider" },
    },
  ],
  ["a kind from a newer writer", { kind: "UNKNOWN" }],
  ["our own probe, read back", { evidence: "probe" }],
  ["an order given here, read back", { evidence: "operator" }],
  ["a status event without a status", { status: null }],
])("%s says nothing about the state", (_title, change) => {
  expect(observation({ ...event, ...change })).toBeNull();
});
