import { expect, test } from "vitest";
import { createOtpGuard, otpBudgets } from "./otp-guard.ts";
import type { SharedTaken } from "./shared-budgets.ts";

const limits = { perRecipient: 5, perPrefix: 200 };
const asked = (kind: "phone" | "bsuid", value: string) => ({
  tenant: "acme",
  message_id: "m1",
  recipient: { kind, value },
  recipient_token: "token",
});

test("numbers that begin with the same seven digits share a budget; ids of users do not", () => {
  const names = (kind: "phone" | "bsuid", value: string) =>
    otpBudgets(asked(kind, value), limits).map(({ name }) => name);
  expect(names("phone", "+15551234567")).toEqual([
    "otp:recipient:token",
    "otp:recipient-hour:token",
    "otp:prefix:1555123",
  ]);
  expect(names("phone", "+15551239999").at(-1)).toBe("otp:prefix:1555123");
  expect(names("bsuid", "US.8a1B2c")).toHaveLength(2);
});

test.each<[string, SharedTaken, object | null, number]>([
  ["taken", { kind: "taken", left: 1, wholeInMs: 1 }, null, 0],
  [
    "refused by the recipient's hour",
    { kind: "refused", by: "otp:recipient-hour:token", retryAfterMs: 9 },
    { by: "recipient", most: 5, retryAfterMs: 9 },
    0,
  ],
  [
    "refused by the prefix",
    { kind: "refused", by: "otp:prefix:1555123", retryAfterMs: 9 },
    { by: "prefix", most: 200, retryAfterMs: 9 },
    0,
  ],
  ["Redis away: allowed, and counted", { kind: "unknown", error: new Error("away") }, null, 1],
])("%s", async (_, taken, refusal, unchecked) => {
  let counted = 0;
  const guard = createOtpGuard({
    budgets: { take: async () => taken },
    limitsOf: () => limits,
    onUnchecked: () => void counted++,
  });
  expect(await guard.refuses(asked("phone", "+15551234567"))).toEqual(refusal);
  expect(counted).toBe(unchecked);
});
