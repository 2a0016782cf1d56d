/** A doubt is settled by a look-up only where nothing else can be meant; what is not found proves nothing. */
import { contentToken, recipientToken } from "@wamesh/events";
import type { LoggedMessage, MessageInfo } from "@wamesh/providers";
import { messageStatus, sessionEvent } from "@wamesh/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBudget } from "../call-budget.ts";
import { failureOf, isNoFailure } from "./failures.ts";
import { fromInfo, fromLog } from "./findings.ts";
import { type Followed, isFollowed, lastWords, logged, msgIdOf, nextInMs } from "./follow.ts";
import { failedStatus, keyStatus } from "./records.ts";

const ring = { tenant: "acme", keys: ["new", "old"] };
// Accepted under the older key, dispatched under the newer.
const tokens = {
  recipient_token: recipientToken("old", "acme", { kind: "phone", value: "+15550001111" }),
  content_token: contentToken("new", "acme", "Hi"),
};
const claimedAt = 1_788_000_000_000;
const doubt = { ...tokens, claimed_at: claimedAt };
const row = (over: Partial<LoggedMessage> = {}): LoggedMessage => ({
  id: "7",
  digits: "15550001111",
  text: "Hi",
  hasFailed: false,
  failure: "",
  createdAtMs: claimedAt + 1_000,
  ...over,
});
const whole = (...rows: LoggedMessage[]) => ({ rows, isWhole: true });
const nothing = { kind: "nothing" };

describe("the log settles a doubt", () => {
  it("as sent, or as failed with the provider's words", () => {
    expect(fromLog(doubt, whole(row()), [], ring)).toEqual({ kind: "sent", id: "7" });
    expect(fromLog(doubt, whole(row({ hasFailed: true, failure: "invalid number" })), [], ring)).toEqual({
      kind: "failed",
      id: "7",
      detail: "invalid number",
    });
  });

  it("by a Brazilian number without its ninth digit", () => {
    const person = { kind: "phone", value: "+5511987654321" };
    const brazilian = { ...doubt, recipient_token: recipientToken("new", "acme", person) };
    expect(fromLog(brazilian, whole(row({ digits: "551187654321" })), [], ring)).toMatchObject({
      kind: "sent",
    });
  });

  it.each([
    ["the log is empty", whole()],
    ["it went to another person", whole(row({ digits: "15550002222" }))],
    ["it says something else", whole(row({ text: "Bye" }))],
    ["it is older than the claim", whole(row({ createdAtMs: claimedAt - 6_000 }))],
    ["it is much younger", whole(row({ createdAtMs: claimedAt + 61_000 }))],
    ["two rows may be it", whole(row(), row({ id: "8" }))],
    ["a row of that time names nobody", whole(row(), row({ id: "8", digits: null, text: null }))],
    ["rows may be missing", { rows: [row()], isWhole: false }],
    [
      "the rows that go back further are not in order",
      { rows: [row({ id: "1", createdAtMs: claimedAt - 60_000 }), row()], isWhole: false },
    ],
  ])("not when %s", (_why, log) => {
    expect(fromLog(doubt, log, [], ring)).toEqual(nothing);
  });

  it("from a page that goes back further than the claim", () => {
    const older = row({ id: "1", text: "Bye", createdAtMs: claimedAt - 60_000 });
    expect(fromLog(doubt, { rows: [row(), older], isWhole: false }, [], ring)).toMatchObject({ id: "7" });
  });

  it("only with a row that is no other message's", () => {
    const other = { claimed_at: claimedAt - 2_000, provider_id: "6" };
    const both = whole(row(), row({ id: "6" }));
    expect(fromLog(doubt, both, [other], ring)).toEqual({ kind: "sent", id: "7" });
    expect(fromLog(doubt, whole(row({ id: "6" })), [other], ring)).toEqual(nothing);
    // The log numbers its rows otherwise than the answers do: which row is whose can't be said.
    expect(fromLog(doubt, both, [{ ...other, provider_id: "9006" }], ring)).toEqual(nothing);
    expect(fromLog(doubt, whole(row()), [{ ...other, provider_id: null }], ring)).toEqual(nothing);
    const longAgo = { claimed_at: claimedAt - 300_000, provider_id: null };
    expect(fromLog(doubt, whole(row()), [longAgo], ring)).toMatchObject({ kind: "sent" });
  });
});

describe("the info of a message", () => {
  const found = (over: Partial<MessageInfo> = {}): MessageInfo => ({
    status: "sent",
    key: "K",
    digits: "15550001111",
    text: "Hi",
    ...over,
  });
  const sent = { ...tokens, provider_id: "7" };

  it("names its key, says that it failed, or says nothing yet", () => {
    expect(fromInfo(sent, found(), ring)).toEqual({ kind: "key", key: "K" });
    expect(fromInfo(sent, found({ status: "failed", key: null }), ring)).toEqual({
      kind: "failed",
      key: null,
    });
    expect(fromInfo(sent, found({ status: "pending", key: null }), ring)).toEqual(nothing);
  });

  it("is believed without a number, unless it was asked for by a number from the log", () => {
    expect(fromInfo(sent, found({ digits: null }), ring)).toMatchObject({ kind: "key" });
    const fromTheLog = { ...sent, provider_id: logged("7") };
    expect(fromInfo(fromTheLog, found(), ring)).toMatchObject({ kind: "key" });
    for (const over of [{ digits: null }, { digits: "15550002222" }, { text: "Bye" }, { text: null }])
      expect(fromInfo(fromTheLog, found(over), ring)).toEqual(nothing);
  });
});

