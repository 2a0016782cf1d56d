import { describe, expect, test } from "vitest";
import { recipientToken } from "./ids.ts";
import { personOf, personsOf, personTokens } from "./person.ts";

describe("the same person is found however the number is written", () => {
  test.each([
    ["Brazil", "+5511987654321", "+551187654321"],
    ["Mexico", "+5215512345678", "+525512345678"],
    ["Argentina", "+5491123456789", "+541123456789"],
    ["with spaces", "+1 555 123-4567", "15551234567"],
  ])("%s", (_where, a, b) => {
    const [x, y] = [a, b].map((value) => personOf({ kind: "phone", value }));
    expect(x).toEqual(y);
    expect(x).not.toBeNull();
  });

  test("and different people stay apart", () => {
    const values = ["+5511987654321", "+5511987654322", "+4915112345678", "+15551234567"];
    expect(new Set(values.map((value) => personOf({ kind: "phone", value })?.value)).size).toBe(4);
  });
});

test("groups, channels and what is no number are nobody", () => {
  for (const [kind, value] of [
    ["group", "120363000000000001@g.us"],
    ["channel", "120363000000000009@newsletter"],
    ["phone", "Mara"],
    ["UNKNOWN", "+15551234567"],
  ] as const)
    expect(personOf({ kind, value })).toBeNull();
});

test("a writer is known by each name that can be written to, once", () => {
  const persons = personsOf({
    sender: { kind: "phone", value: "+551187654321" },
    identities: [
      { kind: "phone", value: "5511987654321" },
      { kind: "bsuid", value: "BR.8a1B2c" },
      { kind: "parent_bsuid", value: "BR.ENT.77" },
      { kind: "username", value: "mara" },
      { kind: "lid", value: "123456789012345" },
    ],
  });
  expect(persons).toEqual([
    { kind: "phone", value: "+551187654321" },
    { kind: "bsuid", value: "BR.8a1B2c" },
    { kind: "bsuid", value: "BR.ENT.77" },
  ]);
});

test("a person has one token for each key of the ring, newest first", () => {
  const person = { kind: "phone", value: "+15551234567" } as const;
  expect(personTokens(["new", "old"], "acme", person)).toEqual(
    ["new", "old"].map((key) => recipientToken(key, "acme", person)),
  );
});
