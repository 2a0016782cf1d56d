import { connect, release, schemaRoles, unprotectedTables, urlAs } from "@wamesh/store";
import { type FreshDatabase, freshDatabase } from "@wamesh/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deployableBeside, type MigratedService, migrateAll, serviceSchemas } from "./migrate.ts";

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

  test("who may only read reads one schema, and changes nothing", async () => {
    const admin = connect({ url: database.url, schema: "projection", max: 1, applicationName: "test" });
    const name = new URL(database.url).pathname.slice(1);
    // Begins as the database does, so it is dropped with it.
    const reader = `${name}_reader`;
    await admin.unsafe(`create role ${reader} login password 'r'`);
    await admin.unsafe(`grant ${schemaRoles(name, "projection").read} to ${reader}`);
    await admin`insert into config_outbox (topic, partition, key, headers) values ('t', 0, 'k', '{}')`;
    const url = urlAs(database.url, reader, "r");
    const sql = connect({ url, schema: "projection", max: 1, applicationName: "test" });
    try {
      expect(await sql`select topic from config_outbox`).toEqual([{ topic: "t" }]);
      await expect(sql`delete from config_outbox`).rejects.toThrow(/permission denied/);
      await expect(sql`create table mine (a int)`).rejects.toThrow(/permission denied/);
      await expect(sql`select * from control.config_outbox`).rejects.toThrow(/permission denied for schema/);
    } finally {
      await sql.end();
      await admin`delete from config_outbox`;
      await admin.end();
    }
  });

  test("a release that is one behind is deployed again and takes nothing back, one further behind is refused", async () => {
    const other = await freshDatabase();
    const at = { postgresUrl: other.url };
    const deploy = (version: string, previous: string | null) =>
      migrateAll({ ...at, appPassword: "a", release: { version, previous }, log: () => {} });
    try {
      expect(await deployableBeside(at)).toEqual({ stored: null, stands: "new" });
      await deploy("9.1.0", null);
      await deploy("9.2.0", "9.1");
      const stored = { version: "9.2.0", previous: "9.1" };
      expect(await deployableBeside({ ...at, release: { version: "9.1.0", previous: null } })).toEqual({
        stored,
        stands: "ahead",
      });
      await deploy("9.1.0", null);
      expect((await deployableBeside({ ...at, release: stored })).stands).toBe("same");
      await expect(deployableBeside(at)).rejects.toThrow(`this is ${release.version}`);
    } finally {
      await other.drop();
    }
  });

  test("a password of a service's own opens its own role only, and deploying it again changes no other", async () => {
    const own = await migrateAll({
      postgresUrl: database.url,
      appPassword: "p@ss/word",
      appPasswords: { dispatcher: "its own" },
      log: () => {},
    });
    expect({ ...own, dispatcher: "" }).toEqual({ ...urls, dispatcher: "" });
    const asked = (url: string) => {
      const sql = connect({ url, schema: "dispatch", max: 1, applicationName: "test" });
      return sql`select 1 as ok`.then().finally(() => sql.end());
    };
    expect(await asked(own.dispatcher)).toEqual([{ ok: 1 }]);
    await expect(asked(urls.dispatcher)).rejects.toThrow(/password authentication failed/);
    await expect(
      asked(urlAs(database.url, decodeURIComponent(new URL(urls.ingest).username), "its own")),
    ).rejects.toThrow(/password authentication failed/);
    await run();
  });
});
