import { connect, unprotectedTables } from "@wamesh/store";
import { type FreshDatabase, freshDatabase } from "@wamesh/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type MigratedService, migrateAll, serviceSchemas } from "./migrate.ts";

let database: FreshDatabase;
let urls: Record<MigratedService, string>;
const run = () => migrateAll({ postgresUrl: database.url, appPassword: "p@ss/word", log: () => {} });

beforeAll(async () => {
  database = await freshDatabase();
  urls = await run();
});
afterAll(() => database?.drop());

const services = Object.keys(serviceSchemas) as MigratedService[];

function open(service: MigratedService) {
  return connect({
    url: urls[service],
    schema: serviceSchemas[service].schema,
    max: 1,
    applicationName: "test",
  });
}

describe("migrations of all services", () => {
  test("can be run again", async () => {
    expect(await run()).toEqual(urls);
  });

  test.each(services)("%s reaches its own schema and no other", async (service) => {
    const sql = open(service);
    expect(await sql`select count(*) as n from config_outbox`).toEqual([{ n: 0 }]);
    for (const other of services.filter((name) => name !== service))
      await expect(sql`select * from ${sql(serviceSchemas[other].schema)}.config_outbox`).rejects.toThrow(
        /permission denied for schema/,
      );
    await sql.end();
  });

  // The dispatcher has no HTTP API: no caller's tenant to hold its rows against.
  test.each(services.filter((name) => name !== "dispatcher"))(
    "%s protects every table of tenants",
    async (service) => {
      const sql = open(service);
      expect(await unprotectedTables(sql, serviceSchemas[service].schema)).toEqual([]);
      await sql.end();
    },
  );
});
