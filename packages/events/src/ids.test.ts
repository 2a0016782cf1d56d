import fc from "fast-check";
import { expect, test } from "vitest";
import {
  canonicalJson,
  contentToken,
  derivedUuid,
  eventId,
  fingerprint,
  recipientToken,
  timeUuid,
} from "./ids.ts";

const part = fc.oneof(fc.string(), fc.integer(), fc.constant(null));

test("the same parts make the same id, other parts another; a UUID of version 8", () => {
  fc.assert(
    fc.property(fc.array(part), fc.array(part), (a, b) => {
      const id = derivedUuid(...a);
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(derivedUuid(...b) === id).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
});

test("parts do not run into each other", () => {
  expect(derivedUuid("ab", "c")).not.toBe(derivedUuid("a", "bc"));
  expect(eventId("1")).not.toBe(eventId(1));
  expect(eventId("m", "sent", 1)).toMatch(/^[0-9a-f]{32}$/);
});

test("ids of today are the ids of yesterday: what is stored and repeated must still collapse", () => {
  expect(derivedUuid("acme", "messages", "key-1", 0)).toBe("fb8a8fc2-9379-8a84-9563-935fd0cb1e13");
  expect(eventId("m1", "sent", 1)).toBe("e71bd15d54df6699d1d261512c9774e6");
});

test("time ids sort by their time and are UUIDs of version 7", () => {
  const random = fc.uint8Array({ minLength: 10, maxLength: 10 });
  const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
  fc.assert(
    fc.property(time, time, random, random, (a, b, r, s) => {
      const [first, second] = [timeUuid(a, r), timeUuid(b, s)];
      expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      if (a !== b) expect(first < second).toBe(a < b);
    }),
  );
});

test("a fingerprint does not depend on the order of fields, but on everything else", () => {
  expect(fingerprint({ a: 1, b: { c: [1, 2], d: null } })).toBe(
    fingerprint({ b: { d: null, c: [1, 2] }, a: 1 }),
  );
  expect(fingerprint({ a: [1, 2] })).not.toBe(fingerprint({ a: [2, 1] }));
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("a recipient's token differs by tenant, kind and key", () => {
  const of = (key: string, tenant: string, kind: string) =>
    recipientToken(key, tenant, { kind, value: "+15550001" });
  const tokens = [
    of("k", "acme", "phone"),
    of("k", "globex", "phone"),
    of("k", "acme", "bsuid"),
    of("l", "acme", "phone"),
  ];
  expect(new Set(tokens).size).toBe(4);
  expect(of("k", "acme", "phone")).toBe(tokens[0]);
});

test("a text's token evens out what providers change: Unicode form and white space", () => {
  const token = contentToken("k", "acme", "Caf\u00e9  at\nnine ");
  expect(contentToken("k", "acme", "Cafe\u0301 at nine")).toBe(token);
  expect(contentToken("k", "acme", "Caf\u00e9 at ten")).not.toBe(token);
  expect(contentToken("k", "globex", "Caf\u00e9 at nine")).not.toBe(token);
});

test("a text is the same text with other white space and Unicode form, and no other", () => {
  const token = (text: string) => contentToken("key", "acme", text);
  expect(token("Gr\u00fc\u00dfe,\n  Mara ")).toBe(token("Gru\u0308\u00dfe, Mara"));
  expect(token("Grüße, Mara")).not.toBe(token("Grüße, Maria"));
  expect(token("a b")).not.toBe(token("ab"));
});
