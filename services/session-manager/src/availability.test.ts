import fc from "fast-check";
import { expect, test } from "vitest";
import { availability, type Counts, countsOf, type Spell } from "./availability.ts";

const hour = 3_600_000;

test("an hour of trouble in a day is 23 hours of 24", () => {
  const spells: Spell[] = [
    { fromMs: -100 * hour, counts: "connected" },
    { fromMs: 5 * hour, counts: "wanted" },
    { fromMs: 6 * hour, counts: "connected" },
  ];
  expect(availability(spells, 0, 24 * hour)).toEqual({
    wantedMs: 24 * hour,
    connectedMs: 23 * hour,
    share: 23 / 24,
  });
});

test("time in which nobody wanted it counts for nothing", () => {
  const spells: Spell[] = [
    { fromMs: 0, counts: "connected" },
    { fromMs: 6 * hour, counts: "idle" },
  ];
  expect(availability(spells, 0, 24 * hour)).toEqual({ wantedMs: 6 * hour, connectedMs: 6 * hour, share: 1 });
  expect(availability([{ fromMs: 0, counts: "idle" }], 0, hour).share).toBeNull();
});

test("time before the session was made counts for nothing", () => {
  expect(availability([{ fromMs: 23 * hour, counts: "wanted" }], 0, 24 * hour)).toEqual({
    wantedMs: hour,
    connectedMs: 0,
    share: 0,
  });
  expect(availability([], 0, hour)).toEqual({ wantedMs: 0, connectedMs: 0, share: null });
});

test("waiting for a scan is wanted time, being suspended is not", () => {
  expect(
    ["connected", "need_scan", "auth_failed", "created", "suspended"].map((s) => countsOf(s as never)),
  ).toEqual(["connected", "wanted", "wanted", "wanted", "idle"]);
});

test("a window's availability is the sum of its parts, wherever it is cut", () => {
  const counts = fc.constantFrom<Counts>("connected", "wanted", "idle");
  fc.assert(
    fc.property(
      fc.array(fc.record({ gapMs: fc.integer({ min: 0, max: 1_000 }), counts }), { maxLength: 20 }),
      fc.nat({ max: 5_000 }),
      fc.nat({ max: 5_000 }),
      fc.nat({ max: 5_000 }),
      (steps, a, b, c) => {
        let at = 0;
        const spells = steps.map(({ gapMs, counts }) => {
          at += gapMs;
          return { fromMs: at, counts };
        });
        const [from, cut, to] = [a, b, c].sort((x, y) => x - y) as [number, number, number];
        const whole = availability(spells, from, to);
        const parts = [availability(spells, from, cut), availability(spells, cut, to)];
        expect(whole.wantedMs).toBe(parts[0]!.wantedMs + parts[1]!.wantedMs);
        expect(whole.connectedMs).toBe(parts[0]!.connectedMs + parts[1]!.connectedMs);
        expect(whole.connectedMs).toBeLessThanOrEqual(whole.wantedMs);
      },
    ),
  );
});
