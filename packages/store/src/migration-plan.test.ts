import { describe, expect, test } from "vitest";
import { checksum, planMigrations } from "./migration-plan.ts";

const file = (name: string, text = name) => ({ name, text });
const done = (name: string, text = name) => ({ name, checksum: checksum(text) });
const names = (files: { name: string }[]) => files.map((one) => one.name);

describe("planMigrations", () => {
  test("applies what is new, in order of the numbers, and nothing twice", () => {
    const files = [file("0003_c.sql"), file("0001_a.sql"), file("0002_b.sql")];
    expect(names(planMigrations("x", files, []))).toEqual(["0001_a.sql", "0002_b.sql", "0003_c.sql"]);
    expect(names(planMigrations("x", files, [done("0001_a.sql")]))).toEqual(["0002_b.sql", "0003_c.sql"]);
    expect(
      planMigrations(
        "x",
        files,
        files.map((one) => done(one.name)),
      ),
    ).toEqual([]);
  });

  test("an older release runs beside a newer one's database", () => {
    expect(planMigrations("x", [file("0001_a.sql")], [done("0001_a.sql"), done("0002_b.sql")])).toEqual([]);
  });

  test.each([
    ["an edited file", [file("0001_a.sql", "new")], [done("0001_a.sql", "old")], /was changed after/],
    ["a removed file", [file("0002_b.sql")], [done("0001_a.sql"), done("0002_b.sql")], /missing here/],
    ["a file squeezed in", [file("0001_a.sql"), file("0002_b.sql")], [done("0002_b.sql")], /number it after/],
    [
      "a number used twice",
      [file("0001_a.sql"), file("0001_b.sql")],
      [],
      /two migrations have the number 0001/,
    ],
    ["a strange name", [file("1-a.sql")], [], /named like/],
  ])("%s is refused", (_what, files, applied, message) => {
    expect(() => planMigrations("x", files, applied)).toThrow(message);
  });
});
