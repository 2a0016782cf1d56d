// The plumbing on a real Postgres, as the app role of a service.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FreshDatabase, freshDatabase } from "@wamesh/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  acquireLease,
  advanceCursor,
  checkRelease,
  connect,
  enqueue,
  isStoreUnavailable,
  keepLease,
  lockCursor,
  migrate,
  type OutboxRow,
  readCursors,
  releaseLease,
  renewLease,
  runOutboxPublisher,
  type Sql,
  unprotectedTables,
  withTenants,
} from "./index.ts";
import { startProxy } from "./testdata/proxy.ts";

const schema = "plumbing";
let database: FreshDatabase;
let folder: string;
let sql: Sql;
const silent = () => {};

beforeAll(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "store ")), "example", "migrations");
  await writeMigrations({
    "0001_note.sql": `create table note (tenant text not null, body text not null);
      select protect_tenants('note');
      create table big (n bigint);`,
  });
  database = await freshDatabase({ migrations: [{ schema, dirs: [folder] }] });
  sql = connect({ url: database.appUrl(schema), schema, max: 5, applicationName: "store-test" });
});

afterAll(async () => {
  await sql?.end();
  await database?.drop();
  await rm(join(folder, "../.."), { recursive: true });
});

async function writeMigrations(files: Record<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}

describe("connect", () => {
  test("reads bigint as number and refuses to lose digits", async () => {
    await sql`insert into big values (${Number.MAX_SAFE_INTEGER})`;
    expect(await sql`select n, count(*) over () as c from big`).toEqual([
      { n: Number.MAX_SAFE_INTEGER, c: 1 },
    ]);
    await expect(sql`select 9007199254740993::bigint as n`).rejects.toThrow(RangeError);
    expect(await sql`select 1 as still_usable`).toEqual([{ still_usable: 1 }]);
  });

  test("an undefined parameter is an error, not null", async () => {
    await expect(sql`select ${undefined as unknown as string}::text`).rejects.toThrow(/UNDEFINED_VALUE/);
  });

  test("tells a Postgres that is away from a query that is wrong", async () => {
    const away = connect({ url: "postgres://a@127.0.0.1:1/a", schema, max: 1, applicationName: "x" });
    const down = await away`select 1`.catch((error: unknown) => error);
    const wrong = await sql`select nonsense`.catch((error: unknown) => error);
    expect([isStoreUnavailable(down), isStoreUnavailable(wrong)]).toEqual([true, false]);
    await away.end();
  });
});

describe("migrate", () => {
  const run = (url: string, dirs = [folder], appPassword = "one") =>
    migrate({ url, schema: "again", dirs, appPassword, log: silent });

  test("runs once however often and however concurrently it is called, also with a new password", async () => {
    const fresh = await freshDatabase();
    try {
      const results = await Promise.all([1, 2, 3].map(() => run(fresh.url)));
      expect(results.flatMap((result) => result.applied)).toEqual([
        "store/0001_plumbing.sql",
        "example/0001_note.sql",
      ]);
      const { appUrl, applied } = await run(fresh.url, [folder, join(folder, "missing")], "two");
      expect(applied).toEqual([]);
      const app = connect({ url: appUrl, schema: "again", max: 1, applicationName: "x" });
      expect(await app`select current_user like '%_again_app' as app from note`).toEqual([]);
      await expect(app`create table mine (a int)`).rejects.toThrow(/permission denied/);
      await expect(app`delete from migration`).rejects.toThrow(/permission denied/);
      await app.end();
    } finally {
      await fresh.drop();
    }
  });

  test("a failing file leaves nothing behind and names itself", async () => {
    const fresh = await freshDatabase();
    const broken = join(folder, "../../broken/migrations");
    await mkdir(broken, { recursive: true });
    await writeFile(join(broken, "0001_half.sql"), "create table half (a int); select nonsense;");
    try {
      await expect(run(fresh.url, [broken])).rejects.toThrow(/broken\/0001_half\.sql failed/);
      await writeFile(join(broken, "0001_half.sql"), "create table half (a int);");
      expect((await run(fresh.url, [broken])).applied).toEqual(["broken/0001_half.sql"]);
    } finally {
      await fresh.drop();
    }
  });
});

test("a table that a later release widens is read on by statements that were prepared before, in transactions too", async () => {
  const owner = connect({ url: database.url, schema, max: 1, applicationName: "x" });
  const read = () =>
    Promise.all(
      [1, 2, 3, 4, 5].map(() =>
        withTenants(sql, "all", async (tx) => {
          await tx`select pg_sleep(0.02)`;
          return (await tx`select * from big where n = ${1}`).concat(
            await tx`select * from big where n > ${0}`,
          );
        }),
      ),
    );
  await owner`insert into big values (1)`;
  const before = await read();
  await owner`alter table big add column wide text`;
  expect(await read()).toEqual(before.map((rows) => rows.map((row) => ({ ...row, wide: null }))));
  await owner`alter table big drop column wide`;
  await owner`delete from big`;
  await owner.end();
});

