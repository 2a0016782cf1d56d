import { expect, it } from "vitest";
import { parseFlags } from "./flags.ts";

it("has defaults for everything", () => {
  expect(parseFlags([])).toEqual({ broadcast: 2000, otp: 50, exit: false, report: null, kill: [], seed: 1 });
});

it("takes --kill several times", () => {
  expect(parseFlags(["--kill", "ingest", "--kill", "dispatcher", "--exit"])).toMatchObject({
    kill: ["ingest", "dispatcher"],
    exit: true,
  });
});

it.each([
  [["--broadcast", "many"], /--broadcast takes a whole number/],
  [["--otp", "-1"], /--otp/],
  [["--kill", "kafka"], /--kill takes one of/],
  [["--nonsense"], /nonsense/],
])("refuses %j with the flag's name", (args, words) => {
  expect(() => parseFlags(args)).toThrow(words);
});