describe("what is followed", () => {
  const told = (over: object) =>
    messageStatus({ provider: "wasender", status: "sent", message_id: "m", claim: 1, ...over });

  it.each([
    ["a WasenderApi message that was sent", { status: "sent" }, true],
    ["one in doubt", { status: "in_doubt" }, true],
    ["one that waits", { status: "queued" }, false],
    ["a Cloud API message, whose receipts echo our id", { provider: "cloud_api" }, false],
  ])("%s: %j %s", (_what, over, is) => {
    expect(isFollowed(told(over))).toBe(is);
  });

  it("is looked up by a number only, after half a minute, and some times more", () => {
    expect(msgIdOf("none:m.1")).toBeNull();
    expect(msgIdOf("3EB0A1")).toBeNull();
    expect(msgIdOf(null)).toBeNull();
    expect(nextInMs({ state: "sent", provider_id: "3EB0A1" }, 0)).toBeNull();
    const waits = (of: Parameters<typeof nextInMs>[0]) =>
      Array.from({ length: 9 }, (_, asked) => nextInMs(of, asked)).filter((ms) => ms !== null);
    expect(waits({ state: "sent", provider_id: "7" })).toEqual([30_000, 60_000, 180_000, 630_000, 2_700_000]);
    // Before the doubt is decided, which takes two minutes by default, it is asked five times.
    const doubts = waits({ state: "in_doubt", provider_id: null });
    expect(doubts.slice(0, 5).reduce((sum, ms) => sum + ms, 0)).toBeLessThan(120_000);
  });

  it("is the last word on each message, whatever order they come in", () => {
    const words = [
      told({ status: "in_doubt" }),
      told({ status: "sent" }),
      told({ status: "in_doubt", claim: 2 }),
      told({ message_id: "n", status: "in_doubt" }),
    ].map((status) => ({ status: status as Followed }));
    fc.assert(
      fc.property(fc.shuffledSubarray(words, { minLength: 4 }), (shuffled) => {
        const last = lastWords(shuffled).map(({ status }) => [status.message_id, status.claim]);
        expect(last.sort()).toEqual([
          ["m", 2],
          ["n", 1],
        ]);
      }),
    );
    expect(lastWords([words[1]!, words[0]!])[0]?.status.status).toBe("sent");
  });

  it("is told of as the provider's word, under the id that its callback would have", () => {
    const sent = told({ status: "sent", provider_id: "7", content_token: "c" });
    expect(keyStatus(sent, "K", 5)).toMatchObject({
      ...{ status: "reference", origin: "provider", rank: -1, provider_id: "7", provider_key: "K" },
      ...{ content_token: null, occurred_at: 5 },
    });
    expect(failedStatus(sent, null, 5)).toMatchObject({
      ...{ status: "failed", origin: "provider", rank: 60, claim: 1 },
      reason: { code: "provider_refused" },
    });
    const ids = [keyStatus(sent, "K", 5), keyStatus(sent, "L", 5), failedStatus(sent, "K", 5)];
    expect(new Set(ids.map((one) => one.event_id)).size).toBe(3);
    expect(keyStatus(sent, "K", 9).event_id).toBe(ids[0]!.event_id);
  });
});

describe("a failure that names no message", () => {
  const event = sessionEvent({ kind: "send_failed", evidence: "callback", session: "s", occurred_at: 5 });

  it("is taken up where a callback told of it, and not where a request of ours was answered", () => {
    expect(failureOf(event)).toEqual({ session: "s", at: 5 });
    expect(failureOf({ ...event, evidence: "send" })).toBeNull();
    expect(failureOf({ ...event, kind: "status" })).toBeNull();
    const skipped = (type: string) => isNoFailure((name) => (name === "ce_type" ? type : undefined));
    expect([skipped("wamesh.session.send_failed"), skipped("wamesh.session.status")]).toEqual([false, true]);
  });
});

describe("the budget of a session", () => {
  it("is kept over any minute, but for what may come at once, and begins with one call", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(5_000), { maxLength: 200 }),
        fc.integer({ min: 1, max: 40 }),
        (gaps, perMinute) => {
          const budget = createBudget(perMinute);
          const taken: number[] = [];
          let now = 0;
          for (const gap of gaps) {
            now += gap;
            if (budget.take("s", now) === 0) taken.push(now);
          }
          const burst = Math.max(1, Math.floor(perMinute / 4));
          for (const at of taken)
            expect(taken.filter((one) => one >= at && one < at + 60_000).length).toBeLessThanOrEqual(
              perMinute + burst,
            );
          if (taken.length > 1)
            expect(taken[1]! - taken[0]!).toBeGreaterThanOrEqual(60_000 / perMinute - 1e-6);
        },
      ),
    );
  });

  it("says how long to wait, for each session by itself, and keeps a rest", () => {
    const budget = createBudget(20);
    expect(budget.take("a", 0)).toBe(0);
    expect(budget.take("a", 1_000)).toBe(2_000);
    expect(budget.take("b", 1_000)).toBe(0);
    expect(budget.take("a", 3_000)).toBe(0);
    budget.rest("a", 30_000, 3_000);
    expect(budget.take("a", 4_000)).toBe(29_000);
    expect(budget.take("a", 33_000)).toBe(0);
  });
});
