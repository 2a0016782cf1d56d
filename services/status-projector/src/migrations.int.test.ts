// A read model that is already filled, and the migrations that came later.
import { randomUUID } from "node:crypto";
import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { connect, migrate, withTenants } from "@wamesh/store";
import { type FreshDatabase, freshDatabase } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tallyDeltas } from "./tally.ts";
import type { Row } from "./view.ts";
import { message, phaseOf } from "./views/message.ts";

const schema = "projection";
const all = join(import.meta.dirname, "../migrations");
let database: FreshDatabase;
/** Of the same service, so that the migrations count as the same. */
let earlier: string;

beforeAll(async () => {
  database = await freshDatabase();
  earlier = join(await mkdtemp(join(tmpdir(), "wamesh-")), "status-projector", "migrations");
  await mkdir(earlier, { recursive: true });
});

afterAll(async () => {
  await database?.drop();
  if (earlier !== undefined) await rm(dirname(dirname(earlier)), { recursive: true });
});

async function migrated(dir: string): Promise<string> {
  const { appUrl } = await migrate({
    url: database.url,
    schema,
    dirs: [dir],
    appPassword: "test",
    log: () => {},
  });
  return appUrl;
}

test("who wrote before all names were kept is still found, each tenant's by its own rows", async () => {
  await copyFile(join(all, "0001_read_model.sql"), join(earlier, "0001_read_model.sql"));
  const url = await migrated(earlier);
  const sql = connect({ url, schema, max: 2, applicationName: "projector-test" });
  try {
    for (const tenant of ["acme", "globex"])
      await withTenants(
        sql,
        [tenant],
        (tx) => tx`
          insert into inbound (tenant, event_id, session, conversation_id, sender_kind, sender, sender_token,
            kind, provider_id, occurred_at, recorded_at)
          values (${tenant}, 'one', 's', 'c', 'phone', ${`+1555 ${tenant}`}, 't', 'text', 'w', now(), now())`,
      );
    await migrated(all);
    const rows = await withTenants(sql, "all", (tx) => tx`select * from inbound_identity order by tenant`);
    const name = { event_id: "one", kind: "phone", place: 0 };
    expect([...rows]).toEqual([
      { ...name, tenant: "acme", value: "+1555 acme" },
      { ...name, tenant: "globex", value: "+1555 globex" },
    ]);
  } finally {
    await sql.end();
  }
});

test("what was folded before sums and phases were kept has them", async () => {
  const filled = await freshDatabase();
  const before = join(await mkdtemp(join(tmpdir(), "wamesh-")), "status-projector", "migrations");
  await mkdir(before, { recursive: true });
  for (const name of ["0001_read_model.sql", "0002_what_the_edges_tell.sql"])
    await copyFile(join(all, name), join(before, name));
  const to = { url: filled.url, schema, appPassword: "test", log: () => {} };
  const { appUrl } = await migrate({ ...to, dirs: [before] });
  const sql = connect({ url: appUrl, schema, max: 2, applicationName: "projector-test" });
  try {
    const at = Date.UTC(2026, 10, 1, 9, 59, 55);
    const passed = { accepted_at: at - 5_000, sent_at: at, delivered_at: at + 6_000, read_at: at + 17_000 };
    const failed = { reason_code: "attempts_exhausted", fault_class: "provider", failed_at: at + 1_000 };
    const about = { tenant: "acme", first_at: at - 5_000, session: "s", provider: "cloud_api" };
    const rows: Row[] = [
      { status: "read", origin: "provider", campaign: "c", category: "marketing", ...passed },
      { status: "failed", origin: "provider", campaign: "c", accepted_at: at, ...failed },
      { status: "failed", origin: "mesh", campaign: "c", accepted_at: at, ...failed },
      { status: "expired", origin: "mesh", expired_at: at, accepted_at: at },
      { status: "cancelled", origin: "mesh", cancelled_at: at, accepted_at: at },
      { status: "in_doubt", origin: "mesh", campaign: "c" },
      { status: "queued", origin: "mesh", campaign: "c" },
      { status: "accepted", origin: "mesh", accepted_at: at },
    ].map((row) => ({ ...about, ...row }));
    await withTenants(sql, "all", async (tx) => {
      for (const row of rows) {
        const stored = Object.entries(row).map(([name, value]) =>
          name.endsWith("_at") ? [name, new Date(value as number)] : [name, value],
        );
        await tx`insert into message ${tx({ ...Object.fromEntries(stored), message_id: randomUUID() })}`;
      }
    });
    await migrate({ ...to, dirs: [all] });
    const stood = await withTenants(sql, "all", (tx) => tx`select status, phase from message`);
    expect(stood.map(({ phase }) => phase)).toEqual(stood.map(({ status }) => phaseOf(status)));
    expect(stood).toHaveLength(rows.length);
    for (const tally of message.tallies!) {
      const names = [...Object.keys(tally.key), ...tally.sums];
      const found = await withTenants(sql, "all", (tx) => tx.unsafe(`select * from ${tally.table}`));
      const changes = rows.map((became) => ({ was: null, became }));
      const expected = tallyDeltas(tally, changes).map(({ key, sums }) => [
        ...key,
        ...tally.sums.map((sum) => sums[sum] ?? 0),
      ]);
      const values = found.map((row) =>
        names.map((name) => (row[name] instanceof Date ? row[name].getTime() : row[name])),
      );
      const sorted = (lines: unknown[][]) => lines.map((line) => JSON.stringify(line)).sort();
      expect([tally.table, ...sorted(values)]).toEqual([tally.table, ...sorted(expected)]);
    }
  } finally {
    await sql.end();
    await filled.drop();
    await rm(dirname(dirname(before)), { recursive: true });
  }
});
