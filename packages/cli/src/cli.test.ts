import { expect, it, test } from "vitest";
import { UsageError } from "./command.ts";
import { unbalanced } from "./commands/reconcile.ts";
import { commands } from "./commands.ts";
import { helpOf, overview } from "./help.ts";
import { clock, table } from "./table.ts";
import { findWhere } from "./where.ts";

test("a table lines up, numbers to the right, and shows what is missing", () => {
  expect(
    table(
      ["id", "count", "phone"],
      [
        ["a", 1000, null],
        ["long", 7, "+1"],
      ],
    ),
  ).toBe("id    count  phone\na      1000  –\nlong      7  +1");
});

test("a time of today is without its day", () => {
  expect(clock("2026-01-02T03:04:05.678Z", "2026-01-02")).toBe("03:04:05.678");
  expect(clock("2026-01-01T03:04:05.678Z", "2026-01-02")).toBe("2026-01-01 03:04:05");
  expect(clock(null, "2026-01-02")).toBe("–");
});

it("takes the mesh from flags before the environment, and names what is missing", () => {
  const nowhere = "/nonexistent/run.json";
  const env = { WAMESH_ORIGIN: "http://env", WAMESH_KEY: "wam_env" };
  expect(findWhere({ origin: "http://flag" }, env, nowhere)).toMatchObject({
    origin: "http://flag",
    key: "wam_env",
  });
  expect(() => findWhere({}, {}, nowhere)).toThrow(UsageError);
  // The key of the mesh that runs here is not shown to another one.
  expect(() => findWhere({ origin: "http://elsewhere" }, {}, nowhere)).toThrow(/As whom/);
});

it("explains every command and every flag", () => {
  for (const command of commands) {
    expect(overview(commands)).toContain(command.name);
    for (const name of Object.keys(command.options)) expect(helpOf(command)).toContain(`--${name}`);
  }
});

it("calls an hour unbalanced once it ended an hour ago, in either direction", () => {
  const now = Date.parse("2026-01-02T12:30:00Z");
  const hour = (at: string, difference: number) => ({ at: `2026-01-02T${at}:00:00Z`, difference });
  const hours = [hour("11", 3), hour("10", 1), hour("09", -1), hour("08", 0)];
  expect(unbalanced(hours, now)).toEqual([hours[1], hours[2]]);
});
