import { derivedUuid } from "@wamesh/events";
import { messageStatus } from "@wamesh/testing";
import { expect, test } from "vitest";
import { isNoOutcome, outcomesIn } from "./outcomes.ts";

const message_id = derivedUuid("a message");
const said = (status: Parameters<typeof messageStatus>[0] & object) =>
  messageStatus({ message_id, campaign: "cmp_1", ...status });

test("of a message's statuses the highest rank counts, in whatever order and however often they are told", () => {
  const statuses = [
    said({ status: "sent" }),
    said({ status: "failed", origin: "provider" }),
    said({ status: "sent" }),
  ];
  for (const order of [statuses, statuses.toReversed()])
    expect(outcomesIn(order)).toEqual([
      { tenant: "acme", campaign: "cmp_1", message: message_id, status: "failed", rank: 60 },
    ]);
});

test("messages of no campaign, receipts, and ids that are none of ours say nothing", () => {
  expect(
    outcomesIn([
      said({ campaign: null, status: "sent" }),
      said({ status: "delivered" }),
      said({ status: "in_doubt" }),
      said({ status: "sent", message_id: "no uuid" }),
    ]),
  ).toEqual([]);
});

test("most of a broadcast's statuses are passed over undecoded, and those without the header are not", () => {
  expect(
    ["accepted", "queued", "claimed", "in_doubt", "delivered", "read", "reference"].every(isNoOutcome),
  ).toBe(true);
  expect(["sent", "failed", "expired", "cancelled", "unconfirmed", undefined].some(isNoOutcome)).toBe(false);
});
