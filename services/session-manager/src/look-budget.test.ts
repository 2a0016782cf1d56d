import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextProbeMs } from "./lifecycle.ts";
import { type Budgets, budgets, type Due, grant } from "./look-budget.ts";

const small: Budgets = {
  cloud_api: { perMinute: 6, atOnce: 3 },
  wasender: { perMinute: 60, atOnce: 1 },
};
const due = (count: number, account = "a"): Due[] =>
  Array.from({ length: count }, (_, n) => ({ session: `s${n}`, account, provider: "cloud_api" }));

test("after a pause some are looked at at once, the others one by one", () => {
  const { now, later, freeAtMs } = grant(due(5), new Map(), 100_000, () => 0.5, small);
  expect(now).toEqual(["s0", "s1", "s2"]);
  expect(later).toEqual([
    { session: "s3", atMs: 115_000 },
    { session: "s4", atMs: 125_000 },
  ]);
  expect(freeAtMs.get("a")).toBe(130_000);
});

test("one account's crowd delays no other account", () => {
  const crowd = [...due(100, "crowd"), ...due(1, "lone")];
  expect(grant(crowd, new Map(), 0, Math.random, small).now.filter((s) => s === "s0")).toHaveLength(2);
});

test("in no stretch of time is an account asked more often than its budget allows, whatever is due when", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ afterMs: fc.nat({ max: 30_000 }), count: fc.nat({ max: 8 }) }), { maxLength: 40 }),
      (ticks) => {
        let nowMs = 1_000_000;
        let free = new Map<string, number>();
        const looks: number[] = [];
        for (const { afterMs, count } of ticks) {
          nowMs += afterMs;
          const granted = grant(due(count), free, nowMs, Math.random, small);
          free = new Map([...free, ...granted.freeAtMs]);
          for (const _ of granted.now) looks.push(nowMs);
        }
        const { perMinute, atOnce } = small.cloud_api;
        looks.forEach((from, first) => {
          looks.slice(first).forEach((to, count) => {
            expect(count + 1).toBeLessThanOrEqual(atOnce + ((to - from) * perMinute) / 60_000 + 1e-9);
          });
        });
      },
    ),
  );
});

describe("ten thousand sessions for an hour", () => {
  // 400 accounts of 20 numbers each, one of 1,000, and 1,000 WasenderApi sessions that are accounts by themselves.
  const sessions: Due[] = [
    ...Array.from({ length: 8_000 }, (_, n) => ({
      account: `waba${n % 400}`,
      provider: "cloud_api" as const,
    })),
    ...Array.from({ length: 1_000 }, () => ({ account: "large", provider: "cloud_api" as const })),
    ...Array.from({ length: 1_000 }, (_, n) => ({ account: `web${n}`, provider: "wasender" as const })),
  ].map((rest, n) => ({ session: `s${n}`, ...rest }));
  const looks = simulate(sessions, 3_600_000);

  test("no account goes beyond its budget in the settled part", () => {
    const { perMinute } = budgets.cloud_api;
    for (const account of ["large", "waba0", "waba399"]) {
      const settled = looks.filter((look) => look.account === account && look.atMs >= 1_800_000);
      expect(settled.length).toBeLessThanOrEqual(30 * perMinute + budgets.cloud_api.atOnce);
      expect(settled.length).toBeGreaterThan(30);
    }
  });

  test("every session with a share of its account's budget is looked at in the hour, those of small accounts every five minutes", () => {
    const seen = new Map<string, number>();
    for (const { session } of looks) seen.set(session, (seen.get(session) ?? 0) + 1);
    for (const { session, account } of sessions) {
      if (account === "large") continue;
      expect(seen.get(session) ?? 0).toBeGreaterThanOrEqual(account.startsWith("web") ? 9 : 6);
    }
  });

  test("they are spread: no second of the settled part holds five times its share", () => {
    const perSecond = new Map<number, number>();
    const settled = looks.filter(({ atMs }) => atMs >= 1_800_000);
    for (const { atMs } of settled) {
      const second = Math.floor(atMs / 1_000);
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    }
    expect(Math.max(...perSecond.values())).toBeLessThan((5 * settled.length) / 1_800);
  });
});

/** The schedule as probing runs it, tick by tick, all sessions connected and due at once at the beginning. */
function simulate(sessions: readonly Due[], forMs: number) {
  const dueAt = new Map(sessions.map(({ session }) => [session, 0]));
  const byId = new Map(sessions.map((one) => [one.session, one]));
  const free = new Map<string, number>();
  const looks: { session: string; account: string; atMs: number }[] = [];
  let seed = 1;
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  for (let atMs = 0; atMs < forMs; atMs += 1_000) {
    const ready = sessions.filter(({ session }) => dueAt.get(session)! <= atMs);
    const granted = grant(ready, free, atMs, random);
    for (const [account, time] of granted.freeAtMs) free.set(account, time);
    for (const { session, atMs: later } of granted.later) dueAt.set(session, later);
    for (const session of granted.now) {
      looks.push({ session, account: byId.get(session)!.account, atMs });
      dueAt.set(session, atMs + nextProbeMs("connected", 0, random()));
    }
  }
  return looks;
}
