import { seededRandom } from "@wamesh/testing/outside";
import { expect, test } from "vitest";
import { asAFlood, postOf } from "./posts.ts";

const app = { id: "1", secret: "s", verifyToken: "v" };
const receipt = { messageId: "m", number: "301", waba: "201", status: "read", atS: 1 } as const;

test("receipts of one account share an entry, and a batch holds them all", () => {
  const { body } = postOf(app, [receipt, receipt, { ...receipt, waba: "202" }]);
  const { entry } = JSON.parse(body.toString());
  expect(entry.map((one: { id: string; changes: unknown[] }) => [one.id, one.changes.length])).toEqual([
    ["201", 2],
    ["202", 1],
  ]);
});

test("a flood holds everything, about one in fifty twice, in another order", () => {
  const items = Array.from({ length: 5_000 }, (_, i) => i);
  const flood = asAFlood(items, seededRandom(1));
  expect(new Set(flood)).toEqual(new Set(items));
  expect(flood.length - items.length).toBeGreaterThan(60);
  expect(flood.length - items.length).toBeLessThan(140);
  expect(flood.slice(0, 100)).not.toEqual(items.slice(0, 100));
});
