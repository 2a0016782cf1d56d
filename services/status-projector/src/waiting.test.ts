import { dispatchState } from "@wamesh/testing";
import { describe, expect, it } from "vitest";
import { waitingOf } from "./waiting.ts";

const now = 1_000_000;
const message = { status: "queued", session: "s1", campaign: "c1", template: "sale" };
const held = (over: object) => ({
  session: "s1",
  campaign: null,
  template: null,
  reason: "pace",
  messages: 3,
  until: 1_005_000,
  ...over,
});
const of = (...list: object[]) => [dispatchState({ held: list as never })];
const queued = (over: object = {}) => ({ next_at: null, reason_code: null, reason_detail: null, ...over });

describe("a message waits", () => {
  it.each([
    ["for its time", queued({ next_at: new Date(now + 5) }), of(), "scheduled", now + 5],
    [
      "for its next try",
      queued({ next_at: new Date(now + 5), reason_code: "rate_limited" }),
      of(),
      "rate_limited",
      now + 5,
    ],
    [
      "no longer for a time that has come",
      queued({ next_at: new Date(now - 5) }),
      of(),
      "its_turn_is_near",
      null,
    ],
    ["behind others", queued(), of(held({})), "pace", 1_005_000],
    [
      "for its campaign, which says more than that others are before it",
      queued(),
      of(held({}), held({ campaign: "c1", reason: "campaign_paused", until: null })),
      "campaign_paused",
      null,
    ],
    [
      "not for another's campaign",
      queued(),
      of(held({ campaign: "c2", reason: "campaign_paused" })),
      "its_turn_is_near",
      null,
    ],
    [
      "not for another's session",
      queued(),
      of(held({ session: "s2", reason: "paused" })),
      "its_turn_is_near",
      null,
    ],
    [
      "for its template",
      queued(),
      of(held({ template: "sale:de", reason: "template_paused" })),
      "template_paused",
      1_005_000,
    ],
    [
      "not for another template",
      queued(),
      of(held({ template: "welcome:de", reason: "template_paused" })),
      "its_turn_is_near",
      null,
    ],
    ["for a reason of a later release", queued(), of(held({ reason: "full_moon" })), "full_moon", 1_005_000],
  ])("%s", (_what, last, states, reason, until) => {
    expect(waitingOf(message, last, states, now)).toMatchObject({ reason, until });
  });

  it.each([
    ["accepted", "on_its_way"],
    ["sent", undefined],
    ["in_doubt", undefined],
    ["cancelled", undefined],
  ])("%s: %s", (status, reason) => {
    expect(waitingOf({ ...message, status }, undefined, [], now)?.reason).toBe(reason);
  });
});
