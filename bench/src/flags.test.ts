import { expect, test } from "vitest";
import { parseFlags } from "./flags.ts";
import type { Bench } from "./report.ts";

const run = async () => ({});
const benches: Record<string, Bench> = {
  plain: { about: "", run },
  parted: { about: "", parts: ["one", "two"], run },
};
const parse = (line: string) => parseFlags(line.split(" ").filter(Boolean), benches);

test("a bench, where its report goes, and which of its parts", () => {
  expect(parse("parted --report r.json --quick --only two,one")).toEqual({
    kind: "run",
    flags: { name: "parted", report: "r.json", quick: true, only: ["two", "one"] },
  });
  expect(parse("plain")).toEqual({
    kind: "run",
    flags: { name: "plain", report: null, quick: false, only: null },
  });
});

test.each(["", "--help", "parted --help"])("'%s' asks for help", (line) => {
  expect(parse(line)).toEqual({ kind: "help", status: 0 });
});

test.each([
  "other",
  "toString",
  "--quick",
  "parted plain",
  "parted --only three",
  "parted --only",
  "parted --report",
  "parted --slow",
  "plain --quick",
  "plain --only one",
])("'%s' is refused with a sentence", (line) => {
  const parsed = parse(line);
  expect(parsed).toMatchObject({ kind: "bad", status: 2 });
  expect("why" in parsed && parsed.why).toBeTruthy();
});
