import fc from "fast-check";
import { expect, test } from "vitest";
import { assignNumbers, type Member } from "./assignment.ts";

const members = fc.uniqueArray(
  fc.record({
    id: fc.stringMatching(/^[a-z]{1,6}$/),
    owned: fc.array(fc.integer({ min: -1, max: 70 }), { maxLength: 20 }),
    sinceMs: fc.integer({ min: 0, max: 5 }),
  }),
  { selector: ({ id }) => id, minLength: 1, maxLength: 8 },
);
const counts = fc.integer({ min: 0, max: 64 });

function owners(assigned: Map<string, number[]>): Map<number, string> {
  return new Map([...assigned].flatMap(([id, numbers]) => numbers.map((number) => [number, id] as const)));
}

/** The group after everybody took what it was given. */
function settled(assigned: Map<string, number[]>, sinceMs = 10): Member[] {
  return [...assigned].map(([id, owned]) => ({ id, owned, sinceMs }));
}

test("every number has exactly one owner, and no member more than one above another", () => {
  fc.assert(
    fc.property(members, counts, (group, count) => {
      const assigned = assignNumbers(group, count);
      const all = [...assigned.values()].flat().sort((a, b) => a - b);
      expect(all).toEqual(Array.from({ length: count }, (_, i) => i));
      const sizes = [...assigned.values()].map((numbers) => numbers.length);
      expect(assigned.size).toBe(group.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

test("the order in which members come does not matter", () => {
  fc.assert(
    fc.property(members, counts, (group, count) => {
      expect(assignNumbers([...group].reverse(), count)).toEqual(assignNumbers(group, count));
    }),
  );
});

test("a rebalance without a change of members moves nothing", () => {
  fc.assert(
    fc.property(members, counts, (group, count) => {
      const assigned = assignNumbers(group, count);
      expect(owners(assignNumbers(settled(assigned), count))).toEqual(owners(assigned));
    }),
  );
});

test("a member that leaves moves only its own numbers; one that comes takes only its share", () => {
  fc.assert(
    fc.property(members, counts, (group, count) => {
      const before = assignNumbers(group, count);
      const stay = settled(before);
      const [gone] = stay;
      if (stay.length > 1) {
        const after = owners(assignNumbers(stay.slice(1), count));
        for (const [number, id] of owners(before)) if (id !== gone!.id) expect(after.get(number)).toBe(id);
      }
      const joined = assignNumbers([...stay, { id: "NEW", owned: [], sinceMs: 0 }], count);
      const moved = [...owners(joined)].filter(([number, id]) => owners(before).get(number) !== id);
      expect(moved.length).toBe(joined.get("NEW")!.length);
    }),
  );
});

test("of two that claim a number the one that got it later keeps it", () => {
  const assigned = assignNumbers(
    [
      { id: "zombie", owned: [0, 1], sinceMs: 1 },
      { id: "owner", owned: [0, 1], sinceMs: 2 },
    ],
    4,
  );
  expect(assigned.get("owner")).toEqual([0, 1]);
  expect(assigned.get("zombie")).toEqual([2, 3]);
});
