import { expect, test } from "vitest";
import { availability, type Observed } from "./availability.ts";

const at = (status: string, at: number): Observed => ({ status, at });

test.each<[string, Observed[], number | null]>([
  ["nothing is known", [], null],
  ["connected since before", [at("connected", -50)], 1],
  ["down since before", [at("disconnected", -50)], 0],
  ["down for a quarter", [at("connected", -50), at("disconnected", 25), at("connected", 50)], 0.75],
  ["connected in the middle of it, until then only created", [at("created", 10), at("connected", 60)], 1],
  ["it waited for a scan, which is wanted time", [at("need_scan", 0), at("connected", 50)], 0.5],
  ["deleted half-way: what came before counts", [at("connected", -1), at("deleted", 50)], 1],
  ["not yet made", [at("created", 0)], null],
  ["what was told twice counts once", [at("connected", 0), at("connected", 0), at("disconnected", 90)], 0.9],
])("%s", (_what, observed, share) => {
  expect(availability(observed, 0, 100)).toBe(share);
});
