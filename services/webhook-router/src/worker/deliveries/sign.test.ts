import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { expect, it } from "vitest";
import { signatures, signingKey } from "./sign.ts";

const secret = (seed: string) => `whsec_${Buffer.from(seed.padEnd(32, "-")).toString("base64")}`;
const now = Math.floor(Date.now() / 1000);

it("a signature is what the public library makes of the same id, time and body", () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ unit: "grapheme" }), (id, body) => {
      const ours = signatures([signingKey(secret("one"))], { id, timestampS: now, body });
      expect(ours).toBe(new Webhook(secret("one")).sign(id, new Date(now * 1000), body));
    }),
  );
});

it("with two keys the holder of either secret verifies, and nobody else", () => {
  const webhook = { id: "msg_1", timestampS: now, body: '{"type":"endpoint.test"}' };
  const headers = {
    "webhook-id": webhook.id,
    "webhook-timestamp": String(now),
    "webhook-signature": signatures([signingKey(secret("new")), signingKey(secret("old"))], webhook),
  };
  for (const known of ["new", "old"])
    expect(new Webhook(secret(known)).verify(webhook.body, headers)).toEqual({ type: "endpoint.test" });
  expect(() => new Webhook(secret("other")).verify(webhook.body, headers)).toThrow("No matching signature");
});
