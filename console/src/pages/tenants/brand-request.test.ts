import { expect, test } from "vitest";
import { brandOf, fieldsOf } from "./brand-request.ts";

const none = { name: "", logoUrl: "", colour: "" };

test("a form that is left empty takes the brand away", () => {
  expect(brandOf({ ...none, name: "  " })).toBeNull();
  expect(brandOf(fieldsOf(null))).toBeNull();
});

test("what is sent is what was shown, and an empty field is none", () => {
  const brand = { name: "North", logo_url: null, colour: "#0a6e4f" };
  expect(brandOf(fieldsOf(brand))).toEqual(brand);
});

test.each([
  ["#0a6e4f", "#0a6e4f"],
  [" 0A6E4F ", "#0A6E4F"],
  ["#0a5", "#00aa55"],
  // The API says what is wrong with it.
  ["green", "green"],
])("a colour written %j is sent as %j", (written, sent) => {
  expect(brandOf({ ...none, colour: written })?.colour).toBe(sent);
});
