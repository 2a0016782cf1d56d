// The fold on a real Postgres: what the pure joins promise, the tables keep.
import { join } from "node:path";
import { connect, type Sql, unprotectedTables, withTenants } from "@wamesh/store";
import { type FreshDatabase, freshDatabase } from "@wamesh/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applyBatch } from "./apply.ts";
import {
  entriesOf,
  messageIds,
  outbound,
  status,
  type Told,
  tenants,
  toldTwice,
} from "./arbitrary-history.ts";
import { foldedTables } from "./checksums.ts";
import { views } from "./project.ts";
import { type Change, type Tally, tallyDeltas } from "./tally.ts";
import { type Entry, joinRows, keyColumns } from "./view.ts";

const schema = "projection";
let database: FreshDatabase;
let sql: Sql;

beforeAll(async () => {
  database = await freshDatabase({
    migrations: [{ schema, dirs: [join(import.meta.dirname, "../migrations")] }],
  });
  sql = connect({ url: database.appUrl(schema), schema, max: 8, applicationName: "projector-test" });
});

afterAll(async () => {
  await sql?.end();
  await database?.drop();
});

async function empty(): Promise<void> {
  await withTenants(sql, "all", async (tx) => {
    for (const { table } of [...foldedTables, { table: "stream_cursor" }])
      await tx.unsafe(`delete from ${table}`);
  });
}

const position = (partition: number) => ({ consumer: "test", cluster: "k", topic: "t", partition });

/** Feeds batches of one partition, one after the other, from its offset 0. */
async function feed(partition: number, batches: readonly Told[][]): Promise<void> {
  let offset = 0;
  for (const batch of batches) {
    const records = batch.map((told) => ({ offset: offset++, entries: entriesOf(told) }));
    await applyBatch(sql, position(partition), records, offset);
  }
}

async function tables(): Promise<Record<string, string[]>> {
  return await withTenants(sql, "all", async (tx) => {
    const all: Record<string, string[]> = {};
    for (const { table, where } of foldedTables) {
      const rows = await tx.unsafe<{ text: string }[]>(
        `select to_jsonb(t)::text as text from ${table} t where ${where} order by 1`,
      );
      all[table] = rows.map(({ text }) => text);
    }
    return all;
  });
}

/** What the pure joins make of it, as the tables would hold it, without the counters. */
function expected(entries: readonly Entry[]) {
  return views.map((view) =>
    joinRows(
      view,
      entries.filter((entry) => entry.view === view).map(({ row }) => row),
    )
      .map((row) => Object.entries(view.columns).map(([name, [type]]) => printed(type, row[name] ?? null)))
      .map((values) => JSON.stringify(values))
      .sort(),
  );
}

async function found() {
  return await withTenants(sql, "all", async (tx) =>
    Promise.all(
      views.map(async (view) => {
        const rows = await tx.unsafe<Record<string, unknown>[]>(`select * from ${view.table}`);
        return rows
          .map((row) =>
            Object.entries(view.columns).map(([name, [type]]) => printed(type, row[name] ?? null)),
          )
          .map((values) => JSON.stringify(values))
          .sort();
      }),
    ),
  );
}

function printed(type: string, value: unknown): unknown {
  return type === "time" && value !== null ? new Date(value as number | Date).toISOString() : value;
}

describe("the tables", () => {
  test("are all under row-level security, with the tenant leading every index", async () => {
    expect(await unprotectedTables(sql, schema)).toEqual([]);
    const indexes = await sql<{ first: string; name: string }[]>`
      select c.relname as name, pg_get_indexdef(i.indexrelid, 1, true) as first
      from pg_index i join pg_class c on c.oid = i.indexrelid
      join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = ${schema} and i.indrelid::regclass::text not in
        ('stream_cursor', 'config_outbox', 'lease', 'migration', 'release')`;
    expect(indexes.length).toBeGreaterThanOrEqual(views.length);
    expect(indexes.filter(({ first }) => first !== "tenant")).toEqual([]);
  });

  test.each(views.map((view) => [view.table, view] as const))(
    "%s has the columns of its view, its text compared by bytes",
    async (table, view) => {
      const columns = await sql<{ name: string; collation: string | null }[]>`
        select column_name as name, collation_name as collation from information_schema.columns
        where table_schema = ${schema} and table_name = ${table}`;
      expect(columns.map(({ name }) => name).sort()).toEqual(Object.keys(view.columns).sort());
      const compared = new Set([
        ...keyColumns(view),
        ...Object.values(view.registers).flat(),
        ...Object.keys(view.columns).filter((name) => /^(least|greatest)$/.test(view.columns[name]![1])),
      ]);
      for (const { name, collation } of columns)
        if (compared.has(name) && ["id", "text"].includes(view.columns[name]![0]))
          expect([name, collation]).toEqual([name, "C"]);
    },
  );
});

function summed(tally: Tally, changes: readonly Change[]): string[] {
  const keys = Object.values(tally.key);
  return tallyDeltas(tally, changes)
    .map(({ key, sums }) => [
      ...key.map((value, i) => printed(keys[i]!, value)),
      ...tally.sums.map((sum) => sums[sum] ?? 0),
    ])
    .map((values) => JSON.stringify(values))
    .sort();
}

