import { expect, test } from "vitest";
import { windowClosesAt } from "./window.ts";

const day = 86_400_000;
const wrote = { provider: "cloud_api", kind: "text", group: null, occurredAt: 1_000, recordedAt: 2_000 };

test.each([
  ["what a person writes opens a day, counted from when they wrote", {}, 1_000 + day],
  ["a clock ahead of ours wins nothing", { occurredAt: 9_000 }, 2_000 + day],
  ["a group's messages open none", { group: "120363000000000001@g.us" }, null],
  ["a preference opens none", { kind: "preference" }, null],
  ["WasenderApi has none", { provider: "wasender" }, null],
  ["a provider that was never noted", { provider: null }, null],
  ["a provider of a later release", { provider: "later" }, null],
])("%s", (_what, over, closesAt) => {
  expect(windowClosesAt({ ...wrote, ...over })).toBe(closesAt);
});
