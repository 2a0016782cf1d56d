import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPicker, type Picker, type Row } from "./picker.ts";

let seq = 0;
const rows = (tenant: string, endpoint: string, count: number): Row[] =>
  Array.from({ length: count }, () => ({ seq: seq++, tenant, endpoint }));

const pickerOf = (slots: number, weights: Record<string, number> = {}) =>
  createPicker<Row>({ slots, weightOf: (tenant) => weights[tenant] ?? 1 });

function takeAll(picker: Picker<Row>, limit = 64): Row[] {
  const taken: Row[] = [];
  for (let row = picker.take(() => limit); row !== null; row = picker.take(() => limit)) taken.push(row);
  return taken;
}

const countBy = (taken: Row[], key: "tenant" | "endpoint") =>
  Object.fromEntries([...Map.groupBy(taken, (row) => row[key])].map(([name, all]) => [name, all.length]));

describe("the picker", () => {
  it("lets tenants take turns, whatever one of them has waiting", () => {
    const picker = pickerOf(40);
    picker.add([...rows("big", "b1", 1000), ...rows("small", "s1", 4), ...rows("tiny", "t1", 1)]);
    const first = [1, 2, 3, 4, 5].map(() => picker.take(() => 64)?.tenant);
    expect(first).toEqual(["big", "small", "tiny", "big", "small"]);
  });

  it("gives a tenant as many turns as its weight", () => {
    const picker = pickerOf(100, { heavy: 3 });
    picker.add([...rows("heavy", "h1", 50), ...rows("light", "l1", 50)]);
    const taken = Array.from({ length: 20 }, () => picker.take(() => 64)!);
    expect(countBy(taken, "tenant")).toEqual({ heavy: 15, light: 5 });
  });

  it("takes an endpoint up again that was at its limit", () => {
    const picker = pickerOf(8);
    picker.add(rows("a", "e", 3));
    const first = picker.take(() => 1)!;
    expect(picker.take(() => 1)).toBeNull();
    picker.done(first);
    expect(picker.take(() => 1)).not.toBeNull();
  });

  it("leaves places to others: a quarter of the slots beside them, three quarters alone", () => {
    const picker = pickerOf(40);
    picker.add([...rows("big", "b1", 100), ...rows("big", "b2", 100)]);
    expect(takeAll(picker).length).toBe(30);
    picker.add(rows("late", "l1", 100));
    expect(countBy(takeAll(picker), "tenant")).toEqual({ late: 10 });
  });

  it("keeps an endpoint to its limit, and one in a pause out", () => {
    const picker = pickerOf(40);
    picker.add([...rows("a", "slow", 10), ...rows("a", "dead", 10), ...rows("a", "fine", 3)]);
    const limits: Record<string, number> = { slow: 2, dead: 0, fine: 5 };
    const taken: Row[] = [];
    for (let row = picker.take((id) => limits[id]!); row !== null; row = picker.take((id) => limits[id]!))
      taken.push(row);
    expect(countBy(taken, "endpoint")).toEqual({ slow: 2, fine: 3 });
  });

  it("holds a row until it is settled, so that reading it again adds nothing", () => {
    const picker = pickerOf(4);
    const [row] = rows("a", "e", 1);
    picker.add([row!]);
    expect(picker.take(() => 1)).toBe(row);
    picker.done(row!);
    picker.add([row!]);
    expect(picker.take(() => 1)).toBeNull();
    picker.settled(row!);
    picker.add([row!]);
    expect(picker.take(() => 1)).toBe(row);
  });

  it("in any course of events exceeds no limit, hands no row out twice, and forgets none", () => {
    const course = fc.array(
      fc.oneof(
        fc.record({
          kind: fc.constant("add" as const),
          tenant: fc.nat(3),
          endpoint: fc.nat(2),
          count: fc.nat(20),
        }),
        fc.record({ kind: fc.constant("take" as const), limit: fc.integer({ min: 1, max: 8 }) }),
        fc.record({ kind: fc.constant("end" as const), which: fc.nat(50) }),
      ),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(course, (events) => {
        const picker = pickerOf(16);
        const added: Row[] = [];
        const flying: Row[] = [];
        const seen = new Set<number>();
        for (const event of events) {
          if (event.kind === "add") {
            const more = rows(`t${event.tenant}`, `t${event.tenant}e${event.endpoint}`, event.count);
            added.push(...more);
            picker.add(more);
          } else if (event.kind === "take") {
            const row = picker.take(() => event.limit);
            if (row === null) continue;
            expect(seen.has(row.seq)).toBe(false);
            seen.add(row.seq);
            flying.push(row);
            expect(flying.filter((one) => one.endpoint === row.endpoint).length).toBeLessThanOrEqual(
              event.limit,
            );
            expect(flying.filter((one) => one.tenant === row.tenant).length).toBeLessThanOrEqual(12);
          } else if (flying.length > 0) {
            const [row] = flying.splice(event.which % flying.length, 1);
            picker.done(row!);
            picker.settled(row!);
          }
          expect(picker.inFlight()).toBe(flying.length);
          expect(flying.length).toBeLessThanOrEqual(16);
        }
        for (const row of flying.splice(0)) picker.done(row);
        for (let row = picker.take(() => 1); row !== null; row = picker.take(() => 1)) {
          seen.add(row.seq);
          picker.done(row);
        }
        expect(seen.size).toBe(added.length);
      }),
    );
  });
});
