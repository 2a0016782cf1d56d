import { messageStatus } from "@wamesh/testing";
import { expect, test } from "vitest";
import { sentIn } from "./sent-by-day.ts";

const at = Date.UTC(2026, 10, 22, 23, 59, 59);
const told = (over: Parameters<typeof messageStatus>[0]) =>
  messageStatus({ tenant: "acme", status: "sent", origin: "mesh", occurred_at: at, ...over });

test("a message that left counts once, on its day, for its tenant", () => {
  expect(
    sentIn([
      told({ tenant: "globex" }),
      told({}),
      told({}),
      told({ occurred_at: at + 1_000 }),
      told({ origin: "provider" }),
      told({ status: "failed" }),
    ]),
  ).toEqual([
    { tenant: "acme", day: "2026-11-22", sent: 2 },
    { tenant: "acme", day: "2026-11-23", sent: 1 },
    { tenant: "globex", day: "2026-11-22", sent: 1 },
  ]);
});
