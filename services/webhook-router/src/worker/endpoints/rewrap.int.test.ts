import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { connect, type Sql } from "@wamesh/store";
import { type FreshDatabase, freshDatabase } from "@wamesh/testing";
import { createVault } from "@wamesh/vault";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openText, sealText } from "../sealed-text.ts";
import { rewrapSecrets } from "./rewrap.ts";
import { insertEndpoint } from "./store.ts";

let database: FreshDatabase;
let sql: Sql;
beforeAll(async () => {
  const dirs = [join(import.meta.dirname, "../../../migrations")];
  database = await freshDatabase({ migrations: [{ schema: "webhooks", dirs }] });
  sql = connect({
    url: database.appUrl("webhooks"),
    schema: "webhooks",
    max: 2,
    applicationName: "test",
    tenants: "all",
  });
});
afterAll(async () => {
  await sql.end();
  await database.drop();
});

const key = (id: string) => ({ id, key: randomBytes(32) });

it("every signing secret moves to the newest ring key, whatever can't be opened stays as it is", async () => {
  const [old, young, lost] = [key("old"), key("young"), key("lost")];
  const ids = Array.from({ length: 450 }, (_, n) => `end_${String(n).padStart(4, "0")}`);
  await sql.begin(async (tx) => {
    for (const id of ids) {
      const vault = createVault({ ring: [id === ids[7] ? lost : old] });
      const secret = sealText(vault, { tenant: "acme", id }, `whsec_${id}`);
      const shape = {
        url: "https://example.com",
        events: ["message.read" as const],
        sessions: null,
        description: "",
      };
      await insertEndpoint(tx, { ...shape, id, tenant: "acme", secret });
    }
    // One whose former secret still signs.
    const former = sealText(createVault({ ring: [old] }), { tenant: "acme", id: ids[3]! }, "whsec_former");
    await tx`update endpoint set previous_secret = ${former} where id = ${ids[3]!}`;
  });
  const told: [string, object][] = [];
  const log = {
    info: (facts: object) => void told.push(["info", facts]),
    warn: (facts: object) => void told.push(["warn", facts]),
  };
  const round = () =>
    rewrapSecrets({ sql, vault: createVault({ ring: [young, old] }), newest: young.id, log });
  await round();
  const facts = { rewrapped: 450, unreadable: 1, ring_key: "young" };
  expect(told).toEqual([
    ["info", facts],
    ["warn", facts],
  ]);
  const after = createVault({ ring: [young] });
  const rows = await sql<{ id: string; secret: string }[]>`select id, secret from endpoint order by id`;
  expect(rows.map(({ id, secret }) => openText(after, { tenant: "acme", id }, secret))).toEqual(
    ids.map((id, n) => (n === 7 ? null : `whsec_${id}`)),
  );
  const [{ previous_secret: former } = {}] = await sql<{ previous_secret: string }[]>`
    select previous_secret from endpoint where id = ${ids[3]!}`;
  expect(openText(after, { tenant: "acme", id: ids[3]! }, former!)).toBe("whsec_former");
  // A second time there is nothing left to do.
  told.length = 0;
  await round();
  expect(told).toEqual([["warn", { rewrapped: 0, unreadable: 1, ring_key: "young" }]]);
});
