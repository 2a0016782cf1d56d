/** The tables of the schedule, in memory, with the fence and the two locks that matter (see sql/fence.ts, sql/admit.ts). */
import type { Command, Echo, Item, Lane } from "../src/item.ts";
import type { Arrived, Fence, Head, PaceRow } from "../src/store.ts";

export type Pending = Item & { gate: string | null; place: number; at: number };
export type Attempt = {
  id: string;
  shard: number;
  epoch: number;
  n: number;
  claimedAt: number;
  state: "claimed" | "in_doubt";
  resolveBy: number | null;
};
export type Done = {
  id: string;
  shard: number;
  outcome: string;
  n: number;
  fingerprint: string;
  /** Null once it is forgotten. */
  item: Pending | null;
};
export type KeptCommand = Command & { n: number | null; createdAt: number };
export type Lease = {
  owner: string | null;
  epoch: number;
  expiresAt: number;
  released: boolean;
  publishedSeq: number;
  /** Statements under way that hold it FOR KEY SHARE. */
  sharers: number;
};
export type Cursor = { nextOffset: number; lastAt: number; locked: boolean };

export type Tables = {
  /** The server's clock. */
  now: () => number;
  leases: Map<number, Lease>;
  cursors: Map<string, Cursor>;
  pending: Map<string, Pending>;
  gates: Map<string, Set<Pending>>;
  attempts: Map<string, Attempt>;
  done: Map<string, Done>;
  pace: Map<string, PaceRow>;
  outbox: Map<number, Map<number, Uint8Array>>;
  echoes: Map<string, Echo>;
  commands: Map<string, KeptCommand>;
};

/**
 * A call in progress: at each yield other calls may come in between. `next` begins another statement, `locked` waits for
 * somebody else's lock.
 */
export type Running<R> = Generator<"next" | "locked", R, void>;

export function newTables(now: () => number): Tables {
  return {
    now,
    leases: new Map(),
    cursors: new Map(),
    pending: new Map(),
    gates: new Map(),
    attempts: new Map(),
    done: new Map(),
    pace: new Map(),
    outbox: new Map(),
    echoes: new Map(),
    commands: new Map(),
  };
}

export function leaseOf(tables: Tables, shard: number): Lease {
  let lease = tables.leases.get(shard);
  if (lease === undefined) {
    lease = {
      owner: null,
      epoch: 0,
      expiresAt: Number.NEGATIVE_INFINITY,
      released: true,
      publishedSeq: 0,
      sharers: 0,
    };
    tables.leases.set(shard, lease);
  }
  return lease;
}

/** The shards for which this owner holds the lease under the epoch it names. */
export function fenced(tables: Tables, owner: string, fences: readonly Fence[]): Map<number, number> {
  const held = new Map<number, number>();
  for (const { shard, epoch } of fences) {
    const lease = leaseOf(tables, shard);
    if (lease.owner === owner && lease.epoch === epoch && lease.expiresAt > tables.now())
      held.set(shard, epoch);
  }
  return held;
}

export function outboxOf(tables: Tables, shard: number): Map<number, Uint8Array> {
  let rows = tables.outbox.get(shard);
  if (rows === undefined) {
    rows = new Map();
    tables.outbox.set(shard, rows);
  }
  return rows;
}

export function gateOf(shard: number, lane: Lane, conversation: string): string | null {
  return lane === "otp" ? null : `${shard} ${lane} ${conversation}`;
}

export function insertPending(tables: Tables, row: Pending): void {
  tables.pending.set(row.id, row);
  if (row.gate === null) return;
  const gate = tables.gates.get(row.gate);
  if (gate === undefined) tables.gates.set(row.gate, new Set([row]));
  else gate.add(row);
}

export function deletePending(tables: Tables, row: Pending): void {
  tables.pending.delete(row.id);
  if (row.gate !== null) tables.gates.get(row.gate)?.delete(row);
}

export function stands(a: { place: number; at: number }, before: { place: number; at: number }): boolean {
  return a.place < before.place || (a.place === before.place && a.at < before.at);
}

export function isBehind(tables: Tables, row: Pending): boolean {
  if (row.gate === null) return false;
  for (const other of tables.gates.get(row.gate) ?? []) if (stands(other, row)) return true;
  return false;
}

export function headOf(row: Pending): Head {
  const { id, shard, tenant, member, lane, place, at, n, nextAt } = row;
  return { id, shard, tenant, member, lane, stream: row.stream ?? "", place, offset: at, n, nextAt };
}

export function itemOf(row: Pending): Item {
  const { gate: _gate, place: _place, at: _at, ...item } = row;
  return item;
}

/** The outbox's key: a statement that breaks it fails as a whole. */
export function refuseTaken(
  tables: Tables,
  { shard, seq, event }: { shard: number; seq: number; event: Uint8Array | null },
): void {
  if (event !== null && outboxOf(tables, shard).has(seq)) throw new Error(`outbox ${shard}:${seq} exists`);
}

export function commandKey({ id, tenant, kind, shard }: Command): string {
  return `${id} ${tenant} ${kind} ${shard}`;
}

export function isCancelled(tables: Tables, { id, tenant, shard }: Pending): boolean {
  return tables.commands.has(commandKey({ id, tenant, kind: "cancel", shard }));
}

/** The newest receipt that says that an earlier claim of it was sent. */
export function arrivalOf(tables: Tables, row: Pending): Arrived | null {
  for (let { n } = row; n > 0; n--) {
    const echo = tables.echoes.get(`${row.id} ${n}`);
    if (echo?.outcome === "sent") return { item: itemOf(row), n, providerId: echo.providerId, at: echo.at };
  }
  return null;
}

export function upsertPace(
  tables: Tables,
  held: ReadonlyMap<number, number>,
  pace: readonly PaceRow[],
): void {
  for (const row of pace) {
    const { shard, scope, key } = row;
    if (!held.has(shard)) continue;
    const name = `${shard} ${scope} ${key}`;
    const kept = tables.pace.get(name);
    const day = Math.max(row.day, kept?.day ?? 0);
    tables.pace.set(name, {
      ...row,
      nextArrival: Math.max(kept?.nextArrival ?? Number.NEGATIVE_INFINITY, Math.ceil(row.nextArrival)),
      day,
      dayCount: Math.max(...[kept, row].map((of) => (of?.day === day ? of.dayCount : 0))),
    });
  }
}
