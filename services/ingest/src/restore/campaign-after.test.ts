import { expect, test } from "vitest";
import { type CampaignAfter, type CampaignRow, campaignAfter } from "./campaign-after.ts";

const row = (state: CampaignRow["state"], version = 3, run = 1): CampaignRow => ({ state, version, run });
const raised = { version: 7, state: null, reason: null };

test.each<[CampaignRow | null, Parameters<typeof campaignAfter>[1]["state"], number, CampaignAfter]>([
  [row("expanding"), "expanding", 1, { take: raised, ask: null }],
  [row("expanding"), "completed", 1, { take: raised, ask: null }],
  [row("scheduled"), "expanding", 1, { take: raised, ask: null }],
  [row("expanding"), "paused", 1, { take: { version: 7, state: "paused", reason: "error_rate" }, ask: null }],
  [
    row("processing"),
    "cancelled",
    1,
    { take: { version: 7, state: "cancelled", reason: "error_rate" }, ask: null },
  ],
  [row("completed"), "expanding", 2, { take: raised, ask: "retried since the copy: retry it again" }],
  [row("draft"), "processing", 1, { take: raised, ask: "started since the copy: start it again" }],
  [row("paused"), "processing", 1, { take: raised, ask: "resumed since the copy: resume it again" }],
  [row("processing", 7), "paused", 1, { take: null, ask: null }],
  [null, "completed", 1, { take: null, ask: null }],
])("a row %j and a record %s of run %i", (given, state, run, expected) => {
  expect(campaignAfter(given, { version: 7, state, run, reason: "error_rate" })).toEqual(expected);
});

test("one that the database does not know and that is not over is a person's matter", () => {
  const { take, ask } = campaignAfter(null, { version: 7, state: "processing", run: 1, reason: null });
  expect(take).toBeNull();
  expect(ask).toContain("the rest of its list is lost");
});
