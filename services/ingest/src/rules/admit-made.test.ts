import { eventOutcome, outboundMessage } from "@wamesh/testing";
import { expect, test } from "vitest";
import { judgeMade, type RuleLimits, sortOut } from "./admit-made.ts";
import type { WaitingStep } from "./begin-rule.ts";

const limits = (room: number, refusedRecipient = ""): RuleLimits => {
  let left = room;
  return {
    quota: {
      room: (_, lane) => (lane === "otp" ? 100 : left),
      enter: (_, lanes) => {
        left -= lanes.filter((lane) => lane !== "otp").length;
      },
      retryAfterS: () => 1,
      maxQueued: () => room,
    },
    otp: {
      refuses: async ({ recipient }) =>
        recipient.value === refusedRecipient ? { by: "recipient", most: 5, retryAfterMs: 1 } : null,
    },
    onRefused: () => {},
  };
};
const ids = ["a", "b", "c"];
const messages = ids.map((message_id) => outboundMessage({ message_id, lane: "standard" }));
const made = {
  messages,
  instead: ids.map(
    (_, step): WaitingStep => ({
      step,
      dueAt: 7,
      request: {} as never,
      fingerprint: "",
      scheduled: eventOutcome({ step, outcome: "scheduled", due_at: 7, message_ids: [], reason: null }),
    }),
  ),
  outcomes: ids.map((id, step) => eventOutcome({ step, outcome: "messages", message_ids: [id] })),
};

test("what finds no room waits, in the order of events, and its event says so", async () => {
  const sorted = sortOut(made, await judgeMade(limits(1), messages));
  expect(sorted.messages.map((one) => one.message_id)).toEqual(["a"]);
  expect(sorted.waiting.map(({ step }) => step)).toEqual([1, 2]);
  expect(sorted.outcomes).toMatchObject([
    { outcome: "messages", message_ids: ["a"] },
    { step: 1, outcome: "scheduled", due_at: 7, message_ids: [], reason: { code: "queue_full" } },
    { step: 2, outcome: "scheduled", reason: { code: "queue_full" } },
  ]);
});

test("a one-time password has room of its own, and beyond its recipient's limit is not made", async () => {
  const codes = messages.map((one, i) => ({
    ...one,
    lane: "otp" as const,
    recipient: { ...one.recipient, value: `+1555000000${i}` },
  }));
  const sorted = sortOut({ ...made, messages: codes }, await judgeMade(limits(0, "+15550000001"), codes));
  expect(sorted.messages.map((one) => one.message_id)).toEqual(["a", "c"]);
  expect(sorted.waiting).toEqual([]);
  expect(sorted.outcomes[1]).toMatchObject({
    outcome: "failed",
    due_at: null,
    reason: { code: "otp_limit" },
  });
});
