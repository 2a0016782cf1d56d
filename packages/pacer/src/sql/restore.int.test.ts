/** A schedule that was set back: what it has forgotten is neither sent again nor lost. */
import { until } from "@wamesh/testing";
import { expect, test } from "vitest";
import { joined, schedule } from "../../test/each-test.ts";
import { batch, bench, item } from "../../test/schedule.ts";
import type { Recovery } from "../core/restored.ts";
import { endedBefore, restoredItems, type Settlement, settleRestored } from "./restore.ts";

const id = (n: number) => `m1/c${n}/${n}`;

function settlement(n: number, recovery: Recovery, over: Partial<Settlement> = {}): Settlement {
  return { id: id(n), tenant: "t1", recovery, item: null, sentAt: null, ...over };
}

/** Items 0 to 3 wait, and 2 is claimed by an owner that died with the lost database. */
async function olderState(): Promise<void> {
  const first = joined(bench(schedule, { send: () => new Promise(() => {}), settings: { stopMs: 0 } }));
  first.pacer.own(0);
  await first.pacer.admit(
    batch([0, 1, 2, 3].map((n) => item({ id: id(n), nextAt: Date.now() + 3_600_000 }))),
  );
  await first.pacer.stop();
  await schedule.sql`update pending set next_at = null where id <> ${id(3)}`;
  await schedule.sql`
    insert into attempt (id, shard, epoch, n, claimed_at, state) values (${id(2)}, 0, 1, 1, now_ms(), 'claimed')`;
}

test("what ended stays ended, what may have left is in doubt, what was accepted since is neither lost nor sent unasked", async () => {
  await olderState();
  const rows = await restoredItems(schedule.sql, 0);
  expect(rows.map(({ id: of, claimed }) => [of, claimed]).sort()).toEqual([
    [id(0), null],
    [id(1), null],
    [id(2), 1],
    [id(3), null],
  ]);
  const settled = {
    shard: 0,
    settlements: [
      settlement(0, { kind: "end", outcome: "sent", n: 1, providerId: "p" }, { sentAt: Date.now() }),
      settlement(1, { kind: "doubt", n: 2 }),
      settlement(2, { kind: "doubt", n: 1 }),
      // The schedule has never heard of these.
      settlement(4, { kind: "doubt", n: 1 }, { item: item({ id: id(4) }) }),
      settlement(
        5,
        { kind: "end", outcome: "sent", n: 1, providerId: "p" },
        { item: item({ id: id(5) }), sentAt: Date.now() },
      ),
    ],
    echoes: [
      { shard: 0, id: id(2), n: 1, outcome: "sent" as const, providerId: "p2", reason: null, at: Date.now() },
    ],
    cancelled: [{ id: id(6), tenant: "t1" }],
    usedUpUntil: 0,
  };
  await settleRestored(schedule.sql, settled);
  const tables = () =>
    Promise.all([
      schedule.sql`select id, n from pending order by id`,
      schedule.sql`select id, n, state from attempt order by id`,
      schedule.sql`select id, outcome, fingerprint from done order by id`,
      schedule.sql`select day_count from pace where scope = 'tenant'`,
    ]);
  const once = await tables();
  // Run again after a crash in the middle.
  await settleRestored(schedule.sql, settled);
  expect(await tables()).toEqual(once);
  expect(once[3]).toEqual([{ day_count: 2 }]);
  expect([...(await endedBefore(schedule.sql, [id(0), id(1), id(5)]))].sort()).toEqual([id(0), id(5)]);

  const next = joined(bench(schedule, { settings: { doubtMs: 60_000 } }));
  next.pacer.own(0);
  const again = await next.pacer.admit(batch([4, 5, 6, 7].map((n) => item({ id: id(n) }))));
  expect(again).toMatchObject({ admitted: 2, known: 2, conflicts: [] });
  await until(() => next.statusOf(id(7)).includes("sent"));
  await until(() => [1, 4].every((n) => next.statusOf(id(n)).at(-1) === "in_doubt"));
  await until(() => next.statusOf(id(2)).at(-1) === "sent");
  await until(() => next.statusOf(id(6)).at(-1) === "cancelled");
  expect(next.written.map(({ id: of }) => of)).toEqual([id(7)]);
  // The receipt of the claim that nobody told of.
  const receipt = { shard: 0, outcome: "sent" as const, providerId: "p", reason: null, at: Date.now() };
  await next.pacer.settle({ ...receipt, id: id(1), n: 2 });
  await until(() => next.statusOf(id(1)).at(-1) === "sent");
});

test("what surely waited waits on, under the number of its last claim", async () => {
  await olderState();
  const nextAt = Date.now() + 600_000;
  await settleRestored(schedule.sql, {
    shard: 0,
    settlements: [settlement(2, { kind: "wait", n: 1, nextAt, attempts: 1 })],
    echoes: [],
    cancelled: [],
    usedUpUntil: 0,
  });
  expect(
    await schedule.sql`select n, attempts, next_at::float8 as next_at from pending where id = ${id(2)}`,
  ).toEqual([{ n: 1, attempts: 1, next_at: nextAt }]);
  expect(await schedule.sql`select from attempt`).toEqual([]);
});

test("a shard that somebody holds is left alone", async () => {
  const owner = joined(bench(schedule));
  owner.pacer.own(0);
  await until(() => owner.pacer.owned().has(0));
  const nothing = { shard: 0, settlements: [], echoes: [], cancelled: [], usedUpUntil: 0 };
  await expect(settleRestored(schedule.sql, nothing)).rejects.toThrow("stop the dispatchers first");
});
