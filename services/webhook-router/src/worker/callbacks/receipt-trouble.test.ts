import { messageStatus } from "@wamesh/testing";
import { describe, expect, it, test } from "vitest";
import type { Receipt } from "./receipt.ts";
import { createReceiptTrouble, failedInARow, troubleOf } from "./receipt-trouble.ts";
import { referenceOf } from "./reference.ts";

const of = (message_id: string) =>
  referenceOf(messageStatus({ message_id, session: "ses_1", claim: 1, provider: "cloud_api" }))!;
const receipt: Receipt = {
  kind: "receipt",
  providerId: "wamid.1",
  providerKey: null,
  status: "failed",
  echo: null,
  occurredAt: 60_000,
  participant: null,
  pricing: null,
  error: null,
};
const failed = (providerCode: string, faultClass: NonNullable<Receipt["error"]>["faultClass"]): Receipt => ({
  ...receipt,
  error: { code: "c", providerCode, faultClass, detail: "what it says" },
});

test.each([
  ["a refused token is the session's", "190", "credentials", { kind: "status", status: "auth_failed" }],
  ["a number that is not registered is the session's", "133010", "policy", { kind: "paused", status: null }],
  ["a payment problem is the account's", "131042", "policy", { kind: "paused", status: null }],
  ["too fast is the session's", "130429", "pace", { kind: "throttled", status: null }],
  ["someone not on WhatsApp is nobody's fault here", "131026", "recipient", null],
  ["a closed window is the message's", "131047", "policy", null],
  ["a paused template is the template's", "132015", "content", null],
  ["too many to one person is the pair's", "131056", "pace", null],
] as const)("%s", (_what, code, faultClass, expected) => {
  const told = createReceiptTrouble()(failed(code, faultClass), of("m1"), 9);
  expect(told && { kind: told.kind, status: told.status }).toEqual(expected);
});

test("a code that nobody knows says nothing of the session", () => {
  expect(troubleOf({ faultClass: "unknown" }, null)).toBeNull();
});

describe("messages that fail in a row for no reason of their own", () => {
  const unexplained = failed("131000", "provider");
  const delivered = { ...receipt, status: "delivered" } as const;

  it("are the session's from the third on, and stay so until one is delivered", () => {
    const trouble = createReceiptTrouble();
    const tell = (id: string) => trouble(unexplained, of(id), 9)?.kind;
    expect(["m1", "m2", "m3", "m4"].map(tell)).toEqual([undefined, undefined, "send_failed", "send_failed"]);
    trouble(delivered, of("m0"), 9);
    expect(tell("m5")).toBeUndefined();
  });

  it("count once each, however often they are told", () => {
    const trouble = createReceiptTrouble();
    for (let i = 0; i < 5; i++) expect(trouble(unexplained, of("m1"), 9)).toBeNull();
  });

  it("are not ended by another's being sent, nor lengthened by what was its recipient's fault", () => {
    const row = { scope: "message", effect: "none" } as const;
    const sent = { ...receipt, status: "sent" } as const;
    expect(failedInARow(["m1"], sent, "m2", null)).toEqual(["m1"]);
    expect(failedInARow(["m1"], failed("131026", "recipient"), "m2", row)).toEqual(["m1"]);
    expect(failedInARow(["m1"], unexplained, "m2", row)).toEqual(["m1", "m2"]);
  });
});

it("a storm within a minute is one event, of the session through which the message left", () => {
  const at = (occurredAt: number) =>
    createReceiptTrouble()({ ...failed("190", "credentials"), occurredAt }, of("m1"), 70_000)!;
  expect(at(60_000).event_id).toBe(at(119_000).event_id);
  expect(at(60_000).event_id).not.toBe(at(120_000).event_id);
  expect(at(60_000)).toMatchObject({
    session: "ses_1",
    evidence: "send",
    reason: { fault_class: "credentials", provider_code: "190" },
    occurred_at: 60_000,
    recorded_at: 70_000,
  });
});
