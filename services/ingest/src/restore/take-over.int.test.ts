/** Campaigns and consents that a database set back to an older state has forgotten, out of their topics. */
import { join } from "node:path";
import type { CampaignState } from "@wamesh/events";
import { connect, type Sql, withTenants } from "@wamesh/store";
import { contactConsent, type FreshDatabase, freshDatabase } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { takeOverIntake } from "./take-over.ts";

let database: FreshDatabase;
let sql: Sql;
beforeAll(async () => {
  const dirs = [join(import.meta.dirname, "../../migrations")];
  database = await freshDatabase({ migrations: [{ schema: "ingest", dirs }] });
  sql = connect({ url: database.url, schema: "ingest", max: 2, applicationName: "test" });
}, 60_000);
afterAll(async () => {
  await sql.end();
  await database.drop();
});

const take = (part: Partial<Parameters<typeof takeOverIntake>[1]>) =>
  withTenants(sql, "all", (tx) => takeOverIntake(tx, { campaigns: [], consents: [], ...part }));

test("what was stopped since the copy stays stopped, above every version that was read; what only a person can mend is named", async () => {
  for (const [id, state] of [
    ["going", "expanding"],
    ["stopped", "expanding"],
    ["begun", "draft"],
  ] as const)
    await sql`
      insert into campaign (id, tenant, version, name, state, audience, message)
      values (${id}, 'acme', 2, 'News', ${state}, 'l1', '{}')`;
  const record = (campaign: string, state: CampaignState["state"]) =>
    ({
      tenant: "acme",
      campaign,
      name: "News",
      version: 9,
      state,
      run: 1,
      reason: state === "cancelled" ? "error_rate" : null,
    }) as CampaignState;
  const since = [
    record("going", "processing"),
    record("stopped", "cancelled"),
    record("begun", "expanding"),
    record("young", "processing"),
  ];
  const taken = await take({ campaigns: since });
  expect(taken.campaigns).toBe(3);
  expect(taken.ask.map(({ campaign }) => campaign)).toEqual(["begun", "young"]);
  expect(await sql`select id, version, state, reason from campaign order by id`).toEqual([
    { id: "begun", version: 9, state: "draft", reason: null },
    { id: "going", version: 9, state: "expanding", reason: null },
    { id: "stopped", version: 9, state: "cancelled", reason: "error_rate" },
  ]);
  expect(await take({ campaigns: since })).toMatchObject({ campaigns: 0 });
});

test("what people said since the copy is known again; what the rows know better stays", async () => {
  const said = (version: number, opted_out: boolean) =>
    contactConsent({ tenant: "acme", recipient_token: "p", scope: "marketing", version, opted_out });
  await take({ consents: [said(1, false)] });
  expect(await take({ consents: [said(3, true)] })).toMatchObject({ consents: 1 });
  expect(await take({ consents: [said(2, false)] })).toMatchObject({ consents: 0 });
  expect(await sql`select version, opted_out from contact_consent`).toEqual([
    { version: 3, opted_out: true },
  ]);
});
