/** What Meta answers to the steps of Embedded Signup, payload by payload. */
import { describe, expect, it } from "vitest";
import { orders, readRights, readSuccess, readToken } from "./onboarding.ts";

const answer = (status: number, body: unknown) => ({
  status,
  headers: {},
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const error = (code: number, message: string) => ({ error: { code, message, type: "OAuthException" } });
const both = ["whatsapp_business_management", "whatsapp_business_messaging"];

it("the code is exchanged with the app's own secret", () => {
  const { path } = orders.exchange({ id: "1", secret: "s&s" }, "c/d");
  expect(path).toBe("/oauth/access_token?client_id=1&client_secret=s%26s&code=c%2Fd");
  expect(readToken(answer(200, { access_token: "EAA1", token_type: "bearer" }), 0)).toEqual({
    kind: "done",
    value: "EAA1",
  });
});

it("a subscription is ended at the address where it was begun", () => {
  const [begun, ended] = [orders.subscribe("t", "201"), orders.unsubscribe("t", "201")];
  expect(ended).toEqual({ ...begun, method: "DELETE" });
  expect(begun.method).toBe("POST");
});

describe("the rights of a token", () => {
  const rights = (data: object) => readRights(answer(200, { data }), 0, "201");
  it.each([
    ["all", { is_valid: true, scopes: both }, "done"],
    [
      "all, for this account",
      {
        is_valid: true,
        scopes: both,
        granular_scopes: both.map((scope) => ({ scope, target_ids: ["201"] })),
      },
      "done",
    ],
    ["one lacks", { is_valid: true, scopes: both.slice(1) }, "refused"],
    ["none", { is_valid: false, scopes: [] }, "refused"],
    [
      "another account's",
      {
        is_valid: true,
        scopes: both,
        granular_scopes: both.map((scope) => ({ scope, target_ids: ["999"] })),
      },
      "refused",
    ],
  ])("%s", (_title, data, kind) => expect(rights(data).kind).toBe(kind));

  it("what lacks is named", () =>
    expect(rights({ is_valid: true, scopes: both.slice(1) })).toMatchObject({
      detail: expect.stringContaining("whatsapp_business_management"),
    }));
});

describe("a step", () => {
  it.each([
    [200, { success: true }, { kind: "done" }],
    [400, error(133005, "PIN mismatch"), { kind: "refused", why: "pin" }],
    [401, error(190, "The token has expired"), { kind: "refused", why: "auth" }],
    [403, error(200, "Permission missing"), { kind: "refused", why: "auth" }],
    [
      400,
      { error: { code: 100, error_subcode: 33, type: "GraphMethodException" } },
      { kind: "refused", why: "gone" },
    ],
    [400, error(133016, "Too many"), { kind: "unsure", retryAfterMs: 72 * 3_600_000 }],
    [502, "<html>", { kind: "unsure", retryAfterMs: null }],
  ])("HTTP %d %o", (status, body, ended) =>
    expect(readSuccess(answer(status, body), 0)).toMatchObject(ended),
  );

  it("the provider's words come with it, a token in them does not", () => {
    const ended = readSuccess(answer(401, error(190, "Session of EAAabc123 has expired")), 0);
    expect(ended).toMatchObject({ detail: expect.stringContaining("has expired") });
    expect(JSON.stringify(ended)).not.toContain("EAAabc123");
  });
});
