import { type CampaignPhase, type CampaignState, largeTenantSpread, reasonCodes } from "@wamesh/events";
import { outboundMessage, sessionState, tenantConfig } from "@wamesh/testing";
import { describe, expect, it } from "vitest";
import { foldCampaign } from "./campaigns.ts";
import { memberOf } from "./members.ts";
import { createReceiptClock } from "./receipts.ts";
import { holdOf, paceOf, readStream, streamOf } from "./streams.ts";

const template = { name: "summer sale/2", language: "en_US", components: [], named: false };
const content = (over: object | null) => ({ ...outboundMessage().content, template: over }) as never;

describe("a stream", () => {
  it.each([
    [
      "of campaign and template",
      "c-1",
      template,
      { campaign: "c-1", template: { name: "summer sale/2", language: "en_US" } },
    ],
    ["of a campaign", "c-1", null, { campaign: "c-1", template: null }],
    [
      "of a template",
      null,
      template,
      { campaign: null, template: { name: "summer sale/2", language: "en_US" } },
    ],
  ])("%s names both", (_what, campaign, of, read) => {
    expect(readStream(streamOf({ campaign, content: content(of) })!)).toEqual(read);
  });
  it("of an older release, or of nobody, is read as a campaign's", () => {
    expect(readStream("c-1")).toEqual({ campaign: "c-1", template: null });
    expect(readStream("50%/off")).toEqual({ campaign: "50%/off", template: null });
  });
  it("there is none for a text of no campaign", () => {
    expect(streamOf({ campaign: null, content: content(null) })).toBeNull();
  });
});

describe("a stream is held", () => {
  const stream = streamOf({ campaign: "c-1", content: content(template) })!;
  const of = (phase: CampaignPhase | undefined, state: string | undefined) =>
    holdOf(
      {
        session: () => sessionState(),
        template: () => (state === undefined ? undefined : ({ state } as never)),
      },
      { phase: () => phase },
      "session-1",
      stream,
    );
  it.each([
    ["nothing known", undefined, undefined, null],
    ["processing", "processing", "approved", null],
    ["completed", "completed", "approved", null],
    ["paused", "paused", "approved", { kind: "held", reason: "campaign_paused" }],
    ["scheduled", "scheduled", "approved", { kind: "held", reason: "campaign_not_started" }],
    ["cancelled", "cancelled", "paused", { kind: "cancelled", reason: "campaign_cancelled" }],
    ["template paused", "processing", "paused", { kind: "held", reason: "template_paused" }],
    ["template disabled", undefined, "disabled", { kind: "held", reason: "template_disabled" }],
  ] as const)("%s", (_what, phase, state, hold) => {
    expect(of(phase, state)).toEqual(hold);
  });
});

describe("the pace of a stream", () => {
  const of = (ratePerS: number | null, campaign: string | null, large = false) =>
    paceOf(
      { session: () => sessionState({ tenant: "acme" }), tenant: () => ({ record: { large } }) as never },
      { ratePerS: () => ratePerS },
      "session-1",
      streamOf({ campaign, content: content(template) })!,
    );
  it.each([
    ["a campaign's own", of(5, "c-1"), { key: "acme/c-1", ratePerS: 5, reason: "campaign_pace" }],
    ["none where its owner wants none", of(null, "c-1"), null],
    ["none of a template alone", of(5, null), null],
    ["a part on each shard of a large tenant", of(16, "c-1", true)?.ratePerS, 16 / largeTenantSpread],
  ])("%s", (_what, pace, wanted) => {
    expect(pace).toEqual(wanted);
  });
});

it.each([
  ...["pace", "plan_minute_limit", "plan_day_limit", "account_limit", "pair_limit", "paused"],
  ...["session_unknown", "session_deleted", "session_not_connected", "tenant_suspended", "quiet_hours"],
  ...["campaign_pace", "campaign_paused", "campaign_not_started", "template_paused", "template_disabled"],
])("%s stands in the registry of reasons", (code) => {
  expect(Object.keys(reasonCodes)).toContain(code);
});

it("of a campaign's records the highest version holds, in any order", () => {
  const record = (version: number, state: CampaignPhase): CampaignState => ({
    tenant: "acme",
    campaign: "c-1",
    version,
    name: "",
    state,
    total: null,
    expanded: 0,
    skipped: 0,
    rate_per_s: null,
    reason: null,
    run: 1,
    skips: [],
    send_at: null,
    session: null,
    pool: null,
    template: null,
    category: null,
    created_at: null,
    started_at: null,
    changed_at: 0,
  });
  const known = new Map<string, CampaignState>();
  expect(foldCampaign(known, record(2, "paused"))).toBe(true);
  expect(foldCampaign(known, record(1, "processing"))).toBe(false);
  expect(foldCampaign(known, record(2, "processing"))).toBe(false);
  expect([...known.values()].map(({ state }) => state)).toEqual(["paused"]);
});

describe("a plan's limits", () => {
  const of = (plan: object, large = false) => {
    const record = tenantConfig().tenant_record!;
    const tenant = {
      id: "acme",
      state: "active",
      record: { ...record, large, plan: { ...record.plan, ...plan } },
    };
    return memberOf({ session: () => sessionState(), tenant: () => tenant } as never, "session-1")?.limits;
  };
  it("bind all sessions of the tenant; a large one's parts stay below them together", () => {
    expect(of({})).toEqual([]);
    expect(of({ per_minute: 600, per_day: null })).toEqual([
      { scope: "tenant", key: "acme", perMinute: 600, perDay: null },
    ]);
    expect(of({ per_minute: 600, per_day: 100_000 }, true)).toEqual([
      { scope: "tenant", key: "acme", perMinute: 75, perDay: 12_500 },
    ]);
  });
});

describe("receipts are read up to date", () => {
  const noted = (
    clock: ReturnType<typeof createReceiptClock>,
    now: number,
    high: number,
    committed: number | null,
  ) => clock.noted(now, [{ partition: 0, low: 0, high, committed }]);
  it("when the group has committed what the log held a moment ago", () => {
    const clock = createReceiptClock();
    expect(clock.isCurrent(0, 0)).toBe(false);
    noted(clock, 0, 100, 90);
    expect(clock.isCurrent(0, 0)).toBe(false);
    // The log grows and the group follows a second behind.
    for (let s = 1; s < 20; s++) noted(clock, s * 1_000, 100 + s * 50, 100 + (s - 1) * 50);
    expect(clock.isCurrent(0, 19_000)).toBe(true);
    // It stands still.
    for (let s = 20; s < 30; s++) noted(clock, s * 1_000, 100 + s * 50, 1_000);
    expect(clock.isCurrent(0, 29_000)).toBe(false);
    noted(clock, 30_000, 1_600, 1_600);
    expect(clock.isCurrent(0, 30_000)).toBe(true);
    expect(clock.isCurrent(1, 30_000)).toBe(false);
  });
  it("when there is nothing to read", () => {
    const clock = createReceiptClock();
    clock.noted(5_000, [{ partition: 0, low: 7, high: 7, committed: null }]);
    expect(clock.isCurrent(0, 6_000)).toBe(true);
  });
});
