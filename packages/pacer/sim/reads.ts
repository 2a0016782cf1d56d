/** The calls of the store that only read. Several statements of one call may see different states, as on Postgres. */
import type {
  Fence,
  OutboxRow,
  PollReply,
  PollRequest,
  RefillReply,
  RefillRequest,
  Reply,
  WindowKey,
} from "../src/store.ts";
import { readArrived, readDoubts, readUnconfirmed } from "./read-doubts.ts";
import {
  commandKey,
  fenced,
  gateOf,
  headOf,
  isBehind,
  itemOf,
  outboxOf,
  type Pending,
  type Running,
  stands,
  type Tables,
} from "./tables.ts";

/** sql/refill.ts looks this far ahead. */
const aheadMs = 6_000;

export function* refill(
  tables: Tables,
  owner: string,
  { fences, windows, gates }: RefillRequest,
): Running<RefillReply> {
  let held = fenced(tables, owner, fences);
  const now = tables.now();
  const found = windows.map((wish): RefillReply["windows"][number] => {
    if (!held.has(wish.shard)) return { scanned: 0, reached: null, heads: [] };
    const after = { place: wish.after.place, at: wish.after.offset };
    const rows = [...tables.pending.values()]
      .filter((row) => isOf(row, wish) && stands(after, row) && row.place <= now + aheadMs)
      .sort((a, b) => a.place - b.place || a.at - b.at)
      .slice(0, wish.limit);
    const last = rows.at(-1);
    return {
      scanned: rows.length,
      reached: last === undefined ? null : { place: last.place, offset: last.at },
      heads: rows
        .filter(
          (row) =>
            (row.nextAt === null || row.nextAt <= now) &&
            !tables.attempts.has(row.id) &&
            !isBehind(tables, row),
        )
        .map(headOf),
    };
  });
  const fencedFirst = [...held.keys()];
  if (gates.length === 0) return { fenced: fencedFirst, dbNow: now, windows: found, promoted: [] };
  yield "next";
  held = fenced(tables, owner, fences);
  const promoted = gates.flatMap(({ shard, lane, conversation }) => {
    if (!held.has(shard)) return [];
    let first: Pending | undefined;
    for (const row of tables.gates.get(gateOf(shard, lane, conversation) ?? "") ?? [])
      if (first === undefined || stands(row, first)) first = row;
    return first === undefined || tables.attempts.has(first.id) ? [] : [headOf(first)];
  });
  return {
    fenced: windows.length > 0 ? fencedFirst : [...held.keys()],
    dbNow: now,
    windows: found,
    promoted,
  };
}

export function* poll(tables: Tables, owner: string, request: PollRequest): Running<PollReply> {
  const { fences, since, until, commandsSince, limit } = request;
  const first = fenced(tables, owner, fences);
  const dbNow = tables.now();
  yield "next";
  const due = rowsOf(tables, fenced(tables, owner, fences))
    .filter(({ nextAt }) => nextAt !== null && nextAt > Math.floor(since) && nextAt <= until)
    .filter((row) => !tables.attempts.has(row.id) && !isBehind(tables, row))
    .sort((a, b) => a.nextAt! - b.nextAt!)
    .slice(0, limit)
    .map(headOf);
  yield "next";
  const doomed = readDoomed(tables, fenced(tables, owner, fences), request).slice(0, limit);
  yield "next";
  const doubts = readDoubts(tables, fenced(tables, owner, fences));
  yield "next";
  doubts.push(...readUnconfirmed(tables, fenced(tables, owner, fences), commandsSince));
  yield "next";
  const arrived = readArrived(tables, fenced(tables, owner, fences));
  return { fenced: [...first.keys()], dbNow, due, doomed, doubts, arrived, inDoubt: [] };
}

function rowsOf(tables: Tables, held: ReadonlyMap<number, number>): Pending[] {
  return held.size === 0 ? [] : [...tables.pending.values()].filter(({ shard }) => held.has(shard));
}

function readDoomed(
  tables: Tables,
  held: ReadonlyMap<number, number>,
  { gone, cancelled, commandsSince }: PollRequest,
): PollReply["doomed"] {
  const now = tables.now();
  return rowsOf(tables, held)
    .filter(({ id }) => !tables.attempts.has(id))
    .flatMap((row): PollReply["doomed"] => {
      const item = itemOf(row);
      if (row.notAfter <= now) return [{ item, why: "expired" }];
      const cancel = tables.commands.get(commandKey({ ...row, kind: "cancel" }));
      if (cancel !== undefined && cancel.createdAt > commandsSince) return [{ item, why: "cancelled" }];
      if (cancelled.some((window) => isOf(row, window))) return [{ item, why: "cancelled" }];
      return gone.includes(row.member) ? [{ item, why: "gone" }] : [];
    });
}

function isOf(row: Pending, { shard, member, lane, stream }: WindowKey): boolean {
  return row.shard === shard && row.member === member && row.lane === lane && (row.stream ?? "") === stream;
}

export function readOutbox(
  tables: Tables,
  owner: string,
  { fence, after, upTo, limit }: { fence: Fence; after: number; upTo: number; limit: number },
): Reply & { rows: OutboxRow[] } {
  const { shard } = fence;
  if (!fenced(tables, owner, [fence]).has(shard)) return { fenced: [], dbNow: Number.NaN, rows: [] };
  const rows = [...outboxOf(tables, shard)]
    .filter(([seq]) => seq > after && seq <= upTo)
    .sort(([a], [b]) => a - b)
    .slice(0, limit)
    .map(([seq, event]) => ({ shard, seq, event }));
  return { fenced: [shard], dbNow: tables.now(), rows };
}
