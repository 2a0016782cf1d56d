import { expect, it } from "vitest";
import { parseFlags } from "./flags.ts";

const kinds = ["kill_ingest", "redis_flush"];
const scenarios = ["brokers", "soak"];
const parse = (args: readonly string[]) => parseFlags(args, kinds, scenarios);

it("has defaults for everything", () => {
  expect(parse([])).toEqual({
    scenario: null,
    minutes: null,
    ratePerS: null,
    to: null,
    rounds: 5,
    seed: 1,
    faults: [],
    report: null,
  });
});

it("takes --fault several times", () => {
  expect(parse(["--fault", "redis_flush", "--fault", "kill_ingest"])).toMatchObject({
    faults: ["redis_flush", "kill_ingest"],
  });
});

it("takes a scenario with its length", () => {
  expect(parse(["--scenario", "soak", "--minutes", "30", "--rate", "60"])).toMatchObject({
    scenario: "soak",
    minutes: 30,
    ratePerS: 60,
  });
});

it("takes the ref that an upgrade goes to", () => {
  expect(parse(["--to", "v0.2.0"])).toMatchObject({ to: "v0.2.0" });
});

it.each([
  [["--rounds", "0"], /--rounds takes a whole number from 1/],
  [["--seed", "-1"], /--seed/],
  [["--fault", "flood"], /--fault takes one of the kinds below, not "flood"/],
  [["--scenario", "flood"], /--scenario takes one of the scenarios below, not "flood"/],
  [["--scenario", "soak", "--minutes", "0"], /--minutes takes a whole number from 1/],
  [["--nonsense"], /nonsense/],
])("refuses %j with the flag's name", (args, words) => {
  expect(() => parse(args)).toThrow(words);
});
