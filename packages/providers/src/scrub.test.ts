import fc from "fast-check";
import { expect, test } from "vitest";
import { scrub } from "./scrub.ts";

test.each([
  [
    "Failed to send message: Invalid number JID: +15550001111",
    "Failed to send message: Invalid number JID: [number]",
  ],
  ["to 15550001111@s.whatsapp.net failed", "to [address] failed"],
  ["for wamid.HBgLMTU1NTAwMDExMTEVAgARGBI0QTFC", "for [message id]"],
  [`key ${"a1".repeat(32)} is wrong`, "key [redacted] is wrong"],
  ["ask mara@example.test", "ask [address]"],
  ["expected 3 params, got 2", "expected 3 params, got 2"],
  ["HTTP 502 at 10:22", "HTTP 502 at 10:22"],
  ["two\nlines", "two lines"],
])("%s", (said, shown) => {
  expect(scrub(said)).toBe(shown);
});

test("whatever is around it, a phone number or a key is not shown", () => {
  const number = fc.stringMatching(/^\+?[1-9]\d{7,14}$/);
  const key = fc.stringMatching(/^[0-9a-f]{64}$/);
  fc.assert(
    fc.property(fc.string(), fc.oneof(number, key), fc.string(), (before, secret, after) => {
      const shown = scrub(`${before} ${secret} ${after}`);
      expect(shown).not.toContain(secret.replace("+", ""));
      expect(shown.length).toBeLessThanOrEqual(300);
    }),
  );
});
