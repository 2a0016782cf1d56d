import { contentToken, recipientToken } from "@wamesh/events";
import { canonicalDigits } from "@wamesh/providers";
import { describe, expect, it } from "vitest";
import { addressedAs, recognisable } from "./own-message.ts";

const own = {
  kind: "own_message",
  providerKey: "K",
  recipientDigits: "15550001111",
  text: "Hi",
  success: true,
  occurredAt: null,
} as const;

describe("an own message", () => {
  it("is recognised by tokens under every key of the ring, and names nobody", () => {
    const known = recognisable(own, "acme", ["new", "old"]);
    const person = { kind: "phone", value: "+15550001111" };
    expect(known?.recipientTokens).toEqual(["new", "old"].map((key) => recipientToken(key, "acme", person)));
    expect(known?.contentTokens).toEqual(["new", "old"].map((key) => contentToken(key, "acme", "Hi")));
    expect(JSON.stringify(known)).not.toMatch(/5550001111|Hi"/);
  });

  it.each([{ recipientDigits: null }, { text: null }])("with %j can't be ours", (over) => {
    expect(recognisable({ ...own, ...over }, "acme", ["key"])).toBeNull();
  });

  it.each([
    ["+5511987654321", "phone"],
    ["+551187654321", "phone"],
    ["+5215512345678", "phone"],
    ["+525512345678", "phone"],
    ["+5491112345678", "phone"],
    ["+15550001111", "phone"],
    ["+4915112345678", "phone"],
    ["120363041234567890@g.us", "group"],
    ["4915112345678-1600000000@g.us", "group"],
    ["120363000000000009@newsletter", "channel"],
  ] as const)("to %s is found however WhatsApp spells it", (value, kind) => {
    const digits = canonicalDigits({ kind, value })!;
    expect(addressedAs(digits)).toContainEqual({ kind, value });
  });
});