async function kept({ table, key, sums }: Tally): Promise<string[]> {
  const { where } = foldedTables.find((one) => one.table === table)!;
  const names = Object.keys(key);
  const rows = await withTenants(sql, "all", (tx) =>
    tx.unsafe<Record<string, unknown>[]>(`select * from ${table} where ${where}`),
  );
  return rows
    .map((row) => [...names.map((name) => printed(key[name]!, row[name])), ...sums.map((sum) => row[sum])])
    .map((values) => JSON.stringify(values))
    .sort();
}

describe("the fold", () => {
  test("ends in what the pure joins say, whatever the order, the repeats and the cuts", {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(toldTwice, async ({ history, again }) => {
        await empty();
        await feed(0, again);
        expect(await found()).toEqual(expected(history.flatMap(entriesOf)));
      }),
      { numRuns: 40 },
    );
  });

  test("its tallies are what the rows add up to, whatever way these came about", {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(toldTwice, async ({ history, again }) => {
        await empty();
        await feed(0, again);
        const entries = history.flatMap(entriesOf);
        for (const view of views) {
          const rows = joinRows(
            view,
            entries.filter((entry) => entry.view === view).map(({ row }) => row),
          );
          for (const tally of view.tallies ?? [])
            expect(await kept(tally)).toEqual(
              summed(
                tally,
                rows.map((became) => ({ was: null, became })),
              ),
            );
        }
      }),
      { numRuns: 40 },
    );
  });

  test("counts every message once, where it stands, and what people wrote", {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(toldTwice, async ({ again }) => {
        await empty();
        await feed(0, again);
        await withTenants(sql, "all", async (tx) => {
          const counted =
            await tx`select tenant, name, value from tenant_counter where value <> 0 order by 1, 2`;
          const standing = await tx`
            select tenant, status as name, count(*) as value from message
            where status is not null group by 1, 2
            union all select tenant, 'inbound', count(*) from inbound group by 1
            order by 1, 2`;
          expect([...counted]).toEqual([...standing]);
        });
      }),
      { numRuns: 40 },
    );
  });

  test("a batch that is read again, or partly, changes nothing", async () => {
    await empty();
    const batch = messageIds.map((id) => status("acme", id, { status: "sent" }));
    await feed(1, [batch]);
    const before = await tables();
    const records = batch.map((told, offset) => ({ offset, entries: entriesOf(told) }));
    expect((await applyBatch(sql, position(1), records, 3)).fresh).toBe(0);
    expect((await applyBatch(sql, position(1), records.slice(2), 3)).fresh).toBe(0);
    expect(await tables()).toEqual(before);
  });

  test("a batch that fails leaves neither rows nor cursor behind", async () => {
    await empty();
    const broken = { ...entriesOf(status("acme", messageIds[0]!, { status: "sent" }))[1]! };
    broken.row = { ...broken.row, message_id: "no uuid" };
    const good = { offset: 0, entries: entriesOf(status("acme", messageIds[1]!, { status: "sent" })) };
    await expect(applyBatch(sql, position(2), [good, { offset: 1, entries: [broken] }], 2)).rejects.toThrow();
    expect((await applyBatch(sql, position(2), [good], 1)).fresh).toBe(1);
  });

  test("partitions that tell of the same messages at the same time don't lose each other's part", async () => {
    await empty();
    const ids = Array.from(
      { length: 200 },
      (_, i) => `00000000-0000-8000-8000-${String(i).padStart(12, "0")}`,
    );
    const streams = [
      ids.map((id) => outbound("acme", id)),
      ids.map((id) => status("acme", id, { status: "queued" })),
      ids.map((id) => status("acme", id, { status: "sent" })).reverse(),
      ids.map((id) => status("acme", id, { status: "read", origin: "provider" })),
    ];
    const batches = (told: Told[]) => Array.from({ length: 10 }, (_, i) => told.slice(i * 20, i * 20 + 20));
    await Promise.all(streams.map((told, partition) => feed(partition, batches(told))));
    const counters = await withTenants(
      sql,
      ["acme"],
      (tx) => tx`select name, value from tenant_counter where value <> 0`,
    );
    expect([...counters]).toEqual([{ name: "read", value: 200 }]);
    expect(await found()).toEqual(expected(streams.flat().flatMap(entriesOf)));
  });

  test("a rebuild into a fresh schema gives equal rows", async () => {
    await empty();
    const history = tenants.flatMap((tenant) =>
      messageIds.flatMap((id) => [
        outbound(tenant, id),
        status(tenant, id, { status: "queued" }),
        status(tenant, id, { status: "sent" }),
        status(tenant, id, { status: "delivered", origin: "provider" }),
      ]),
    );
    await feed(0, [history]);
    const first = await tables();
    await empty();
    await feed(
      0,
      history.toReversed().map((told) => [told]),
    );
    expect(await tables()).toEqual(first);
  });

  test("text that Postgres can't hold does not stop the partition", async () => {
    await empty();
    await feed(0, [
      [status("acme", messageIds[0]!, { status: "sent" }, { template: "a\0b", category: "\ud800" })],
    ]);
    const [row] = await withTenants(sql, ["acme"], (tx) => tx`select template, category from message`);
    expect(row).toEqual({ template: "a\ufffdb", category: "\ufffd" });
  });
});
