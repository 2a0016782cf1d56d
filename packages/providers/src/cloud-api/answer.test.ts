import { describe, expect, test } from "vitest";
import type { SendRequest } from "../send.ts";
import { readAnswer } from "./answer.ts";

const request: SendRequest = {
  messageId: "m1",
  claim: 1,
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

const accepted = (message: object) => ({ messaging_product: "whatsapp", contacts: [], messages: [message] });
const failure = (code: unknown, more: object = {}) => ({
  error: { message: `(#${code}) Title`, type: "OAuthException", code, fbtrace_id: "AbC", ...more },
});

describe("accepted", () => {
  test.each([
    [accepted({ id: "wamid.X" }), false],
    [accepted({ id: "wamid.X", message_status: "accepted" }), false],
    [accepted({ id: "wamid.X", message_status: "held_for_quality_assessment" }), true],
    [accepted({ id: "wamid.X", message_status: "paused" }), true],
  ])("%j", (body, held) => {
    expect(read(200, body)).toEqual({ kind: "accepted", providerId: "wamid.X", held });
  });
});

describe("an envelope is a rejection whatever its HTTP status", () => {
  test.each([200, 400, 403, 429, 500, 503])("130429 with HTTP %s", (status) => {
    expect(read(status, failure(130429))).toMatchObject({
      kind: "rejected",
      code: "session_rate",
      providerCode: "130429",
      faultClass: "pace",
      retry: { kind: "after", ms: null, countsAsAttempt: false },
      scope: "session",
      effect: "slow",
    });
  });
  test.each([
    ["a code as string", failure("131026"), "131026", "recipient_unreachable"],
    ["a range", failure(273), "273", "permission_missing"],
    ["a wrong number by subcode", failure(100, { error_subcode: 33 }), "100", "sender_not_ready"],
    ["a wrong number by type", failure(100, { type: "GraphMethodException" }), "100", "sender_not_ready"],
    ["a wrong parameter", failure(100), "100", "content_invalid"],
    ["no code at all", { error: { message: "Odd" } }, "http_400", "provider_refused"],
    ["a code nobody knows", failure(424242), "424242", "provider_refused"],
  ])("%s", (_name, body, providerCode, code) => {
    expect(read(400, body)).toMatchObject({ kind: "rejected", providerCode, code });
  });
});

describe("unsure: it may have gone out", () => {
  test.each([
    ["a gateway's page", 502, "<html><h1>502 Bad Gateway</h1></html>"],
    ["a page with status 200", 200, "<html></html>"],
    ["a page with status 404", 404, "<html></html>"],
    ["a body cut short", 200, '{"messages":[{"id":"wamid.HBg'],
    ["an empty body", 200, ""],
    ["no id", 200, accepted({})],
    ["an empty id", 200, accepted({ id: "" })],
    ["JSON of somebody else", 500, { status: "down" }],
    ["an error that is no envelope", 400, { error: "bad" }],
  ])("%s", (_name, status, body) => {
    expect(read(status, body)).toMatchObject({
      kind: "unsure",
      why: expect.stringContaining(String(status)),
    });
  });
});

test("429 is a rejection even as a page: nobody says so of a request that was passed on", () => {
  expect(read(429, "<html></html>", { "retry-after": "7" })).toMatchObject({
    kind: "rejected",
    code: "session_rate",
    providerCode: "http_429",
    retry: { ms: 7_000, countsAsAttempt: false },
    pauseMs: 7_000,
  });
});

describe("the provider's own wait is honoured", () => {
  test.each([
    ["seconds", { "retry-after": "12" }, 12_000],
    ["a date", { "retry-after": new Date(NOW + 30_000).toUTCString() }, 30_000],
    ["a date that has passed", { "retry-after": new Date(NOW - 30_000).toUTCString() }, 0],
    ["nonsense", { "retry-after": "soon" }, null],
    ["a year", { "retry-after": "31536000" }, 86_400_000],
  ])("%s", (_name, headers, ms) => {
    expect(read(400, failure(130429), headers)).toMatchObject({ retry: { ms }, pauseMs: ms });
  });

  test("the account's quota says when it opens again, in minutes; the longest counts", () => {
    const usage = JSON.stringify({
      "201": [{ estimated_time_to_regain_access: 0 }, { estimated_time_to_regain_access: 5 }],
      "202": [{ estimated_time_to_regain_access: 2 }],
    });
    const headers = { "x-business-use-case-usage": usage };
    expect(read(400, failure(80007), headers)).toMatchObject({ retry: { ms: 300_000 }, pauseMs: 300_000 });
    // It says nothing about a number's throughput.
    expect(read(400, failure(130429), headers)).toMatchObject({ retry: { ms: null } });
    expect(read(400, failure(80007), { "x-business-use-case-usage": "{" })).toMatchObject({
      retry: { ms: null },
    });
  });
});

test("the tenant reads what happened, without numbers and tokens", () => {
  const details = "To +1 555-000-1111 with EAAGm0PX4ZCpsBAKZBZCqZAbcdef1234567890 failed";
  const outcome = read(400, failure(131026, { error_data: { details } }));
  expect(outcome).toMatchObject({
    detail:
      "The message can't be delivered: not on WhatsApp, an old app, or terms not accepted: To [number] with [redacted] failed",
  });
});
