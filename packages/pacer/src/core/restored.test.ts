import fc from "fast-check";
import { expect, test } from "vitest";
import { noTrace, type Recovery, type Restored, recover, type Told, trace } from "./restored.ts";

const lostAt = 1_000;
const loss = { lostAt, isAllTold: false };
const waiting: Restored = { n: 0, claimed: null, nextAt: null, isKnown: true };
const after = (...told: Told[]) => told.reduce(trace, noTrace);
const queued = (next: number, nextAt: number | null = null): Told => ({
  kind: "queued",
  next,
  nextAt,
  attempts: next - 1,
});
const ended = (outcome: "sent" | "failed" | "expired" | "cancelled", n: number): Told => ({
  kind: "ended",
  outcome,
  n,
  providerId: outcome === "sent" ? "p" : null,
});

test.each<[string, Restored, Told[], Recovery]>([
  ["nothing was told: it may have left", waiting, [], { kind: "doubt", n: 1 }],
  ["admitted since, no more was told", { ...waiting, isKnown: false }, [queued(1)], { kind: "doubt", n: 1 }],
  ["claimed when the copy was made", { ...waiting, claimed: 1 }, [], { kind: "doubt", n: 1 }],
  ["sent", waiting, [queued(1), ended("sent", 1)], { kind: "end", outcome: "sent", n: 1, providerId: "p" }],
  [
    "claimed in the copy, refused since and queued again",
    { ...waiting, claimed: 1 },
    [queued(2)],
    { kind: "doubt", n: 2 },
  ],
  [
    "refused since, and its wait is longer than the loss is ago",
    { ...waiting, claimed: 1 },
    [queued(2, lostAt + 1)],
    { kind: "wait", n: 1, nextAt: lostAt + 1, attempts: 1 },
  ],
  ["its wait was over", waiting, [queued(2, lostAt - 1)], { kind: "doubt", n: 2 }],
  [
    "scheduled for later",
    { ...waiting, nextAt: lostAt + 1 },
    [],
    { kind: "wait", n: 0, nextAt: lostAt + 1, attempts: null },
  ],
  [
    "read again and refused since: its claims would begin anew",
    { ...waiting, isKnown: false },
    [queued(2, lostAt + 1)],
    { kind: "doubt", n: 2 },
  ],
  [
    "expired since",
    waiting,
    [ended("expired", 0)],
    { kind: "end", outcome: "expired", n: 0, providerId: null },
  ],
  ["in doubt since", waiting, [{ kind: "in_doubt", n: 1 }], { kind: "doubt", n: 1 }],
  [
    "unconfirmed since",
    waiting,
    [
      { kind: "in_doubt", n: 1 },
      { kind: "unconfirmed", n: 1 },
    ],
    { kind: "end", outcome: "unconfirmed", n: 1, providerId: null },
  ],
  [
    "unconfirmed, then to be sent again",
    waiting,
    [{ kind: "unconfirmed", n: 1 }, queued(2)],
    { kind: "doubt", n: 2 },
  ],
  [
    "unconfirmed, and a receipt came: it is settled as sent",
    waiting,
    [
      { kind: "unconfirmed", n: 1 },
      { kind: "receipt", n: 1, outcome: "sent" },
    ],
    { kind: "doubt", n: 1 },
  ],
  [
    "a receipt of a claim before the last",
    waiting,
    [queued(2), { kind: "receipt", n: 1, outcome: "sent" }],
    { kind: "doubt", n: 1 },
  ],
  [
    "a receipt says that it failed",
    waiting,
    [{ kind: "receipt", n: 1, outcome: "failed" }],
    { kind: "doubt", n: 1 },
  ],
])("%s", (_, item, told, expected) => {
  expect(recover(item, after(...told), loss)).toEqual(expected);
});

test("where everything had been told, what was not told of was not done and waits on; a doubt stays one", () => {
  const allTold = { lostAt, isAllTold: true };
  expect(recover(waiting, noTrace, allTold)).toEqual({ kind: "wait", n: 0, nextAt: null, attempts: null });
  expect(recover(waiting, after(queued(2, 7)), allTold)).toEqual({
    kind: "wait",
    n: 1,
    nextAt: 7,
    attempts: 1,
  });
  expect(recover({ ...waiting, claimed: 1 }, noTrace, allTold)).toEqual({ kind: "doubt", n: 1 });
  expect(recover(waiting, after({ kind: "in_doubt", n: 1 }), allTold)).toEqual({ kind: "doubt", n: 1 });
});

const anyTold = fc.oneof<fc.Arbitrary<Told>[]>(
  fc.record({
    kind: fc.constant("ended"),
    outcome: fc.constantFrom("sent", "failed", "expired", "cancelled"),
    n: fc.nat(3),
    providerId: fc.constant(null),
  }),
  fc.record({ kind: fc.constant("unconfirmed"), n: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant("in_doubt"), n: fc.integer({ min: 1, max: 3 }) }),
  fc.integer({ min: 1, max: 4 }).map((next) => queued(next, next * 400)),
  fc.record({
    kind: fc.constant("receipt"),
    n: fc.integer({ min: 1, max: 3 }),
    outcome: fc.constantFrom("sent", "failed"),
  }),
);

test("the same words in any order, some of them twice, lead to the same decision", () => {
  fc.assert(
    fc.property(
      fc.array(anyTold, { maxLength: 6 }).chain((told) =>
        fc.tuple(
          fc.constant(told),
          fc.shuffledSubarray([...told, ...told.slice(0, 2)], {
            minLength: told.length + Math.min(2, told.length),
          }),
        ),
      ),
      ([told, shuffled]) => {
        // Two ends that differ are told of no item; then the later one would have to be known by more than its number.
        fc.pre(told.filter(({ kind }) => kind === "ended").length < 2);
        expect(recover(waiting, after(...shuffled), loss)).toEqual(recover(waiting, after(...told), loss));
      },
    ),
  );
});

test("a claim that may be open is never sent: unless an end was told or it surely waited, it is in doubt", () => {
  fc.assert(
    fc.property(
      fc.array(anyTold, { maxLength: 6 }),
      fc.nat(3),
      fc.option(fc.integer({ min: 1, max: 4 })),
      (told, n, claimed) => {
        const recovery = recover({ n, claimed, nextAt: null, isKnown: true }, after(...told), loss);
        if (recovery.kind !== "wait") return;
        expect(recovery.nextAt).toBeGreaterThan(lostAt);
        // No claim above the ones that came to nothing was ever heard of.
        const heard = told.flatMap((one) => (one.kind === "in_doubt" ? [one.n] : []));
        expect(Math.max(0, claimed ?? 0, ...heard)).toBeLessThanOrEqual(recovery.n);
      },
    ),
  );
});
