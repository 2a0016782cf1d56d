import { describe, expect, test } from "vitest";
import type { Recipient, SendRequest } from "../send.ts";
import { buildRequest } from "./request.ts";

const session = {
  sessionId: "ses_1",
  providerRef: "412",
  credentials: { kind: "wasender" as const, apiKey: "a".repeat(64) },
};

function build(change: Partial<SendRequest>) {
  return buildRequest(session, {
    messageId: "m1",
    claim: 1,
    recipient: { kind: "phone", value: "+15550001111" },
    content: { kind: "text", text: { body: "Hi", preview_url: true } },
    replyTo: null,
    ...change,
  });
}

test("a text goes out with the session's key and nothing of ours in it", () => {
  const built = build({ replyTo: "700123" });
  expect(built).toMatchObject({
    kind: "ready",
    http: {
      path: "/send-message",
      headers: { authorization: `Bearer ${"a".repeat(64)}`, accept: "application/json" },
    },
  });
  const body = built.kind === "ready" ? JSON.parse(built.http.body) : null;
  expect(body).toEqual({ to: "+15550001111", text: "Hi", replyTo: 700123 });
});

describe("recipients", () => {
  test.each<[Recipient, string]>([
    [{ kind: "phone", value: "15550001111" }, "+15550001111"],
    [{ kind: "group", value: "120363000000000001" }, "120363000000000001@g.us"],
    [{ kind: "group", value: "120363000000000001@g.us" }, "120363000000000001@g.us"],
    [{ kind: "channel", value: "120363000000000009@newsletter" }, "120363000000000009@newsletter"],
    [{ kind: "bsuid", value: "98765432101234@lid" }, "98765432101234@lid"],
  ])("%j", (recipient, to) => {
    const built = build({ recipient });
    expect(built.kind === "ready" && JSON.parse(built.http.body)).toMatchObject({ to });
  });
});

describe("what it can't carry is refused for good, before anything leaves", () => {
  test.each<[string, Partial<SendRequest>]>([
    [
      "a template",
      { content: { kind: "template", template: { name: "t", language: "en", components: [] } } },
    ],
    ["Meta's user id", { recipient: { kind: "bsuid", value: "US.8a1B" } }],
    ["an answer to a message it didn't send", { replyTo: "3AEB11D22C33B44A55" }],
  ])("%s", (_name, change) => {
    expect(build(change)).toMatchObject({
      kind: "refused",
      outcome: { code: "content_unsupported", retry: { kind: "never" }, providerCode: null },
    });
  });
});

test("credentials of another provider never reach the wire", () => {
  const other = { ...session, credentials: { kind: "cloud_api" as const, accessToken: "EAA" } };
  const built = buildRequest(other, {
    messageId: "m1",
    claim: 1,
    recipient: { kind: "phone", value: "+15550001111" },
    content: { kind: "text", text: { body: "Hi", preview_url: false } },
    replyTo: null,
  });
  expect(built).toMatchObject({ kind: "refused", outcome: { code: "credentials_invalid" } });
});
