import type { SessionEvent } from "@wamesh/events";
import { sessionEvent } from "@wamesh/testing";
import { expect, test } from "vitest";
import { useOf } from "./credential-use.ts";

const reason = { code: "c", fault_class: "provider", provider_code: "131000", detail: "" } as const;

test.each<[string, Partial<SessionEvent>, ReturnType<typeof useOf>]>([
  ["a send that the provider refused for another reason used them", { evidence: "send", reason }, use(true)],
  [
    "a send that was refused for them used them in vain",
    { evidence: "send", reason: { ...reason, fault_class: "credentials" } },
    use(false),
  ],
  [
    "a send that never left did not use them",
    { evidence: "send", reason: { ...reason, provider_code: null } },
    null,
  ],
  ["a callback did not use them", { evidence: "callback", reason }, null],
  ["an event without a reason says nothing of them", { evidence: "send", reason: null }, null],
])("%s", (_what, change, expected) => {
  expect(useOf(sessionEvent({ kind: "send_failed", occurred_at: 7, ...change }))).toEqual(expected);
});

function use(accepted: boolean) {
  return { atMs: 7, accepted };
}
