import type { TenantBrand } from "@wamesh/events";
import { expect, test } from "vitest";
import { type Brands, brandOf } from "./brand.ts";

const red = { name: "Red", logo_url: "https://red.example/logo.svg", colour: "#aa0000" };
const blue = { name: null, logo_url: null, colour: "#0000aa" };

type Case = [what: string, own: TenantBrand | null, agencys: TenantBrand | null, expected: object | null];
const cases: Case[] = [
  ["its own", red, blue, red],
  ["its own under its own name", blue, red, { ...blue, name: "The shop" }],
  ["its agency's", null, red, red],
  ["its agency's under the agency's name", null, blue, { ...blue, name: "The north" }],
  ["the mesh's", null, null, null],
];

test.each(cases)("a tenant sees %s", (_what, own, agencys, expected) => {
  const tenants: Record<string, ReturnType<Brands["tenant"]>> = {
    north: { parent: null, record: { name: "The north", brand: agencys } },
    shop: { parent: "north", record: { name: "The shop", brand: own } },
  };
  expect(brandOf("shop", { tenant: (id) => tenants[id] })).toEqual(expected);
});

test("an agency sees nothing of its children's", () => {
  const north = { parent: null, record: { name: "The north", brand: null } };
  const shop = { parent: "north", record: { name: "The shop", brand: red } };
  expect(brandOf("north", { tenant: (id) => ({ north, shop })[id] })).toBeNull();
});

test("who is not known yet has none", () => {
  expect(brandOf("shop", { tenant: () => undefined })).toBeNull();
  expect(
    brandOf("shop", { tenant: (id) => (id === "shop" ? { parent: "north", record: null } : undefined) }),
  ).toBeNull();
});
