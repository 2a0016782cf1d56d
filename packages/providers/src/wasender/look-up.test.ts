/** What WasenderApi says of messages that were sent, in every shape; what is no clear word proves nothing. */
import { describe, expect, test } from "vitest";
import type { SenderSession } from "../send.ts";
import { askInfo, askLog, readInfo, readLog } from "./look-up.ts";

const NOW = 1_788_000_000_000;
const apiKey = "ab".repeat(32);
const session = (accountToken?: string): SenderSession => ({
  sessionId: "ses_1",
  providerRef: "412",
  credentials: { kind: "wasender", apiKey, ...(accountToken === undefined ? {} : { accountToken }) },
});
const answer = (status: number, body: unknown, headers = {}) => ({
  status,
  headers,
  body: typeof body === "string" ? body : JSON.stringify(body),
});

describe("the question", () => {
  test("about one message carries the session's key, that about the log the account's token", () => {
    expect(askInfo(session(), "700124")).toEqual({
      path: "/messages/700124/info",
      headers: { accept: "application/json", authorization: `Bearer ${apiKey}` },
    });
    expect(askLog(session("pat|secret"))).toEqual({
      path: "/whatsapp-sessions/412/message-logs?page=1&per_page=50",
      headers: { accept: "application/json", authorization: "Bearer pat|secret" },
    });
  });

  test.each(["none:m1.3", "3EB0A1", "../status", ""])(
    "is not asked about %s, which is no number of theirs",
    (id) => {
      expect(askInfo(session(), id)).toBeNull();
    },
  );

  test("is not asked without what it needs", () => {
    expect(askLog(session())).toBeNull();
    expect(askLog(session("two\nlines"))).toBeNull();
    const cloud = { ...session(), credentials: { kind: "cloud_api" as const, accessToken: "T" } };
    expect([askInfo(cloud, "1"), askLog(cloud)]).toEqual([null, null]);
  });
});

const key = { id: "3EB0A1B2", fromMe: true, remoteJid: "15550001111@s.whatsapp.net" };
const message = { extendedTextMessage: { text: "Your parcel left." } };
const said = { key: "3EB0A1B2", digits: "15550001111", text: "Your parcel left." };

describe("the info of a message", () => {
  test.each([
    ["with its key", { msgId: 1, id: key.id, key, message, status: 2 }, { ...said, status: "sent" }],
    [
      "with the key beside it",
      { id: key.id, remoteJid: key.remoteJid, message, status: 3 },
      { ...said, status: "delivered" },
    ],
    ["with a status in words", { key, message, status: "READ" }, { ...said, status: "read" }],
    [
      "to a LID",
      { key: { ...key, remoteJid: "9876@lid" }, message, status: 2 },
      { ...said, digits: null, status: "sent" },
    ],
    [
      "that says nothing in words",
      { key, message: { imageMessage: { url: "u" } }, status: 2 },
      { ...said, text: "image", status: "sent" },
    ],
    ["that waits", { msgId: 1, status: 1 }, { key: null, digits: null, text: null, status: "pending" }],
    ["that failed", { msgId: 1, status: 0 }, { key: null, digits: null, text: null, status: "failed" }],
    ["with a status of tomorrow", { key, message, status: 9 }, { ...said, status: null }],
  ])("%s", (_what, data, found) => {
    expect(readInfo(answer(200, { success: true, data }), NOW)).toEqual({ kind: "found", found });
  });

  test("404 is not yet", () => {
    expect(readInfo(answer(404, { success: false, message: "Message not found." }), NOW)).toMatchObject({
      kind: "found",
      found: { key: null, status: null },
    });
  });

  test.each([
    [401, { success: false, message: "Invalid API key" }, null],
    [429, { message: "Too Many Attempts.", retry_after: 7 }, 7_000],
    [429, "slow down", null],
    [502, "<html>Bad gateway</html>", null],
    [200, { success: false, message: "Your session is not connected" }, null],
    [200, { success: true }, null],
    [200, "nonsense", null],
  ])("HTTP %d %j proves nothing", (status, body, waitMs) => {
    for (const read of [readInfo, readLog])
      expect(read(answer(status, body), NOW)).toMatchObject({ kind: "unsure", waitMs });
  });
});

describe("the message log", () => {
  const row = {
    id: 700124,
    whatsapp_session_id: 412,
    to: "+15550001111",
    content: '{"text":"Your parcel left."}',
    status: "sent",
    failed_reason: null,
    created_at: "2026-08-01T10:00:02.000000Z",
  };
  const page = (rows: unknown[], more = {}) =>
    readLog(
      answer(200, { success: true, data: { current_page: 1, data: rows, last_page: 1, ...more } }),
      NOW,
    );
  const rowsOf = (rows: unknown[]) => {
    const read = page(rows);
    return read.kind === "found" ? read.found.rows : [];
  };

  test("names who, what, when, and whether it failed", () => {
    const logged = {
      id: "700124",
      digits: "15550001111",
      text: "Your parcel left.",
      createdAtMs: Date.UTC(2026, 7, 1, 10, 0, 2),
    };
    expect(page([row])).toEqual({
      kind: "found",
      found: { rows: [{ ...logged, hasFailed: false, failure: "" }], isWhole: true },
    });
    expect(
      rowsOf([{ ...row, status: "FAILED", failed_reason: "invalid WhatsApp number +15550001111" }]),
    ).toMatchObject([{ ...logged, hasFailed: true, failure: "invalid WhatsApp number [number]" }]);
  });

  test.each([
    [{ imageUrl: "https://x.test/a.jpg" }, "image"],
    [{ imageUrl: "https://x.test/a.jpg", text: "Front" }, "Front"],
    [{ location: { latitude: 1, longitude: 2, name: "Depot" } }, "Depot"],
    [{ location: { latitude: 1, longitude: 2 } }, "location"],
    [{ contact: { name: "Mara", phone: "+1" } }, "Mara"],
    [{ poll: { question: "Which?", options: [] } }, "Which?"],
    [{}, null],
  ])("%j says %j", (content, text) => {
    expect(rowsOf([{ ...row, content: JSON.stringify(content) }])[0]?.text).toBe(text);
    expect(rowsOf([{ ...row, content }])[0]?.text).toBe(text);
  });

  test("a session that does not log content tells neither person nor text", () => {
    expect(rowsOf([{ ...row, to: null, content: null }])).toMatchObject([{ digits: null, text: null }]);
  });

  test.each([
    ["there are more pages", [row], { last_page: 2 }],
    ["the pages are not counted", [row], { last_page: null }],
    ["a row can't be read", [row, { id: null }], {}],
  ])("is not whole when %s", (_what, rows, more) => {
    expect(page(rows, more)).toMatchObject({ found: { isWhole: false } });
  });
});
