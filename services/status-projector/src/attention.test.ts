import { expect, test } from "vitest";
import { attentionOf, ofTenant, successRatio, type TenantFacts } from "./attention.ts";

const since = new Date(Date.UTC(2026, 10, 20));
const nothing = { accepted: 0, sent: 0, delivered: 0, read: 0, failed: 0, expired: 0, cancelled: 0 };
const quiet: TenantFacts = {
  tenant: "acme",
  doubts: 0,
  dead: undefined,
  day: { ...nothing, delivered: 100, failed: 10 },
  backlog: { queued: { otp: 0, standard: 0, bulk: 0 }, oldestWaitS: 3_599 },
};
const session = { tenant: "acme", session: "ses_1", name: "Main", status: "connected", quality: null, since };
const none = { sessions: [], campaigns: [], endpoints: [], tenants: [] };

test("a tenant that goes as it should needs nobody", () => {
  expect(ofTenant(quiet)).toEqual([]);
  expect(attentionOf({ ...none, tenants: [quiet] })).toEqual([]);
});

test.each<[string, Partial<TenantFacts>]>([
  ["doubts", { doubts: 1 }],
  ["dead_letters", { dead: { count: 2, lastAt: since } }],
  ["many_failures", { day: { ...nothing, delivered: 17, failed: 3 } }],
  ["long_wait", { backlog: { ...quiet.backlog, oldestWaitS: 3_600 } }],
])("%s are told", (code, change) => {
  expect(ofTenant({ ...quiet, ...change }).map((one) => one.code)).toEqual([code]);
});

test("a handful of messages says nothing about failures", () => {
  expect(ofTenant({ ...quiet, day: { ...nothing, delivered: 1, failed: 18 } })).toEqual([]);
});

test.each([
  ["need_scan", null, "high", "session_need_scan"],
  ["disconnected", null, "medium", "session_disconnected"],
  ["connected", "red", "high", "session_quality"],
  ["connected", "yellow", "medium", "session_quality"],
])("a session that is %s, of quality %s: %s", (status, quality, severity, code) => {
  const [found] = attentionOf({ ...none, sessions: [{ ...session, status, quality }] });
  expect(found).toMatchObject({ severity, code, object_kind: "session", object_id: "ses_1" });
});

test("the worst comes first, and of equals what has lasted longest", () => {
  const earlier = new Date(since.getTime() - 1_000);
  const found = attentionOf({
    sessions: [{ ...session, status: "disconnected" }],
    campaigns: [{ tenant: "acme", campaign: "cmp_1", name: "November", reason: "error_rate", since }],
    endpoints: [{ tenant: "acme", endpoint: "end_1", since: earlier }],
    tenants: [{ ...quiet, backlog: { ...quiet.backlog, oldestWaitS: 9_000 } }],
  });
  expect(found.map(({ code }) => code)).toEqual([
    "endpoint_disabled",
    "campaign_stopped",
    "session_disconnected",
    "long_wait",
  ]);
});

test.each([
  [undefined, null],
  [nothing, null],
  [{ ...nothing, delivered: 3, expired: 1 }, 0.75],
])("of %j so much arrived: %s", (day, ratio) => {
  expect(successRatio(day)).toBe(ratio);
});
