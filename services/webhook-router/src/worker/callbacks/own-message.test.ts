import { contentToken, recipientToken } from "@wamesh/events";
import { describe, expect, it } from "vitest";
import { recognisable } from "./own-message.ts";

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
});
