/** The calls of the store that concern a shard as a whole: its lease and its watermark. */
import type { Acquired, ClaimRequest, Fence, Reply } from "../src/store.ts";
import { fenced, leaseOf, outboxOf, type Running, type Tables, upsertPace } from "./tables.ts";

export function* acquire(
  tables: Tables,
  owner: string,
  { shard, leaseMs }: { shard: number; leaseMs: number },
): Running<Acquired | null> {
  const lease = leaseOf(tables, shard);
  while (lease.sharers > 0) yield "locked";
  if (!(lease.owner === null || isSameProcess(lease.owner, owner) || lease.expiresAt <= tables.now()))
    return null;
  const { released } = lease;
  lease.owner = owner;
  lease.epoch++;
  lease.released = false;
  lease.expiresAt = tables.now() + leaseMs;
  const { epoch, publishedSeq } = lease;
  const dbNow = tables.now();
  yield "next";
  const lastSeq = Math.max(publishedSeq, ...outboxOf(tables, shard).keys());
  const windows = new Map<string, Acquired["windows"][number]>();
  for (const row of tables.pending.values()) {
    if (row.shard !== shard) continue;
    const { member, lane, tenant } = row;
    const stream = row.stream ?? "";
    const key = `${member} ${lane} ${stream}`;
    const window = windows.get(key);
    if (window === undefined) windows.set(key, { shard, member, lane, stream, tenant, count: 1 });
    else window.count++;
  }
  const today = Math.floor(tables.now() / 86_400_000);
  const pace = [...tables.pace.values()].filter(
    (row) =>
      row.shard === shard &&
      (row.nextArrival > tables.now() - (row.scope === "stream" ? 86_400_000 : 60_000) || row.day === today),
  );
  return {
    epoch,
    dbNow,
    cleanHandOver: released,
    publishedSeq,
    lastSeq,
    windows: [...windows.values()],
    pace,
  };
}

/** A process' lives are `<process>/<life>`. */
function isSameProcess(one: string, other: string): boolean {
  return one.split("/")[0] === other.split("/")[0];
}

export function renew(
  tables: Tables,
  owner: string,
  { fences, leaseMs }: { fences: readonly Fence[]; leaseMs: number },
): Reply {
  const held = [...fenced(tables, owner, fences).keys()];
  for (const shard of held) leaseOf(tables, shard).expiresAt = tables.now() + leaseMs;
  return { fenced: held, dbNow: held.length > 0 ? tables.now() : Number.NaN };
}

export function* release(
  tables: Tables,
  owner: string,
  { fences, pace }: { fences: readonly Fence[]; pace: ClaimRequest["pace"] },
): Running<void> {
  upsertPace(tables, fenced(tables, owner, fences), pace);
  yield "next";
  for (const { shard, epoch } of fences) {
    const lease = leaseOf(tables, shard);
    if (lease.owner !== owner || lease.epoch !== epoch) continue;
    lease.owner = null;
    lease.released = true;
    lease.expiresAt = Number.NEGATIVE_INFINITY;
  }
}

export function watermark(
  tables: Tables,
  owner: string,
  { marks }: { marks: readonly (Fence & { seq: number })[] },
): Reply {
  const held = fenced(tables, owner, marks);
  for (const { shard, seq } of marks) {
    if (!held.has(shard)) continue;
    const rows = outboxOf(tables, shard);
    for (const kept of rows.keys()) if (kept <= seq) rows.delete(kept);
    const lease = leaseOf(tables, shard);
    lease.publishedSeq = Math.max(lease.publishedSeq, seq);
  }
  return { fenced: [...held.keys()], dbNow: held.size > 0 ? tables.now() : Number.NaN };
}
