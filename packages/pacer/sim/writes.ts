/** Items into the schedule and under a claim: what sql/admit.ts and sql/claim.ts do. */
import type { AdmitRequest, ClaimReply, ClaimRequest, Reply, Verdict } from "../src/store.ts";
import {
  arrivalOf,
  fenced,
  gateOf,
  insertPending,
  isBehind,
  isCancelled,
  itemOf,
  leaseOf,
  outboxOf,
  type Pending,
  type Running,
  refuseTaken,
  stands,
  type Tables,
  upsertPace,
} from "./tables.ts";

/** Two instants: what the statement sees, and when others see what it did. */
export function* admit(
  tables: Tables,
  owner: string,
  request: AdmitRequest,
): Running<Reply & { verdicts: Verdict[] }> {
  const { fence, items, events, firstSeq } = request;
  const { shard } = fence;
  const key = `${request.cluster} ${request.topic} ${request.partition}`;
  let cursor = tables.cursors.get(key);
  while (cursor?.locked) yield "locked";
  if (!fenced(tables, owner, [fence]).has(shard)) return { fenced: [], dbNow: tables.now(), verdicts: [] };
  if (cursor === undefined) {
    cursor = { nextOffset: 0, lastAt: 0, locked: false };
    tables.cursors.set(key, cursor);
  }
  const at = Math.floor(request.admittedAt);
  const base = Math.max(at, Math.min(cursor.lastAt, at + 5_000));
  const fresh = new Map<number, Pending>();
  const verdicts: Verdict[] = items.map((item, index) => {
    const known = (tables.pending.get(item.id) ?? tables.done.get(item.id))?.fingerprint;
    if (Number(item.offset) < cursor.nextOffset) return { kind: "below_cursor" };
    if (known !== undefined) return { kind: known === item.fingerprint ? "known" : "conflict" };
    const place = Math.max(item.nextAt ?? 0, base);
    fresh.set(index, {
      ...item,
      nextAt: item.nextAt !== null && item.nextAt > base ? item.nextAt : null,
      shard,
      attempts: 0,
      n: 0,
      admittedAt: at,
      gate: gateOf(shard, item.lane, item.conversation),
      place,
      at: Number(item.offset),
    });
    return { kind: "known" };
  });
  const heads = new Map<number, boolean>();
  for (const [index, row] of fresh) {
    const others = [...fresh.values()].filter((other) => other.gate === row.gate);
    heads.set(
      index,
      row.gate === null || (!isBehind(tables, row) && !others.some((other) => stands(other, row))),
    );
  }
  const cancelled = new Set([...fresh.values()].filter((row) => isCancelled(tables, row)));
  const lease = leaseOf(tables, shard);
  lease.sharers++;
  cursor.locked = true;
  yield "next";
  lease.sharers--;
  cursor.locked = false;
  for (const index of fresh.keys())
    refuseTaken(tables, { shard, seq: firstSeq + index, event: events[index]! });
  for (const [index, row] of fresh) {
    if (tables.pending.has(row.id)) throw new Error(`pending ${row.id} exists`);
    insertPending(tables, row);
    outboxOf(tables, shard).set(firstSeq + index, events[index]!);
    verdicts[index] = {
      kind: "new",
      head: heads.get(index)!,
      cancelled: cancelled.has(row),
      place: row.place,
      offset: row.at,
    };
  }
  cursor.nextOffset = Math.max(cursor.nextOffset, request.nextOffset);
  cursor.lastAt = base;
  return { fenced: [shard], dbNow: tables.now(), verdicts };
}

export function claim(tables: Tables, owner: string, { fences, items, pace }: ClaimRequest): ClaimReply {
  const held = fenced(tables, owner, fences);
  upsertPace(tables, held, pace);
  const now = tables.now();
  const reply: ClaimReply = {
    fenced: [...held.keys()],
    dbNow: held.size > 0 ? now : Number.NaN,
    claimed: [],
    expired: [],
    cancelled: [],
    arrived: [],
  };
  for (const { shard, id } of items) {
    const row = tables.pending.get(id);
    const epoch = held.get(shard);
    if (row === undefined || epoch === undefined || row.shard !== shard) continue;
    if (tables.attempts.has(id) || tables.done.has(id)) continue;
    const arrived = arrivalOf(tables, row);
    if (arrived !== null) reply.arrived.push(arrived);
    else if (isCancelled(tables, row)) reply.cancelled.push(itemOf(row));
    else if (row.notAfter <= now) reply.expired.push(itemOf(row));
    else if ((row.nextAt === null || row.nextAt <= now) && !isBehind(tables, row)) {
      const n = row.n + 1;
      tables.attempts.set(id, { id, shard, epoch, n, claimedAt: now, state: "claimed", resolveBy: null });
      reply.claimed.push({ item: { ...itemOf(row), n }, claimedAt: now });
    }
  }
  return reply;
}
