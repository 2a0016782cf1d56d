import { expect, test } from "vitest";
import { guessCountryCode, waIdOf } from "./wa-id.ts";

test.each([
  ["+1 (555) 000-1111", "1", "15550001111"],
  ["1 (555) 000-1111", "91", "9115550001111"],
  ["+5511987654321", "1", "5511987654321"],
  ["+5541987654321", "1", "554187654321"],
  ["+5215512345678", "1", "5215512345678"],
  ["+525512345678", "1", "5215512345678"],
])("%s from a +%s number is %s", (to, country, waId) => {
  expect(waIdOf(to, country)).toBe(waId);
});

test.each([
  ["15550001", "1"],
  ["79001112233", "7"],
  ["4670000000", "46"],
])("%s starts with +%s", (digits, code) => expect(guessCountryCode(digits)).toBe(code));
