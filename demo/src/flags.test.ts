import { expect, it } from "vitest";
import { parseFlags, serviceNames } from "./flags.ts";

it("has defaults for everything", () => {
  expect(parseFlags([])).toEqual({
    broadcast: 2000,
    campaign: null,
    console: null,
    otp: 50,
    exit: false,
    report: null,
    kill: [],
    seed: 1,
  });
});

it("kills each service once during a campaign, unless told otherwise", () => {
  expect(parseFlags(["--campaign", "50000"])).toMatchObject({ campaign: 50_000, broadcast: 0, otp: 200 });
  expect(parseFlags(["--campaign", "50000"])).toMatchObject({ kill: [...serviceNames] });
  expect(parseFlags(["--campaign", "50000", "--kill", "none"])).toMatchObject({ kill: [] });
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
  [["--campaign", "all"], /--campaign takes a whole number/],
  [["--console", "page.png"], /--console shows a campaign/],
  [["--kill", "kafka"], /--kill takes one of/],
  [["--nonsense"], /nonsense/],
])("refuses %j with the flag's name", (args, words) => {
  expect(() => parseFlags(args)).toThrow(words);
});
