import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import { expect, test } from "vitest";
import { mostSampleNumbers, sampleCsv, sampleNumbers } from "./sample-numbers.ts";

test("all sample numbers are distinct, possible, and of the lines kept for fiction", () => {
  const numbers = sampleNumbers(mostSampleNumbers);
  expect(mostSampleNumbers).toBeGreaterThanOrEqual(50_000);
  expect(new Set(numbers).size).toBe(mostSampleNumbers);
  for (const number of numbers) expect(number).toMatch(/^\+1[2-9][0-8]\d55501\d\d$/);
  for (const number of numbers.slice(0, 2_000))
    expect(parsePhoneNumberFromString(number, { extract: false })?.isPossible(), number).toBe(true);
});

test.each([
  [0, 0],
  [-5, 0],
  [2.9, 2],
  [10 ** 9, mostSampleNumbers],
])("%s asked for, %s given", (wanted, given) => expect(sampleNumbers(wanted)).toHaveLength(given));

test("the CSV has the header that audiences ask for, and a line for each", () => {
  expect(sampleCsv(2)).toBe(
    "to,name,external_ref\n+12005550100,Mara,sample-1\n+12075550100,Jonas,sample-2\n",
  );
});
