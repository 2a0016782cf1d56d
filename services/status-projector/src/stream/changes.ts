/** SQL of the table `change`: written with each batch, read by the open streams, forgotten after ten minutes. */
import { type Sql, type Tx, withTenants } from "@wamesh/store";
import type { Change } from "./kinds.ts";
import type { Position } from "./position.ts";

export const keptMs = 600_000;

/** In the transaction of the rows: who sees one sees the other. */
export async function noteChanges(tx: Tx, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  await tx`
    insert into change (tenant, kind, ids)
    select tenant, kind, ids
    from json_to_recordset(${JSON.stringify(changes)}::text::json) as r(tenant text, kind text, ids text[])`;
}

/** Any process may, at any time. */
export async function forgetChanges(sql: Sql): Promise<void> {
  await withTenants(
    sql,
    "all",
    (tx) => tx`delete from change where at < clock_timestamp() - ${keptMs} * interval '1 millisecond'`,
  );
}

/** What is visible now. */
export async function readPosition(sql: Sql): Promise<Position> {
  const [row] = await sql<{ snapshot: string; at: Date }[]>`
    select pg_current_snapshot()::text as snapshot, clock_timestamp() as at`;
  return positionOf(row!);
}

/**
 * What has become visible since, each change exactly once over all calls: however long a transaction took, it is invisible in
 * one snapshot and visible in the next.
 */
export async function readChanges(
  sql: Sql,
  since: Position,
  tenants: readonly string[],
): Promise<{ changes: Change[]; position: Position }> {
  type Row = { snapshot: string; at: Date } & (Change | { tenant: null });
  const rows = await withTenants(
    sql,
    tenants,
    (tx) => tx<Row[]>`
      select pg_current_snapshot()::text as snapshot, clock_timestamp() as at, c.tenant, c.kind, c.ids
      from (select) as now left join (
        select tenant, kind, ids from change
        where xact >= pg_snapshot_xmin(${since.snapshot}::pg_snapshot)
          and not pg_visible_in_snapshot(xact, ${since.snapshot}::pg_snapshot)
          and tenant = any(${tenants}::text[])
      ) as c on true`,
  );
  const changes = rows.flatMap((row) =>
    row.tenant === null ? [] : [{ tenant: row.tenant, kind: row.kind, ids: row.ids }],
  );
  return { changes, position: positionOf(rows[0]!) };
}

/**
 * Of the transactions from `xact` on what is visible at `position`, with each one's number: for streams that left off there.
 * `known` is false where this database has not come that far: it is another one.
 */
export async function readSince(
  sql: Sql,
  xact: bigint,
  position: Position,
  tenants: readonly string[],
): Promise<{ known: boolean; changes: (Change & { xact: bigint })[] }> {
  type Row = { known: boolean } & ((Change & { xact: string }) | { tenant: null });
  const rows = await withTenants(
    sql,
    tenants,
    (tx) => tx<Row[]>`
      select ${String(xact)}::xid8 <= pg_snapshot_xmax(pg_current_snapshot()) as known,
        c.tenant, c.kind, c.ids, c.xact::text as xact
      from (select) as now left join (
        select tenant, kind, ids, xact from change
        where xact >= ${String(xact)}::xid8 and pg_visible_in_snapshot(xact, ${position.snapshot}::pg_snapshot)
          and tenant = any(${tenants}::text[])
      ) as c on true`,
  );
  const changes = rows.flatMap((row) =>
    row.tenant === null ? [] : [{ tenant: row.tenant, kind: row.kind, ids: row.ids, xact: BigInt(row.xact) }],
  );
  return { known: rows[0]!.known, changes };
}

function positionOf({ snapshot, at }: { snapshot: string; at: Date }): Position {
  return { snapshot, atMs: at.getTime() };
}
