// A read model that is already filled, and the migrations that came later.
import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { connect, migrate, withTenants } from "@wamesh/store";
import { type FreshDatabase, freshDatabase } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

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
