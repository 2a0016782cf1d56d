import { describe, expect, test } from "vitest";
import type { SendRequest } from "../send.ts";
import { readAnswer, wasenderErrors } from "./answer.ts";

const request: SendRequest = {
  messageId: "m1",
  claim: 3,
  recipient: { kind: "phone", value: "+15550001111" },
  content: { kind: "text", text: { body: "Hi", preview_url: false } },
  replyTo: null,
};
const NOW = 1_788_000_000_000;

function read(status: number, body: unknown, headers: Record<string, string> = {}) {
  return readAnswer(
    { status, headers, body: typeof body === "string" ? body : JSON.stringify(body) },
    request,
    NOW,
  );
}

const NOT_CONNECTED = "Your Whatsapp Session is not connected please connect your session first.";

describe("accepted", () => {
  test("the msgId is the provider's id, as text", () => {
    const data = { msgId: 700124, jid: "+15550001111", status: "in_progress" };
    expect(read(200, { success: true, data })).toEqual({
      kind: "accepted",
      providerId: "700124",
      held: false,
    });
  });
  test("a version that names none still has taken it; the id made up is nobody else's", () => {
    expect(read(200, { success: true, message: "Message sent" })).toMatchObject({
      kind: "accepted",
      providerId: "none:m1.3",
    });
  });
});

const never = { kind: "never" };
const again = (ms: number | null, countsAsAttempt: boolean) => ({ kind: "after", ms, countsAsAttempt });

/** One row per row of the table, and the shapes in which they occur. */
const rejections: [row: string, status: number, body: unknown, outcome: object][] = [
  [
    "not_connected",
    200,
    { success: false, message: NOT_CONNECTED },
    {
      code: "session_not_connected",
      retry: again(30_000, false),
      scope: "session",
      effect: "pause",
      pauseMs: 30_000,
    },
  ],
  ["not_connected", 409, { success: false, message: NOT_CONNECTED }, { code: "session_not_connected" }],
  ["not_connected", 422, { success: false, error: NOT_CONNECTED }, { code: "session_not_connected" }],
  [
    "no_plan",
    403,
    { success: false, message: "Active subscription or trial is required to use the API" },
    { code: "subscription_missing", scope: "account", effect: "pause", pauseMs: 3_600_000 },
  ],
  [
    "trial_bulk",
    400,
    {
      success: false,
      message: "You are on a trial plan and cannot send bulk message to more than 3 recipients.",
    },
    { code: "subscription_missing", scope: "account", retry: again(3_600_000, false) },
  ],
  [
    "http_200",
    200,
    { success: false, message: "Odd" },
    { code: "provider_refused", retry: again(null, true) },
  ],
  ["http_400", 400, { success: false, message: "Odd" }, { code: "content_invalid", retry: never }],
  [
    "http_401",
    401,
    { success: false, message: "Invalid API key" },
    {
      code: "credentials_invalid",
      faultClass: "credentials",
      retry: again(300_000, false),
      scope: "session",
      effect: "pause",
      pauseMs: 300_000,
    },
  ],
  [
    "http_403",
    403,
    { message: "Forbidden" },
    { code: "account_restricted", scope: "account", effect: "pause" },
  ],
  [
    "http_404",
    404,
    { success: false, message: "Message not found" },
    { code: "content_invalid", retry: never },
  ],
  ["http_413", 413, { message: "Too large" }, { code: "content_invalid", retry: never }],
  [
    "http_422",
    422,
    { success: false, message: "Validation failed", errors: { to: ["…"], text: ["…"] } },
    { code: "content_invalid", retry: never, scope: "message", effect: "none" },
  ],
  [
    "http_422_to",
    422,
    { success: false, message: "Validation failed", errors: { to: ["The to field is invalid."] } },
    { code: "recipient_invalid", faultClass: "recipient", retry: never },
  ],
  [
    "http_429",
    429,
    {
      message: "You have account protection enabled. You can only send 1 message every 5 seconds.",
      retry_after: 4,
    },
    {
      code: "session_rate",
      faultClass: "pace",
      retry: again(4_000, false),
      scope: "session",
      effect: "slow",
      pauseMs: 4_000,
    },
  ],
  [
    "http_other",
    418,
    { success: false, message: "Odd" },
    { code: "provider_refused", retry: again(null, true) },
  ],
];

