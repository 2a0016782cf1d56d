import { expect, test } from "vitest";
import { type Answer, type Entry, type Met, meet } from "./idempotency.ts";

const answer: Answer = { status: 202, body: { id: "m1" }, location: null };

test.each<[string, Entry | null, Met]>([
  ["nobody before: it runs", null, { kind: "first" }],
  ["the first is running: it must wait", { state: "running", fingerprint: "f" }, { kind: "in_progress" }],
  [
    "the first was answered: same answer",
    { state: "answered", fingerprint: "f", answer },
    { kind: "replay", answer },
  ],
  ["another body, still running: refused", { state: "running", fingerprint: "g" }, { kind: "reused" }],
  ["another body, answered: refused", { state: "answered", fingerprint: "g", answer }, { kind: "reused" }],
])("%s", (_, entry, met) => {
  expect(meet(entry, "f")).toEqual(met);
});
