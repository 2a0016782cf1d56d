import fc from "fast-check";
import { expect, test } from "vitest";
import { growth, none, successRatio, totalsOf } from "./outcomes.ts";
import { createTenantSeries, type TenantLook } from "./series.ts";

const look = (accepted: number, over: Partial<TenantLook> = {}): TenantLook => ({
  totals: { ...none, accepted, sent: accepted },
  webhooks: {},
  waiting: 0,
  oldestS: 0,
  inDoubt: 0,
  sessions: {},
  ...over,
});
const minute = 60_000;

test("the busiest are named, the rest is one series of sums, of which the oldest counts", () => {
  const series = createTenantSeries(1);
  series(
    new Map([
      ["a", look(0)],
      ["b", look(0)],
      ["c", look(0)],
    ]),
    0,
  );
  const { figures, others } = series(
    new Map([
      ["a", look(100, { waiting: 1, oldestS: 5, sessions: { connected: 1 } })],
      ["b", look(2, { waiting: 2, oldestS: 7, sessions: { connected: 1 } })],
      ["c", look(3, { waiting: 4, oldestS: 6, sessions: { connected: 1, disconnected: 1 } })],
    ]),
    minute,
  );
  expect(others).toBe(2);
  expect(figures.find(({ tenant }) => tenant === "a")).toMatchObject({
    waiting: 1,
    messages: { accepted: 100 },
  });
  expect(figures.find(({ tenant }) => tenant === "other")).toMatchObject({
    waiting: 6,
    oldestS: 7,
    messages: { accepted: 5, sent: 5 },
    sessions: { connected: 2, disconnected: 1 },
  });
});

test("what was before the first look is not counted, as a counter of this process begins at zero", () => {
  const series = createTenantSeries(5);
  expect(series(new Map([["a", look(1_000_000)]]), 0).figures[0]?.messages.accepted).toBe(0);
  expect(series(new Map([["a", look(1_000_007)]]), minute).figures[0]?.messages.accepted).toBe(7);
});

test("no counter ever falls, whoever is named, and none of the growth is lost or doubled", () => {
  const steps = fc.array(fc.array(fc.nat(50), { minLength: 4, maxLength: 4 }), {
    minLength: 2,
    maxLength: 15,
  });
  fc.assert(
    fc.property(steps, fc.integer({ min: 0, max: 4 }), (growths, most) => {
      const series = createTenantSeries(most);
      const totals = [0, 0, 0, 0];
      const before = new Map<string, number>();
      let grown = 0;
      for (const [step, by] of growths.entries()) {
        for (const [i, n] of by.entries()) totals[i]! += n;
        if (step > 0) grown += by.reduce((sum, n) => sum + n, 0);
        const looks = new Map(totals.map((total, i) => [`t${i}`, look(total)]));
        for (const { tenant, messages } of series(looks, step * 10 * minute).figures) {
          expect(messages.accepted).toBeGreaterThanOrEqual(before.get(tenant) ?? 0);
          before.set(tenant, messages.accepted);
        }
      }
      expect([...before.values()].reduce((sum, n) => sum + n, 0)).toBe(grown);
    }),
  );
});

test("a message that was sent and then failed takes nothing back from a counter", () => {
  const sent = totalsOf({ sent: 3, delivered: 2 });
  const failed = totalsOf({ sent: 2, delivered: 2, failed: 1 });
  expect(sent).toMatchObject({ accepted: 5, sent: 5, delivered: 2, failed: 0 });
  expect(growth(sent, failed)).toEqual({ ...none, failed: 1 });
});

test("success is of what ended; where nothing ended there is none", () => {
  expect(successRatio({ ...none, accepted: 9, sent: 6, failed: 1, expired: 1 })).toBe(0.75);
  expect(successRatio({ ...none, accepted: 9, cancelled: 2 })).toBeNull();
});
