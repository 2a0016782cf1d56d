import { expect, test } from "vitest";
import { activity } from "./tallies/activity.ts";
import { campaignCurve } from "./tallies/campaign-curve.ts";
import { campaignStatus } from "./tallies/campaign-status.ts";
import { ledger } from "./tallies/ledger.ts";
import { tallyDeltas } from "./tally.ts";
import type { Row } from "./view.ts";

const hour = Date.UTC(2026, 10, 1, 9);
const about = {
  tenant: "acme",
  campaign: "cmp_1",
  session: "ses_1",
  category: "marketing",
  provider: "cloud_api",
};
const row = (more: Row): Row => ({ ...about, first_at: hour + 60_000, accepted_at: hour + 60_000, ...more });
const sent = row({ status: "sent", origin: "mesh", sent_at: hour + 3_590_000 });
const read = row({ ...sent, status: "read", delivered_at: hour + 3_600_000, read_at: hour + 3_612_000 });

test("a message moves from one place to the next, and leaves nothing behind", () => {
  const changes = [
    { was: null, became: row({ status: "accepted" }) },
    { was: row({ status: "accepted" }), became: sent },
    { was: sent, became: read },
  ];
  expect(tallyDeltas(campaignStatus, changes)).toEqual([
    { key: ["acme", "cmp_1", "read", "", ""], sums: { messages: 1 } },
  ]);
  expect(tallyDeltas(ledger, changes)).toEqual([{ key: ["acme", hour], sums: { accepted: 1, final: 1 } }]);
});

test("each thing that happened counts in the hour, and in the ten seconds, in which it did", () => {
  const changes = [{ was: null, became: read }];
  const where = ["ses_1", "cmp_1", "marketing", "cloud_api"];
  expect(tallyDeltas(activity, changes)).toEqual([
    { key: ["acme", hour, ...where], sums: { accepted: 1, sent: 1 } },
    { key: ["acme", hour + 3_600_000, ...where], sums: { delivered: 1, read: 1 } },
  ]);
  expect(tallyDeltas(campaignCurve, changes)).toEqual([
    { key: ["acme", "cmp_1", hour + 3_590_000], sums: { sent: 1 } },
    { key: ["acme", "cmp_1", hour + 3_600_000], sums: { delivered: 1 } },
    { key: ["acme", "cmp_1", hour + 3_610_000], sums: { read: 1 } },
  ]);
});

test("a receipt that names an earlier time takes back the later one", () => {
  const earlier = { ...read, delivered_at: hour + 3_595_000 };
  expect(tallyDeltas(campaignCurve, [{ was: read, became: earlier }])).toMatchObject([
    { key: ["acme", "cmp_1", hour + 3_590_000], sums: { delivered: 1 } },
    { key: ["acme", "cmp_1", hour + 3_600_000], sums: { delivered: -1 } },
  ]);
});

test("what was charged counts under the category that was charged, in the hour in which it left", () => {
  const charged = { ...sent, billable: true, priced_as: "utility" };
  expect(tallyDeltas(activity, [{ was: null, became: charged }])).toEqual([
    {
      key: ["acme", hour, "ses_1", "cmp_1", "utility", "cloud_api"],
      sums: { accepted: 1, sent: 1, billable: 1 },
    },
  ]);
});

test.each([
  ["failed by the provider, it had left", { origin: "provider" }, { sent: 1, failed: 1, accepted: 1 }],
  ["failed here, it had not", { origin: "mesh" }, { failed: 1, accepted: 1 }],
])("%s", (_what, origin, sums) => {
  const became = row({ ...origin, status: "failed", failed_at: hour + 90_000 });
  expect(tallyDeltas(activity, [{ was: null, became }])[0]!.sums).toEqual(sums);
});

test("an acceptance without a word on it, and a word without an acceptance, both show as a difference", () => {
  const unheard = row({ status: "accepted" });
  const unread = row({ status: "queued", accepted_at: null });
  expect(tallyDeltas(ledger, [{ was: null, became: unheard }])[0]!.sums).toEqual({ accepted: 1 });
  expect(tallyDeltas(ledger, [{ was: null, became: unread }])[0]!.sums).toEqual({ waiting: 1 });
});

test("only an ill fate has an error; a reason in passing has not", () => {
  const reason = { reason_code: "attempts_exhausted", fault_class: "provider" };
  const of = (status: string) =>
    tallyDeltas(campaignStatus, [{ was: null, became: row({ status, ...reason }) }])[0]!.key;
  expect(of("failed")).toEqual(["acme", "cmp_1", "failed", "attempts_exhausted", "provider"]);
  expect(of("queued")).toEqual(["acme", "cmp_1", "queued", "", ""]);
});
