import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRecipient, type RecipientInput } from "./recipient.ts";

test.each<[string, RecipientInput, { kind: string; value: string }]>([
  ["a number in E.164", "+15551234567", { kind: "phone", value: "+15551234567" }],
  ["a number as people write it", "+1 (555) 123-4567", { kind: "phone", value: "+15551234567" }],
  [
    "a number named as one",
    { kind: "phone", value: "+4915123456789" },
    { kind: "phone", value: "+4915123456789" },
  ],
  ["a BSUID", { kind: "bsuid", value: "US.8a1B2c3D" }, { kind: "bsuid", value: "US.8a1B2c3D" }],
  ["a parent BSUID", { kind: "bsuid", value: "US.ENT.8a1B" }, { kind: "bsuid", value: "US.ENT.8a1B" }],
  [
    "a group",
    { kind: "group", value: "120363000000000001@g.us" },
    { kind: "group", value: "120363000000000001@g.us" },
  ],
  [
    "a channel",
    { kind: "channel", value: "12036@newsletter" },
    { kind: "channel", value: "12036@newsletter" },
  ],
])("%s is taken", (_, input, recipient) => {
  expect(parseRecipient(input)).toEqual({ kind: "parsed", recipient });
});

test.each<[string, RecipientInput, string]>([
  ["no country code", "5551234567", "to"],
  ["too short", "+1555", "to"],
  ["too long", "+155512345678901", "to"],
  ["a country code nobody has", "+9991234567", "to"],
  ["words around it", "+15551234567 ask for Bob", "to"],
  ["an extension", "+15551234567 ext. 5", "to"],
  ["letters", "+hello", "to"],
  ["nothing", "", "to"],
  ["blank", { kind: "phone", value: "  " }, "to.value"],
  ["a BSUID without country", { kind: "bsuid", value: "8a1B2c3D" }, "to.value"],
  ["a group with a space", { kind: "group", value: "1203 63" }, "to.value"],
  ["a channel without its domain", { kind: "channel", value: "12036" }, "to.value"],
])("%s is refused at the door with the field named", (_, input, field) => {
  expect(parseRecipient(input)).toMatchObject({
    kind: "refused",
    refusal: { code: "recipient_impossible", field },
  });
});

test("whatever comes in, a phone number that comes out is E.164, and comes out of itself", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\+[0-9 ()-]{6,20}$/)), (text) => {
      const parsed = parseRecipient(text);
      if (parsed.kind === "refused") return;
      expect(parsed.recipient.value).toMatch(/^\+[1-9][0-9]{4,16}$/);
      expect(parseRecipient(parsed.recipient.value)).toEqual(parsed);
    }),
  );
});
