/** What WasenderApi answers when sessions are managed, payload by payload. */
import { describe, expect, it } from "vitest";
import { orders, readConnecting, readList, readQr, readRemoval, readSession } from "./manage.ts";

const answer = (status: number, body: unknown, headers = {}) => ({
  status,
  headers,
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const wanted = {
  name: "shop",
  phone: "+15550009999",
  accountProtection: true,
  callbackUrl: "https://mesh.example.com/callbacks/wasender/t",
};

describe("making a session", () => {
  it("asks for the log, our address and no QR events", () => {
    const order = orders.create("pat", wanted);
    expect(order).toMatchObject({ method: "POST", path: "/whatsapp-sessions" });
    expect(order.headers.authorization).toBe("Bearer pat");
    const body = JSON.parse(order.body!);
    expect(body).toMatchObject({
      name: "shop",
      phone_number: "+15550009999",
      account_protection: true,
      log_messages: true,
      webhook_url: wanted.callbackUrl,
      webhook_enabled: true,
    });
    expect(body.webhook_events).not.toContain("qrcode.updated");
  });

  it("reads the id, the key and the secret", () => {
    const data = { id: 412, api_key: "ab".repeat(32), webhook_secret: "cd".repeat(16) };
    expect(readSession(answer(200, { success: true, data }), 0)).toEqual({
      kind: "done",
      value: { id: "412", apiKey: data.api_key, webhookSecret: data.webhook_secret },
    });
  });

  it.each([
    [401, { success: false, message: "Unauthenticated." }, "auth"],
    [403, { success: false, error: "You have reached your WhatsApp session limit. Upgrade." }, "plan"],
    [422, { success: false, message: "Validation failed", errors: { name: ["required"] } }, "other"],
    [404, { success: false, message: "Session not found." }, "gone"],
    [200, { success: false, message: "Active subscription or trial is required to use the API" }, "plan"],
  ])("HTTP %d %o is a no (%s)", (status, body, why) => {
    const ended = readSession(answer(status, body), 0);
    expect(ended).toMatchObject({ kind: "refused", why });
    const said = "error" in body ? body.error : body.message;
    expect(ended.kind === "refused" && ended.detail).toContain(said);
  });

  it.each([
    [502, "<html>", null],
    [200, { success: true }, null],
    [429, { message: "Too Many Attempts.", retry_after: 7 }, 7_000],
  ])("HTTP %d %o says nothing for sure", (status, body, retryAfterMs) =>
    expect(readSession(answer(status, body), 0)).toMatchObject({ kind: "unsure", retryAfterMs }),
  );
});

it("lists sessions with where they report to", () => {
  const data = [{ id: 1, webhook_url: "https://a" }, { id: 2, webhook_url: null }, { name: "broken" }];
  expect(readList(answer(200, { success: true, data }), 0)).toEqual({
    kind: "done",
    value: [
      { id: "1", callbackUrl: "https://a" },
      { id: "2", callbackUrl: null },
    ],
  });
});

it("a session that is not there is removed; one whose token is refused is not", () => {
  expect(readRemoval(answer(204, ""), 0).kind).toBe("done");
  expect(readRemoval(answer(404, { success: false, message: "Session not found." }), 0).kind).toBe("done");
  expect(readRemoval(answer(401, { success: false }), 0)).toMatchObject({ kind: "refused", why: "auth" });
  expect(readRemoval(answer(503, "<html>"), 0).kind).toBe("unsure");
});

it("connecting tells the state in whatever case, and the code to scan", () => {
  expect(
    readConnecting(answer(200, { success: true, data: { status: "NEED_SCAN", qrCode: "2@abc" } }), 0),
  ).toEqual({ kind: "done", value: { status: "need_scan", qr: "2@abc" } });
  expect(readConnecting(answer(200, { success: true, message: "restarted" }), 0)).toEqual({
    kind: "done",
    value: { status: null, qr: null },
  });
});

it("no detail repeats a QR code or a token", () => {
  const said = {
    success: false,
    message: "bad code 2@AbCd,ef/12 for token 0123456789abcdef0123456789abcdef",
  };
  const ended = readQr(answer(422, said), 0);
  expect(JSON.stringify(ended)).not.toMatch(/AbCd|0123456789abcdef/);
});
