import { messageStatus } from "@wamesh/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNoReference, lookedUpOf, lookupsOf, merged, type Reference, referenceOf } from "./reference.ts";

const reference = referenceOf(messageStatus({ content_token: null }))!;

describe("a reference", () => {
  it.each([
    ["sent", "mesh", 1, true],
    ["in_doubt", "mesh", 1, true],
    ["unconfirmed", "mesh", 2, true],
    ["queued", "mesh", 0, false],
    ["expired", "mesh", 0, false],
    ["failed", "mesh", 1, false],
    ["sent", "provider", 1, false],
    ["delivered", "provider", 1, false],
  ] as const)("comes from %s by %s with claim %i: %s", (status, origin, claim, is) => {
    const record = messageStatus({ status, origin, claim, content_token: null });
    expect(referenceOf(record) !== null).toBe(is);
    // What is skipped undecoded must be nothing that counts.
    if (is) expect(isNoReference(() => status)).toBe(false);
  });

  it("takes over a key that the dispatcher looked up, and not what was matched here", () => {
    const record = messageStatus({ status: "reference", origin: "provider", provider_key: "K" });
    expect(lookedUpOf(record)).toMatchObject({ message_id: record.message_id, provider_key: "K" });
    expect(lookedUpOf({ ...record, provider_key: null })).toBeNull();
    expect(lookedUpOf({ ...record, status: "sent" })).toBeNull();
    const skipped = (source: string) =>
      isNoReference((name) => ({ status: "reference", ce_source: `/wamesh/${source}` })[name]);
    expect([skipped("dispatcher"), skipped("webhook-router")]).toEqual([false, true]);
  });

  it("is the same whatever order its records come in", () => {
    // Of one claim only `sent` has ids. A claim follows another that was in doubt; that one may turn out sent later.
    const ofClaim = (claim: number) =>
      fc.record({ sent: fc.boolean(), attempts: fc.nat(5) }).map(
        ({ sent, attempts }): Reference => ({
          ...reference,
          claim,
          attempts,
          provider_id: sent ? `id-${claim}` : null,
          sent_at: sent ? claim * 1000 : null,
          claimed_at: claim * 10,
          trace: sent ? `trace-${claim}` : null,
        }),
      );
    const records = fc
      .tuple(ofClaim(1), ofClaim(2), ofClaim(3))
      .filter((all) => all[2].sent_at !== null || all.filter((one) => one.sent_at !== null).length <= 1);
    fc.assert(
      fc.property(
        records,
        fc.shuffledSubarray([0, 1, 2, 0, 1, 2], { minLength: 6, maxLength: 6 }),
        (all, order) => {
          const inOrder = all.reduce(merged);
          expect(order.map((index) => all[index]!).reduce(merged)).toEqual(inOrder);
        },
      ),
    );
  });

  it("releases what waits for its id, its provider's id, its key, or its person", () => {
    const of = (over: Partial<Reference>) =>
      lookupsOf({ ...reference, message_id: "m", session: "s", ...over });
    expect(of({ provider_id: "w" })).toEqual(["message:m", "id:s:w"]);
    expect(of({ provider: "wasender", provider_id: "7", recipient_token: "r" })).toEqual([
      "message:m",
      "id:s:7",
      "own:s:r",
    ]);
    expect(of({ provider: "wasender", provider_id: "7", provider_key: "K" })).toEqual([
      "message:m",
      "id:s:7",
      "key:s:K",
    ]);
  });
});
