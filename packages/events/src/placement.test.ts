import fc from "fast-check";
import { expect, test } from "vitest";
import { compactedKey, murmur2, partition, partitionsOf, tenantOfKey } from "./placement.ts";

// From Kafka's own UtilsTest.testMurmur2: other clients' default partitioner must find the same place.
test.each([
  ["21", -973932308],
  ["foobar", -790332482],
  ["a-little-bit-long-string", -985981536],
  ["a-little-bit-longer-string", -1486304829],
  ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
  ["abc", 479470107],
])("murmur2 of %s is Kafka's", (text, hash) => {
  expect(murmur2(new TextEncoder().encode(text))).toBe(hash);
});

const tenant = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);

test("a tenant's place is inside the topic and always the same", () => {
  fc.assert(
    fc.property(tenant, fc.integer({ min: 1, max: 64 }), (id, partitions) => {
      const place = partition(id, partitions);
      expect(place).toBeGreaterThanOrEqual(0);
      expect(place).toBeLessThan(partitions);
      expect(partition(id, partitions)).toBe(place);
    }),
  );
});

test("a large tenant spreads over no more partitions than agreed, beginning with its own, and an account never splits", () => {
  fc.assert(
    fc.property(tenant, fc.array(fc.string(), { maxLength: 50 }), (id, accounts) => {
      const home = partition(id, 64);
      for (const account of accounts) {
        const step = (partition(id, 64, { account, over: 8 }) - home + 64) % 64;
        expect(step).toBeLessThan(8);
        expect(partition(id, 64, { account, over: 8 })).toBe((home + step) % 64);
      }
    }),
  );
});

test("whatever its account, a record lies in one of the tenant's partitions, and none of them is named twice", () => {
  fc.assert(
    fc.property(tenant, fc.string(), fc.integer({ min: 1, max: 64 }), (id, account, partitions) => {
      const places = partitionsOf(id, partitions, 8);
      expect(places).toContain(partition(id, partitions, { account, over: 8 }));
      expect(new Set(places).size).toBe(places.length);
      expect(partitionsOf(id, partitions)).toEqual([partition(id, partitions)]);
    }),
  );
});

test("tenants are laid evenly enough: of 10,000 no partition of 64 has twice its share", () => {
  const counts = new Array<number>(64).fill(0);
  for (let i = 0; i < 10_000; i++) counts[partition(`tenant-${i}`, 64)]!++;
  expect(Math.max(...counts)).toBeLessThan((2 * 10_000) / 64);
  expect(Math.min(...counts)).toBeGreaterThan(10_000 / 64 / 2);
});

test("the tenant of a key is what stands before the first bar", () => {
  expect(tenantOfKey("acme")).toBe("acme");
  expect(tenantOfKey(compactedKey("acme", "template", "account|name|en"))).toBe("acme");
});