describe("releases", () => {
  const of = (version: string, previous: string | null) => ({ version, previous });
  const [older, mine, next, later] = [
    of("0.1.3", null),
    of("0.2.0", "0.1"),
    of("0.3.0", "0.2"),
    of("0.4.0", "0.3"),
  ];

  test("the one before the last that was deployed runs on, and is deployed, beside it; the one before that is refused", async () => {
    const fresh = await freshDatabase();
    const deploy = (release: typeof mine) =>
      migrate({ url: fresh.url, schema: "again", dirs: [folder], appPassword: "one", release, log: silent });
    const start = async (url: string, release: typeof mine) => {
      const app = connect({ url, schema: "again", max: 1, applicationName: "x" });
      const said: string[] = [];
      await checkRelease(app, { schema: "again", release, log: (line) => said.push(line) }).finally(() =>
        app.end(),
      );
      return said;
    };
    try {
      const { appUrl } = await deploy(mine);
      expect(await start(appUrl, mine)).toEqual([]);
      await expect(start(appUrl, next)).rejects.toThrow(/run `npm run deploy` of 0\.3\.0 first/);
      expect((await deploy(next)).applied).toEqual([]);
      expect((await deploy(mine)).applied).toEqual([]);
      expect(await start(appUrl, mine)).toEqual([expect.stringContaining("one ahead of 0.2.0")]);
      await expect(deploy(older)).rejects.toThrow(/only 0\.2 or 0\.3 may run/);
      await deploy(later);
      await expect(start(appUrl, mine)).rejects.toThrow(/beside which only 0\.3 or 0\.4 may run/);
      await expect(deploy(mine)).rejects.toThrow(/beside which only 0\.3 or 0\.4 may run/);
      const app = connect({ url: appUrl, schema: "again", max: 1, applicationName: "x" });
      await expect(app`delete from release`).rejects.toThrow(/permission denied/);
      await app.end();
    } finally {
      await fresh.drop();
    }
  });

  test("a service does not start where nothing was deployed, and does where the database can't be asked", async () => {
    const fresh = await freshDatabase();
    const app = connect({ url: fresh.url, schema: "empty", max: 1, applicationName: "x" });
    const away = connect({ url: "postgres://x@127.0.0.1:1/x", schema: "x", max: 1, applicationName: "x" });
    try {
      await expect(checkRelease(app, { schema: "empty", log: silent })).rejects.toThrow(
        /no release was deployed/,
      );
      const said: string[] = [];
      await checkRelease(away, { schema: "x", log: (line) => said.push(line) });
      expect(said).toEqual([expect.stringContaining("the database is away")]);
    } finally {
      await Promise.all([app.end(), away.end()]);
      await fresh.drop();
    }
  });
});

describe("tenant context", () => {
  test("a query sees the tenants named for its transaction, and nothing without one", async () => {
    await withTenants(sql, ["a"], (tx) => tx`insert into note values ('a', 'of a')`);
    await withTenants(sql, "all", (tx) => tx`insert into note values ('b', 'of b')`);
    const seen = (tenants: string[] | "all") =>
      withTenants(sql, tenants, async (tx) =>
        (await tx`select body from note order by 1`).map((row) => row.body),
      );
    expect(await seen(["a"])).toEqual(["of a"]);
    expect(await seen(["a", "b"])).toEqual(["of a", "of b"]);
    expect(await seen("all")).toEqual(["of a", "of b"]);
    expect(await seen(["c"])).toEqual([]);
    expect(await seen([])).toEqual([]);
    // On every connection of the pool: those that had a context before, and a new one.
    expect(await Promise.all([1, 2, 3, 4, 5].map(() => sql`select * from note`))).toEqual([
      [],
      [],
      [],
      [],
      [],
    ]);
  });

  test("the workers' pool sees all tenants by itself, and fewer in a transaction that names them", async () => {
    const workers = connect({
      url: database.appUrl(schema),
      schema,
      max: 2,
      applicationName: "x",
      tenants: "all",
    });
    const bodies = async (found: Promise<{ body: string }[]>) => (await found).map(({ body }) => body);
    expect(await bodies(workers`select body from note order by 1`)).toEqual(["of a", "of b"]);
    const named = withTenants(workers, ["a"], (tx) => bodies(tx`select body from note`));
    expect(await named).toEqual(["of a"]);
    expect(await bodies(workers`select body from note order by 1`)).toEqual(["of a", "of b"]);
    await workers.end();
  });

  test("a row can't be written, moved or deleted across tenants", async () => {
    await expect(withTenants(sql, ["a"], (tx) => tx`insert into note values ('b', 'x')`)).rejects.toThrow(
      /row-level security/,
    );
    await expect(withTenants(sql, ["a"], (tx) => tx`update note set tenant = 'b'`)).rejects.toThrow(
      /row-level security/,
    );
    expect((await withTenants(sql, ["a"], (tx) => tx`delete from note where tenant = 'b'`)).count).toBe(0);
    await expect(sql`insert into note values ('a', 'x')`).rejects.toThrow(/row-level security/);
  });

  test.each(["*", "a,b", ""])("tenant id %j is refused", async (tenant) => {
    await expect(withTenants(sql, [tenant], async () => 1)).rejects.toThrow(/not a tenant id/);
  });

  test("an unprotected table is found", async () => {
    expect(await unprotectedTables(sql, schema)).toEqual([]);
    const owner = connect({ url: database.url, schema, max: 1, applicationName: "x" });
    await owner`create table naked (tenant text)`;
    expect(await unprotectedTables(sql, schema)).toEqual(["naked"]);
    await owner.end();
  });
});