describe("rejected: surely not sent", () => {
  test.each(rejections)("%s: HTTP %s %j", (row, status, body, outcome) => {
    expect(read(status, body)).toMatchObject({
      kind: "rejected",
      providerCode: `http_${status}`,
      detail: expect.stringContaining(wasenderErrors.find(row)!.meaning),
      ...outcome,
    });
  });
  test("every row of the table is tried here or as a receipt", () => {
    const tried = new Set([...rejections.map(([row]) => row), "status_0"]);
    expect(wasenderErrors.rows.map((row) => row.code).filter((code) => !tried.has(code))).toEqual([]);
  });
});

describe("a throttle's wait", () => {
  const headers = (reset: string, remaining = "0") => ({
    "x-ratelimit-limit": "256",
    "x-ratelimit-remaining": remaining,
    "x-ratelimit-reset": reset,
  });
  test.each([
    ["body first", { retry_after: 3 }, { "retry-after": "9" }, 3_000],
    ["the SDK's spelling", { retryAfter: "3" }, {}, 3_000],
    ["header next", {}, { "retry-after": "9", ...headers("60") }, 9_000],
    ["the window's reset in seconds", {}, headers("60"), 60_000],
    ["the window's reset as Unix time", {}, headers(String(NOW / 1000 + 42)), 42_000],
    ["a reset that has passed", {}, headers(String(NOW / 1000 - 42)), 0],
    ["no reset while some remain", {}, headers("60", "3"), null],
    ["none known", {}, {}, null],
    ["nonsense", { retry_after: "soon" }, {}, null],
    ["negative", { retry_after: -5 }, {}, null],
  ])("%s", (_name, body, head, ms) => {
    expect(read(429, { message: "Too Many Attempts.", ...body }, head)).toMatchObject({ retry: { ms } });
  });
  test("a page with 429 is a throttle too", () => {
    expect(read(429, "<html></html>")).toMatchObject({ kind: "rejected", code: "session_rate" });
  });
  test("the text of a throttle is never read", () => {
    expect(read(429, { message: NOT_CONNECTED, retry_after: 5 })).toMatchObject({ code: "session_rate" });
  });
});

describe("unsure: it may be queued", () => {
  test.each([
    ["a gateway's page", 502, "<html></html>"],
    ["a server error in the vendor's own shape", 500, { success: false, message: "Server Error" }],
    ["a request timeout", 408, { message: "Request timeout" }],
    ["a broken body", 200, '{"success":true,"da'],
    ["neither success nor id", 200, { data: {} }],
    ["a redirect", 302, "<html></html>"],
    ["a list", 200, []],
  ])("%s", (_name, status, body) => {
    expect(read(status, body)).toMatchObject({ kind: "unsure" });
  });
});

test("every answer tells what is left of the limit", () => {
  const headers = { "x-ratelimit-limit": "256", "x-ratelimit-remaining": "255", "x-ratelimit-reset": "60" };
  const rate = { limit: 256, remaining: 255, resetMs: 60_000 };
  expect(read(200, { success: true, data: { msgId: 1 } }, headers)).toMatchObject({ kind: "accepted", rate });
  expect(read(422, { message: "x" }, headers)).toMatchObject({ kind: "rejected", rate });
  expect(read(502, "", headers)).toMatchObject({ kind: "unsure", rate });
  expect(read(502, "", { "x-ratelimit-limit": "many" })).not.toHaveProperty("rate");
});
