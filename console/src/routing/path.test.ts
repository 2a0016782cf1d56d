import fc from "fast-check";
import { expect, test } from "vitest";
import { addressOf, matchParts, readPlace } from "./path.ts";

test("an address leads back to what it was made of, whatever is in it", () => {
  const part = fc.string({ minLength: 1 }).filter((text) => text !== "." && text !== "..");
  fc.assert(
    fc.property(part, fc.array(part), fc.string({ minLength: 1 }), (tenant, parts, value) => {
      const url = new URL(addressOf(tenant, parts, { q: value, empty: "" }), "http://mesh");
      const place = readPlace(url.pathname, url.search);
      expect(place.tenant).toBe(tenant);
      expect(place.parts).toEqual(parts);
      expect([...place.query]).toEqual([["q", value]]);
    }),
  );
});

test.each([
  ["/console", null, []],
  ["/console/", null, []],
  ["/console/acme", "acme", []],
  ["/console/acme/messages/%zz", "acme", ["messages", "%zz"]],
])("%s is read without a mistake", (pathname, tenant, parts) => {
  expect(readPlace(pathname, "")).toMatchObject({ tenant, parts });
});

test.each([
  [["messages", ":id"], ["messages", "7"], { id: "7" }],
  [["messages"], ["messages", "7"], null],
  [["messages", "new"], ["messages", "7"], null],
  [[], [], {}],
])("pattern %j on %j", (pattern, parts, found) => {
  expect(matchParts(pattern, parts)).toEqual(found);
});
