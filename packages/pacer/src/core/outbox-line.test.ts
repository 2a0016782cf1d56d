import fc from "fast-check";
import { expect, test } from "vitest";
import {
  isDrained,
  isSettled,
  newOutboxLine,
  nextRows,
  openRange,
  published,
  type Range,
  resolveRange,
  rowsInMemory,
} from "./outbox-line.ts";

const rowsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ shard: 0, seq: first + i, event: new Uint8Array() }));

test("after a take-over, what lies above the watermark is read first", () => {
  const line = newOutboxLine(0, 10, 25);
  expect(nextRows(line, 100)).toEqual({ kind: "read", upTo: 25 });
  expect(openRange(line, 3).first).toBe(26);
});

test("a statement that is still under way holds back all after it", () => {
  const line = newOutboxLine(0, 0, 0);
  const a = openRange(line, 2);
  const b = openRange(line, 2);
  resolveRange(b.range, rowsFrom(b.first, 2), true);
  expect(nextRows(line, 100)).toEqual({ kind: "none" });
  expect(isSettled(line)).toBe(false);
  resolveRange(a.range, rowsFrom(a.first, 2), true);
  expect(nextRows(line, 100)).toMatchObject({ kind: "rows", upTo: 4 });
});

test("rows that memory has no room for are read from the store in their turn", () => {
  const line = newOutboxLine(0, 0, 0);
  const a = openRange(line, 2);
  const b = openRange(line, 2);
  resolveRange(a.range, rowsFrom(a.first, 2), true);
  resolveRange(b.range, rowsFrom(b.first, 2), false);
  expect(rowsInMemory(line)).toBe(2);
  expect(nextRows(line, 100)).toMatchObject({ kind: "rows", upTo: 2 });
  published(line, 2);
  expect(nextRows(line, 100)).toEqual({ kind: "read", upTo: 4 });
});

test("in whatever order statements end and batches go out, every row is published once, in order, never past an open one", () => {
  const statements = fc.array(fc.record({ count: fc.nat(4), used: fc.nat(4) }), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(
      statements,
      fc.array(fc.nat(19), { maxLength: 60 }),
      fc.integer({ min: 1, max: 6 }),
      (all, order, limit) => {
        const line = newOutboxLine(0, 0, 0);
        const open = all.map(({ count, used }) => {
          const { first, range } = openRange(line, count);
          return { range, rows: rowsFrom(first, Math.min(used, count)) };
        });
        const done = new Set<Range>();
        const out: number[] = [];
        const publish = () => {
          const next = nextRows(line, limit);
          if (next.kind !== "rows") return;
          for (const { range } of open)
            if (range.to <= next.upTo && range.rows === "open") expect(line.ranges).not.toContain(range);
          out.push(...next.rows.map(({ seq }) => seq));
          published(line, next.upTo);
        };
        for (const index of [...order, ...open.keys()]) {
          const one = open[index % open.length]!;
          if (!done.has(one.range)) resolveRange(one.range, one.rows, true);
          done.add(one.range);
          publish();
        }
        for (let i = 0; i <= open.length; i++) publish();
        expect(out).toEqual(open.flatMap(({ rows }) => rows.map(({ seq }) => seq)));
        expect(isDrained(line)).toBe(true);
      },
    ),
  );
});