describe("cursor", () => {
  const at = (partition: number) => ({ consumer: "c", cluster: "k", topic: "t", partition });

  test("effect and cursor are committed together or not at all", async () => {
    const apply = (next: number, fail: boolean) =>
      sql.begin(async (tx) => {
        const before = await lockCursor(tx, at(0));
        await advanceCursor(tx, at(0), next);
        if (fail) throw new Error("crash");
        return before;
      });
    expect(await apply(10, false)).toBeNull();
    await expect(apply(20, true)).rejects.toThrow("crash");
    expect(await apply(15, false)).toBe(10);
    expect(await apply(12, false)).toBe(15);
    expect(await readCursors(sql, { consumer: "c", cluster: "k" })).toEqual([{ ...at(0), nextOffset: 15 }]);
  });

  test("a zombie waits for the new owner and then sees that the work is done", async () => {
    const order: string[] = [];
    const apply = (who: string) =>
      sql.begin(async (tx) => {
        const next = (await lockCursor(tx, at(1))) ?? 0;
        if (next >= 5) return order.push(`${who} has nothing to do`);
        order.push(`${who} applies`);
        await tx`select pg_sleep(0.02)`;
        await advanceCursor(tx, at(1), 5);
        return order.length;
      });
    await Promise.all([apply("one"), apply("two"), apply("three")]);
    expect(order.filter((line) => line.endsWith("applies"))).toHaveLength(1);
    expect(order).toHaveLength(3);
  });
});

describe("lease", () => {
  const wanted = (name: string, owner: string, ttlMs = 60_000) => ({ name, owner, ttlMs });

  test("one owner at a time; expiry, release and the owner's own restart raise the epoch", async () => {
    const a1 = await acquireLease(sql, wanted("l", "a"));
    expect(a1).toEqual({ name: "l", owner: "a", epoch: 1 });
    expect(await acquireLease(sql, wanted("l", "b"))).toBeNull();
    const a2 = await acquireLease(sql, wanted("l", "a"));
    expect(a2?.epoch).toBe(2);
    expect(await renewLease(sql, a1!, 60_000)).toBe(false);
    await releaseLease(sql, a1!);
    expect(await acquireLease(sql, wanted("l", "b"))).toBeNull();
    await releaseLease(sql, a2!);
    const b3 = await acquireLease(sql, wanted("l", "b", 0));
    expect(b3?.epoch).toBe(3);
    expect(await renewLease(sql, b3!, 60_000)).toBe(false);
    expect((await acquireLease(sql, wanted("l", "c")))?.epoch).toBe(4);
  });

  test("of many that ask at once exactly one gets it", async () => {
    const got = await Promise.all(
      ["a", "b", "c", "d", "e"].map((owner) => acquireLease(sql, wanted("race", owner))),
    );
    expect(got.filter((lease) => lease !== null)).toHaveLength(1);
  });

  test("a keeper whose renewals fail stops claiming the lease before it ends", async () => {
    let nowMs = 0;
    const options = { sql, name: "kept", ttlMs: 60_000, onError: silent };
    const keeper = keepLease({ ...options, owner: "a", monotonicMs: () => nowMs });
    await vi.waitFor(() => expect(keeper.held(0)).not.toBeNull());
    nowMs = 50_001;
    expect([keeper.held(9_000) === null, keeper.held(10_000) === null]).toEqual([false, true]);
    await keeper.stop();
    const next = keepLease({ ...options, owner: "b" });
    await vi.waitFor(() => expect(next.held(0)?.epoch).toBe(2));
    await next.stop();
  });
});

