import { messageStatus } from "@wamesh/testing";
import { describe, expect, it } from "vitest";
import { keyStatus, lookupOf, type Receipt, statusOf } from "./receipt.ts";
import { referenceOf } from "./reference.ts";

const reference = referenceOf(messageStatus({ claim: 2, provider_id: "wamid.2", content_token: "c" }))!;
const receipt: Receipt = {
  kind: "receipt",
  providerId: "wamid.1",
  providerKey: null,
  status: "delivered",
  echo: null,
  occurredAt: 1000,
  participant: null,
  pricing: null,
  error: null,
};
const echo = { messageId: reference.message_id, claim: 1 };

describe("a receipt", () => {
  it.each([
    [{ echo }, `message:${reference.message_id}`],
    [{}, "id:s:wamid.1"],
    [{ providerId: null, providerKey: "K" }, "key:s:K"],
    [{ providerId: null }, null],
  ])("with %j is looked for under %s", (over, lookup) => {
    expect(lookupOf("s", { ...receipt, ...over })).toBe(lookup);
  });

  it("tells of the claim its echo names, which may be an older one", () => {
    expect(statusOf({ ...receipt, echo }, reference, 5)).toMatchObject({
      claim: 1,
      provider_id: "wamid.1",
      rank: 70,
    });
    expect(statusOf(receipt, reference, 5)).toMatchObject({ claim: 2 });
  });

  it("makes the same event id whatever else is known of its message by then", () => {
    const byKey = { ...receipt, providerId: null, providerKey: "K" };
    const later = { ...reference, claim: 3, provider_id: "wamid.3", provider_key: "K" };
    for (const one of [receipt, byKey])
      expect(statusOf(one, later, 9).event_id).toBe(statusOf(one, reference, 5).event_id);
  });

  it("of another status, provider id or participant is another event", () => {
    const ids = [{}, { status: "read" as const }, { providerId: "wamid.9" }, { participant: "p" }].map(
      (over) => statusOf({ ...receipt, ...over }, reference, 5).event_id,
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("without a time happened when it was received", () => {
    expect(statusOf({ ...receipt, occurredAt: null }, reference, 5)).toMatchObject({
      occurred_at: 5,
      recorded_at: 5,
    });
  });
});

it("a key that became known changes no state", () => {
  expect(keyStatus(reference, "K", 5)).toMatchObject({
    status: "reference",
    rank: -1,
    provider_id: "wamid.2",
    provider_key: "K",
    origin: "provider",
  });
});
