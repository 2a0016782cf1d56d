// What the client alone does not survive; see surviving-pool.ts.

import { type FreshDatabase, freshDatabase } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect, isStoreUnavailable, type Sql } from "./index.ts";
import { startProxy } from "./testdata/proxy.ts";

let database: FreshDatabase;
let proxy: Awaited<ReturnType<typeof startProxy>>;
let sql: Sql;
let direct: Sql;
const uncaught: unknown[] = [];
const catchIt = (error: unknown) => void uncaught.push(error);

beforeAll(async () => {
  process.on("uncaughtException", catchIt);
  database = await freshDatabase();
  proxy = await startProxy(new URL(database.url));
  const url = new URL(database.url);
  url.host = `127.0.0.1:${proxy.port}`;
  sql = connect({ url: url.href, schema: "public", max: 2, applicationName: "behind-proxy" });
  direct = connect({ url: database.url, schema: "public", max: 1, applicationName: "direct" });
  await direct`create table note (body text)`;
});
afterAll(async () => {
  await sql?.end();
  await direct?.end();
  await proxy?.away();
  await database?.drop();
  process.off("uncaughtException", catchIt);
});

const outcome = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: unknown) => (isStoreUnavailable(error) ? "unavailable" : String(error)),
  );

const sleeping = async () =>
  (
    await direct<{ n: number }[]>`
      select count(*) as n from pg_stat_activity
      where datname = current_database() and state = 'active' and query like 'select pg_sleep%'`
  )[0]!.n;

test("however often Postgres goes away under load, everything under way is told so and the next query works", async () => {
  for (let round = 0; round < 8; round++) {
    const load = [1, 2, 3, 4].map((n) =>
      outcome(
        (n + round) % 2 === 0
          ? sql`select pg_sleep(60)`
          : sql.begin(async (tx) => {
              await tx`insert into note values ('never')`;
              await tx.savepoint((inner) => inner`select pg_sleep(60)`);
            }),
      ),
    );
    await expect.poll(sleeping).toBeGreaterThan(0);
    await proxy.away();
    expect(await outcome(sql`select 1`)).toBe("unavailable");
    expect(await Promise.all(load)).toEqual(load.map(() => "unavailable"));
    await proxy.back();
    expect(await sql.begin((tx) => tx`select 1 as one`)).toEqual([{ one: 1 }]);
    expect(await Promise.all([1, 2, 3, 4].map(() => outcome(sql`select 1`)))).toEqual(Array(4).fill("done"));
  }
  expect(await direct`select * from note`).toEqual([]);
  expect(uncaught).toEqual([]);
});

test("a transaction whose connection was cut says nothing outside of itself afterwards", async () => {
  let pid = 0;
  const cut = sql.begin(async (tx) => {
    await tx`insert into note values ('before')`;
    pid = (await tx<{ pid: number }[]>`select pg_backend_pid() as pid`)[0]!.pid;
    await direct`select pg_terminate_backend(${pid}, 5000)`;
    // Lets the pool notice and open other connections, which these statements must not reach.
    while ((await outcome(sql`select 1`)) !== "done");
    await tx`insert into note values ('after')`;
  });
  expect(await outcome(cut)).toBe("unavailable");
  expect(await outcome(sql.begin((tx) => tx`insert into note values ('next')`))).toBe("done");
  expect(await direct`select body from note`).toEqual([{ body: "next" }]);
  expect(uncaught).toEqual([]);
});

test("a listener hears again, and is told that it may have missed something", async () => {
  const heard: string[] = [];
  let listening = 0;
  const { unlisten } = await sql.listen(
    "news",
    (payload) => void heard.push(payload),
    () => void listening++,
  );
  await proxy.away();
  await proxy.back();
  await expect.poll(() => listening, { timeout: 5_000 }).toBe(2);
  await direct`select pg_notify('news', 'hello')`;
  await expect.poll(() => heard).toEqual(["hello"]);
  await unlisten();
});

test("a failing statement inside a transaction rolls back and is told as it is", async () => {
  await expect(sql.begin((tx) => tx`select nonsense`)).rejects.toThrow(/nonsense/);
  await expect(
    sql.begin(async (tx) => {
      await tx`insert into note values ('no')`;
      throw new Error("changed my mind");
    }),
  ).rejects.toThrow("changed my mind");
  const kept = sql.begin(async (tx) => {
    await tx.savepoint((inner) => inner`select nonsense`).catch(() => {});
    return tx`select 1 as a`;
  });
  expect(await kept).toEqual([{ a: 1 }]);
  expect(await sql.begin((tx) => [tx`select 1 as a`, tx`select 2 as b`])).toEqual([[{ a: 1 }], [{ b: 2 }]]);
  expect(await direct`select count(*) as n from note where body = 'no'`).toEqual([{ n: 0 }]);
});
