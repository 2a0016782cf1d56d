import { expect, it } from "vitest";
import { parseFlags } from "./flags.ts";

const kinds = ["kill_ingest", "redis_flush"];

it("has defaults for everything", () => {
  expect(parseFlags([], kinds)).toEqual({ rounds: 5, seed: 1, faults: [], report: null });
});

it("takes --fault several times", () => {
  expect(parseFlags(["--fault", "redis_flush", "--fault", "kill_ingest"], kinds)).toMatchObject({
    faults: ["redis_flush", "kill_ingest"],
  });
});

it.each([
  [["--rounds", "0"], /--rounds takes a whole number from 1/],
  [["--seed", "-1"], /--seed/],
  [["--fault", "flood"], /--fault takes one of the kinds below, not "flood"/],
  [["--nonsense"], /nonsense/],
])("refuses %j with the flag's name", (args, words) => {
  expect(() => parseFlags(args, kinds)).toThrow(words);
});
