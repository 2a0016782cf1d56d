import { Webhook } from "standardwebhooks";
import { expect, it } from "vitest";
import { readWebhook } from "./webhook.ts";

const secret = `whsec_${Buffer.from("a secret of thirty-two bytes ...").toString("base64")}`;
const other = `whsec_${Buffer.from("another one of thirty-two bytes.").toString("base64")}`;
const body = JSON.stringify({
  type: "message.read",
  version: 1,
  timestamp: "2026-01-01T00:00:00Z",
  data: { tenant: "acme" },
});
const at = new Date();
const headers = {
  "webhook-id": "w1",
  "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
  "webhook-signature": new Webhook(secret).sign("w1", at, body),
};

it("reads what is well signed, by any of the secrets", () => {
  const read = readWebhook([other, secret], headers, body);
  expect(read).toMatchObject({ kind: "event", id: "w1", event: { type: "message.read" } });
});

it.each([
  ["another secret", other, headers, body],
  ["a changed body", secret, headers, `${body} `],
  ["no signature", secret, {}, body],
  ["an old time", secret, { ...headers, "webhook-timestamp": "1700000000" }, body],
] as const)("refuses %s", (_what, by, given, text) => {
  expect(readWebhook(by, given, text).kind).toBe("refused");
});
