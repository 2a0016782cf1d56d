import fc from "fast-check";
import { expect, test } from "vitest";
import { counterDeltas, countersOf } from "./counters.ts";

const names = [
  "accepted",
  "queued",
  "claimed",
  "in_doubt",
  "unconfirmed",
  "sent",
  "delivered",
  "read",
  "played",
  "failed",
  "expired",
  "cancelled",
];

test("the counters are what is there, whatever way the rows went and in whatever order the moves are added", () => {
  const journey = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(
      fc.array(journey, { maxLength: 20 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 5 })),
      (journeys, sizes) => {
        const moves = journeys.flatMap((stops) =>
          stops.map((became, i) => ({ tenant: "a", was: stops[i - 1] ?? null, became, n: 1 })),
        );
        const values: Record<string, number> = {};
        for (let i = 0; i < moves.length; ) {
          const size = sizes.next().value!;
          for (const { name, value } of counterDeltas(moves.slice(i, i + size)))
            values[name] = (values[name] ?? 0) + value;
          i += size;
        }
        for (const name of names)
          expect(values[name] ?? 0).toBe(journeys.filter((stops) => stops.at(-1) === name).length);
      },
    ),
  );
});

test("no message is lost in the sums: accepted is all that waits, is doubtful, was sent or ended", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), fc.nat(1_000)), (values) => {
      const all = names.reduce((sum, name) => sum + (values[name] ?? 0), 0);
      const c = countersOf(values);
      expect(c.accepted).toBe(all);
      expect(c.waiting + c.in_doubt + c.unconfirmed + c.sent + c.failed + c.expired + c.cancelled).toBe(all);
    }),
  );
});

test("who was read was also delivered and sent", () => {
  expect(countersOf({ sent: 1, delivered: 2, read: 4, played: 8 })).toMatchObject({
    sent: 15,
    delivered: 14,
    read: 12,
  });
});

test("tenants are kept apart, and moves that cancel out touch no row", () => {
  const moved = [
    { tenant: "b", was: null, became: "sent", n: 2 },
    { tenant: "a", was: "sent", became: "read", n: 1 },
    { tenant: "a", was: "read", became: "sent", n: 1 },
  ];
  expect(counterDeltas(moved)).toEqual([{ tenant: "b", name: "sent", value: 2 }]);
});
