import { type ContactConsent, personTokens } from "@wamesh/events";
import { contactConsent } from "@wamesh/testing";
import { describe, expect, test } from "vitest";
import { type ConsentState, findOptedOut, foldConsent, isUnwanted } from "./consents.ts";

const keys = ["new key", "old key"];
const mara = { kind: "phone", value: "+551187654321" } as const;
const tokenOf = (key: number) => personTokens(keys, "acme", mara)[key]!;

function after(...said: Partial<ContactConsent>[]): ConsentState {
  const state: ConsentState = new Map();
  for (const one of said) foldConsent(state, contactConsent({ recipient_token: tokenOf(0), ...one }));
  return state;
}

const found = (state: ConsentState, recipient: Parameters<typeof findOptedOut>[3] = mara, tenant = "acme") =>
  findOptedOut(state, keys, tenant, recipient);

describe("who has opted out", () => {
  test("is known by scope, the wider one first", () => {
    expect(found(after())).toBeNull();
    expect(found(after({ scope: "marketing" }))).toBe("marketing");
    expect(found(after({ scope: "marketing" }, { scope: "all" }))).toBe("all");
  });

  test("is found under an older key of the ring, and however the number is written", () => {
    const state = after({ scope: "all", recipient_token: tokenOf(1) });
    expect(found(state)).toBe("all");
    expect(found(state, { kind: "phone", value: "+5511987654321" })).toBe("all");
    expect(found(state, { kind: "phone", value: "+5511987654322" })).toBeNull();
  });

  test("is another tenant's contact untouched", () => {
    expect(found(after({ scope: "all" }), mara, "globex")).toBeNull();
  });

  test("is free again after a return, which takes no room", () => {
    const state = after({ scope: "all", version: 1 }, { scope: "all", version: 2, opted_out: false });
    expect(found(state)).toBeNull();
    expect(state.get("acme")?.all.size).toBe(0);
  });

  test("stays so when an older record comes again", () => {
    const out = { scope: "all", version: 3 } as const;
    expect(found(after(out, { ...out, version: 2, opted_out: false }))).toBe("all");
    expect(found(after(out, out))).toBe("all");
  });

  test("a scope of a later release changes nothing", () => {
    expect(found(after({ scope: "UNKNOWN" }))).toBeNull();
  });
});

test.each([
  [null, "marketing", false],
  ["marketing", "marketing", true],
  ["marketing", "utility", false],
  ["marketing", null, false],
  ["all", "authentication", true],
  ["all", null, true],
] as const)("opted out of %s, a message of category %s is unwanted: %s", (scope, category, unwanted) => {
  expect(isUnwanted(scope, category)).toBe(unwanted);
});
