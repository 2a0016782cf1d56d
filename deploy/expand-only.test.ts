import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { migrationFiles, readReleased } from "../schemas/released.ts";
import { contractRefusal, takenAway } from "./expand-only.ts";

const root = new URL("../", import.meta.url);

describe("a migration that the release before can live with", () => {
  test.each([
    [
      "a table with everything",
      "create table t (a text primary key, b int not null unique); create unique index i on t (b);",
    ],
    ["protection of a new table", "create table t (tenant text not null); select protect_tenants('t');"],
    ["a column that may be missing", "alter table message add column release text;"],
    ["a column with a default", "alter table message add column if not exists n integer not null default 0;"],
    ["an index", "create index i on message (tenant) where release is not null;"],
    [
      "less strictness",
      "alter table message alter column n drop not null; alter table t alter n set default 3;",
    ],
    [
      "words in a comment",
      "-- drop table message;\n/* alter table message drop column a; */ create index i on message (a);",
    ],
    [
      "words in a function",
      "create function f() returns void language plpgsql as $$ begin drop table t; end $$;",
    ],
    ["two columns at once", "alter table t add column a text, add column b int not null default 1;"],
  ])("%s", (_what, sql) => {
    expect(takenAway(sql)).toEqual([]);
    expect(contractRefusal(sql, "0.2.0")).toBeNull();
  });
});

describe("a migration that breaks the release before is refused", () => {
  test.each([
    ["a column dropped", "alter table message drop column text;", "drops a column"],
    ["a table dropped", "drop table message", "drops something"],
    ["an index dropped, which an upsert may name", "drop index message_key;", "drops something"],
    ["a column renamed", "alter table message\n  rename column text to body;", "renames"],
    ["a type changed", "alter table message alter column n type bigint;", "changes a column's type"],
    ["a column that must be given", "alter table message add column n integer not null;", "must be given"],
    [
      "a column that must be given, second",
      "alter table t add column a text default '', add column b int not null;",
      "must be given",
    ],
    ["a value demanded", "ALTER TABLE message ALTER COLUMN n SET NOT NULL;", "demands a value"],
    ["a default taken away", "alter table message alter n drop default;", "takes a default away"],
    ["a check", "alter table message add constraint c check (n > 0);", "adds a constraint"],
    ["a foreign key", "alter table message add column t text references tenant (id);", "adds a constraint"],
    ["uniqueness", "create unique index i on message (a);", "adds a constraint"],
    ["rows hidden", "select protect_tenants('message');", "hides rows"],
    ["rows removed", "delete from message where a = 1;", "removes rows"],
    ["a right taken away", "revoke select on message from reader;", "takes a right away"],
    ["beside a new table", "create table t (a int); alter table message drop column a;", "drops a column"],
  ])("%s", (_what, sql, what) => {
    expect(contractRefusal(sql, "0.1.0")).toContain(what);
  });

  test("unless it says that no release uses it which may still run", () => {
    const drop = "alter table message drop column text;";
    expect(contractRefusal(`-- last used by 0.1\n${drop}`, "0.2.0")).toBeNull();
    expect(contractRefusal(`-- last used by 0.9\n${drop}`, "1.0.3")).toBeNull();
    expect(contractRefusal(`-- last used by 0.2\n${drop}`, "0.2.0")).toContain(
      "release 0.2.0 runs beside it",
    );
    expect(contractRefusal(`-- last used by 0.3\n${drop}`, "0.2.0")).toContain(
      "release 0.2.0 runs beside it",
    );
  });
});

test("migrations after the last release take nothing away from it", () => {
  const { release, migrations } = readReleased();
  const files = release === null ? [] : migrationFiles().filter((file) => migrations[file] === undefined);
  const refusals = files.flatMap((file) => {
    const refusal = contractRefusal(readFileSync(new URL(file, root), "utf8"), release!);
    return refusal === null ? [] : [`${file} ${refusal}`];
  });
  expect(refusals).toEqual([]);
  expect(migrationFiles()).toContain("packages/store/migrations/0001_plumbing.sql");
});

test("the gate sees what was done before there was a release", () => {
  const before = migrationFiles().filter(
    (file) => takenAway(readFileSync(new URL(file, root), "utf8")).length > 0,
  );
  expect(before.length).toBeGreaterThan(3);
});
