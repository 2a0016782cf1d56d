/** Configuration that a database set back to an older state has forgotten, out of its topics. */
import { join } from "node:path";
import type { SessionState, TenantConfig } from "@wamesh/events";
import { connect, type Sql, withTenants } from "@wamesh/store";
import { type FreshDatabase, freshDatabase, keyConfig, sessionState, tenantConfig } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { takeOverConfiguration } from "./take-over.ts";

let database: FreshDatabase;
let sql: Sql;
beforeAll(async () => {
  const dirs = [join(import.meta.dirname, "../../migrations")];
  database = await freshDatabase({ migrations: [{ schema: "control", dirs }] });
  sql = connect({ url: database.url, schema: "control", max: 2, applicationName: "test" });
}, 60_000);
afterAll(async () => {
  await sql.end();
  await database.drop();
});

const take = (configs: readonly TenantConfig[], sessions: readonly SessionState[] = []) =>
  withTenants(sql, "all", (tx) => takeOverConfiguration(tx, { configs, sessions }));
const tenant = (id: string, version: number, state: TenantConfig["state"] = "active") =>
  tenantConfig({ tenant: id, id, version, state });
const sealed = (version: number) => ({
  key_ring_id: "k1",
  wrapped_key: Buffer.from("w"),
  nonce: Buffer.from("n"),
  ciphertext: Buffer.from(`c${version}`),
  version,
});

test("what was made, changed, revoked and deleted since the copy is so again, and twice changes nothing", async () => {
  const key = (version: number, state: "active" | "revoked") =>
    keyConfig({ tenant: "acme", id: "key1", version, state });
  const session = (over: Partial<SessionState>) =>
    sessionState({ tenant: "acme", session: "s1", account: "a1", ...over });
  // The copy.
  await take(
    [tenant("acme", 1), key(1, "active")],
    [session({ version: 2, provider_ref: "4711", status: "connected", credentials: sealed(1) })],
  );
  const since = {
    configs: [tenant("young", 1), tenant("acme", 3, "suspended"), key(2, "revoked")],
    sessions: [
      // Its number went to another session.
      session({ version: 5, provider_ref: "4711", status: "deleted", credentials: null }),
      session({
        session: "s2",
        version: 1,
        provider_ref: "4711",
        status: "connected",
        credentials: sealed(1),
      }),
    ],
  };
  expect(await take(since.configs, since.sessions)).toEqual({
    tenants: 2,
    keys: 1,
    sessions: 2,
    credentials: 1,
    templates: 0,
  });
  expect(await sql`select id, state, version from tenant order by id`).toEqual([
    { id: "acme", state: "suspended", version: 3 },
    { id: "young", state: "active", version: 1 },
  ]);
  expect(await sql`select state, version from api_key`).toEqual([{ state: "revoked", version: 2 }]);
  expect(await sql`select id, status, version from session order by id`).toEqual([
    { id: "s1", status: "deleted", version: 5 },
    { id: "s2", status: "connected", version: 1 },
  ]);
  expect(await sql`select session, ciphertext from credential`).toEqual([
    { session: "s2", ciphertext: Buffer.from("c1") },
  ]);
  expect(await take(since.configs, since.sessions)).toMatchObject({ tenants: 0, keys: 0, sessions: 0 });
});

test("rows that are ahead of their topic stay as they are", async () => {
  await take([tenant("ahead", 4, "suspended")]);
  expect(await take([tenant("ahead", 2)])).toMatchObject({ tenants: 0 });
  expect(await sql`select state, version from tenant where id = 'ahead'`).toEqual([
    { state: "suspended", version: 4 },
  ]);
});
