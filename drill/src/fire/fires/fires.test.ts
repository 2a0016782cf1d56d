import { expect, it } from "vitest";
import { alertsOf, readGroups } from "../../../../deploy/prometheus/rules.ts";
import { softened } from "../../../../deploy/prometheus/scaled.ts";
import { readFlags } from "../flags.ts";
import { fires } from "./index.ts";

const alerts = alertsOf(readGroups()).map(({ alert, labels }) => `${alert} ${labels.severity}`);

it("every alert is set off by a fire, and no fire names one that there is not", () => {
  const caused = new Set(fires.flatMap((fire) => fire.alerts));
  expect(alerts.filter((name) => !caused.has(name))).toEqual([]);
  expect([...caused].filter((name) => !alerts.includes(name))).toEqual([]);
});

it("no two fires have one name, and what they lower stands in the rules", () => {
  expect(new Set(fires.map(({ name }) => name)).size).toBe(fires.length);
  expect(() =>
    softened(
      readGroups(),
      fires.flatMap((fire) => fire.softened ?? []),
    ),
  ).not.toThrow();
});

it("takes fires by name, in their order; a record only of fires", () => {
  const chosen = (...args: string[]) => readFlags(args, fires)?.chosen.map(({ name }) => name);
  expect(chosen()).toHaveLength(fires.length);
  expect(chosen("--fire", "redis", "--fire", "session")).toEqual(["session", "redis"]);
  expect(chosen("--panels")).toEqual([]);
  expect(readFlags(["--help"], fires)).toBeNull();
  expect(() => chosen("--fire", "nothing")).toThrow('there is no fire "nothing"');
  expect(() => chosen("--record", "--calm")).toThrow("takes a fire");
  expect(() => chosen("--factor", "0")).toThrow("--factor");
});