describe("configuration outbox", () => {
  const row = (key: string, value: string | null = key): OutboxRow => ({
    topic: "t",
    partition: 3,
    key,
    value: value === null ? null : Buffer.from(value),
    headers: { tenant: "a", ce_id: key },
  });
  const publisher = (owner: string, publish: (rows: OutboxRow[]) => Promise<void>) =>
    runOutboxPublisher({ sql, owner, publish, onError: silent });
  const waiting = async () => (await sql<{ n: number }[]>`select count(*) as n from config_outbox`)[0]!.n;

  test("what is committed leaves in order and within 100 ms; what is rolled back never does", async () => {
    const published: { row: OutboxRow; atMs: number }[] = [];
    const running = await publisher("a", async (rows) => {
      published.push(...rows.map((one) => ({ row: one, atMs: performance.now() })));
    });
    await sql.begin((tx) => enqueue(tx, [row("warm up")]));
    await vi.waitFor(() => expect(published).toHaveLength(1));
    await sql
      .begin(async (tx) => {
        await enqueue(tx, [row("never")]);
        throw new Error("no");
      })
      .catch(silent);
    await sql.begin((tx) => enqueue(tx, [row("k1"), row("k2", null), row("k3")]));
    const committedMs = performance.now();
    await vi.waitFor(() => expect(published).toHaveLength(4), { interval: 5 });
    expect(published.slice(1).map((one) => one.row)).toEqual([row("k1"), row("k2", null), row("k3")]);
    expect(published[1]!.atMs - committedMs).toBeLessThan(100);
    await vi.waitFor(async () => expect(await waiting()).toBe(0));
    await running.stop();
  });

  test("a crash between publishing and deleting publishes again; failures are told and overcome", async () => {
    const sent: string[] = [];
    let failures = 2;
    const running = await publisher("b", async (rows) => {
      sent.push(...rows.map((one) => one.key));
      if (failures-- > 0) throw new Error("acknowledgement lost");
    });
    await sql.begin((tx) => enqueue(tx, [row("x"), row("y")]));
    await vi.waitFor(() => expect(running.failing()).toBe("acknowledgement lost"));
    await vi.waitFor(async () => expect(await waiting()).toBe(0));
    expect(sent).toEqual(["x", "y", "x", "y", "x", "y"]);
    expect(running.failing()).toBeNull();
    await running.stop();
  });

  test("after Postgres was away it publishes again, as promptly as before", async () => {
    const proxy = await startProxy(new URL(database.url));
    const url = new URL(database.appUrl(schema));
    url.host = `127.0.0.1:${proxy.port}`;
    const behind = connect({ url: url.href, schema, max: 2, applicationName: "behind-proxy" });
    const arrivals = new Map<string, number>();
    const running = await runOutboxPublisher({
      sql: behind,
      owner: "e",
      publish: async (rows) => rows.forEach((one) => void arrivals.set(one.key, performance.now())),
      onError: silent,
    });
    const delayMs = async (key: string) => {
      await sql.begin((tx) => enqueue(tx, [row(key)]));
      const committedMs = performance.now();
      await vi.waitFor(() => expect(arrivals.has(key)).toBe(true), { timeout: 10_000, interval: 5 });
      return arrivals.get(key)! - committedMs;
    };
    await delayMs("before");
    await proxy.away();
    await vi.waitFor(() => expect(running.failing()).not.toBeNull(), 5_000);
    await sql.begin((tx) => enqueue(tx, [row("meanwhile")]));
    await proxy.back();
    await vi.waitFor(() => expect(arrivals.has("meanwhile")).toBe(true), { timeout: 15_000 });
    let turn = 0;
    await vi.waitFor(async () => expect(await delayMs(`after ${turn++}`)).toBeLessThan(100), 15_000);
    await running.stop();
    await behind.end();
    await proxy.away();
  });

  test("only the holder of the lease publishes; the next one takes over when it stops", async () => {
    const by: string[] = [];
    const first = await publisher("c", async () => void by.push("c"));
    await sql.begin((tx) => enqueue(tx, [row("1")]));
    await vi.waitFor(() => expect(by).toEqual(["c"]));
    const second = await publisher("d", async () => void by.push("d"));
    await sql.begin((tx) => enqueue(tx, [row("2")]));
    await vi.waitFor(() => expect(by).toEqual(["c", "c"]));
    await second.stop();
    await first.stop();
    const third = await publisher("d", async () => void by.push("d"));
    await sql.begin((tx) => enqueue(tx, [row("3")]));
    await vi.waitFor(() => expect(by).toEqual(["c", "c", "d"]));
    await third.stop();
  });
});
