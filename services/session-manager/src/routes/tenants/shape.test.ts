import { describe, expect, test } from "vitest";
import { givenBrand, tenantBrand } from "./shape.ts";

describe("a brand", () => {
  test.each([
    ["a logo without encryption", { logo_url: "http://acme.example/logo.svg" }],
    ["a script for a logo", { logo_url: "javascript:alert(1)" }],
    ["a picture in the address", { logo_url: "data:image/svg+xml,<svg/>" }],
    ["an address of a page's own", { logo_url: "/logo.svg" }],
    ["too long an address", { logo_url: `https://acme.example/${"a".repeat(2048)}` }],
    ["a colour by its name", { colour: "red" }],
    ["a short colour", { colour: "#abc" }],
    ["more than a colour", { colour: "#aabbcc;--x:url(https://x)" }],
    ["an empty name", { name: " " }],
    ["what nobody knows", { font: "serif" }],
  ])("takes no %s", (_what, brand) => {
    expect(tenantBrand.safeParse(brand).success).toBe(false);
  });

  test("is whole: what is left out is none, and what says nothing is no brand", () => {
    expect(givenBrand(tenantBrand.parse({ colour: "#0A6e4f" }))).toEqual({
      name: null,
      logo_url: null,
      colour: "#0A6e4f",
    });
    const logo_url = `https://acme.example/${"a".repeat(2048 - 21)}`;
    expect(givenBrand(tenantBrand.parse({ logo_url }))?.logo_url).toBe(logo_url);
    for (const nothing of [null, {}, { name: null, logo_url: null, colour: null }])
      expect(givenBrand(tenantBrand.parse(nothing))).toBeNull();
  });
});
