import { describe, expect, test } from "vitest";
import { createLedger, type Ledger } from "./ledger.ts";

function receive(ledger: Ledger, id: string, accepted = true, ref: string | null = null) {
  return ledger.receive({
    identity: { id, claim: 1, ref },
    provider: "cloud_api",
    sender: "301",
    recipient: "1555",
    at: 1_000,
    accepted,
    outcome: accepted ? "accepted" : "rejected:130429",
  });
}

describe("the ledger", () => {
  test("a duplicate is a reception on its way beyond the first; a refused request is none", () => {
    const ledger = createLedger(10);
    receive(ledger, "a", false);
    receive(ledger, "a");
    expect(ledger.counts()).toMatchObject({ requests: 2, received: 1, rejected: 1, duplicates: 0 });
    receive(ledger, "a");
    expect(ledger.counts()).toMatchObject({ requests: 3, received: 2, duplicates: 1 });
    expect(ledger.find("a")).toMatchObject({ requests: 3, accepted: 2 });
  });

  test("pages go through everything once, also while more arrives", () => {
    const ledger = createLedger(100);
    for (let i = 0; i < 7; i++) receive(ledger, `m${i}`);
    const seen: string[] = [];
    for (let cursor: number | null = 0; cursor !== null; ) {
      const page = ledger.page(cursor, 3);
      seen.push(...page.entries.map((e) => e.id));
      if (cursor === 0) receive(ledger, "m7");
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(["m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7"]);
  });

  test("the oldest are forgotten beyond its size, and it says so", () => {
    const ledger = createLedger(5);
    for (let i = 0; i < 23; i++) receive(ledger, `m${i}`, true, `ref-${i}`);
    expect(ledger.counts()).toMatchObject({ received: 23, forgotten: 18 });
    expect(ledger.find("m17")).toBeNull();
    expect(ledger.find("ref-17")).toBeNull();
    expect(ledger.find("ref-18")?.id).toBe("m18");
    expect(ledger.page(0, 100).entries.map((e) => e.id)).toEqual(["m18", "m19", "m20", "m21", "m22"]);
    expect(ledger.page(20, 100).entries.map((e) => e.id)).toEqual(["m20", "m21", "m22"]);
  });

  test("after a reset a reader's old cursor finds what is new", () => {
    const ledger = createLedger(10);
    receive(ledger, "old");
    ledger.reset();
    receive(ledger, "new");
    expect(ledger.page(1, 10).entries.map((e) => e.id)).toEqual(["new"]);
    expect(ledger.page(0, 10).entries.map((e) => e.id)).toEqual(["new"]);
  });

  test("waiting ends with the acceptance, by id or by marker, not with a refusal", async () => {
    const ledger = createLedger(10);
    const byId = ledger.wait("a", 5_000);
    const byRef = ledger.wait("the-marker", 5_000);
    receive(ledger, "a", false, "the-marker");
    expect(await ledger.wait("a", 0)).toBeNull();
    receive(ledger, "a", true, "the-marker");
    expect((await byId)?.id).toBe("a");
    expect((await byRef)?.id).toBe("a");
    expect((await ledger.wait("a", 0))?.receivedAt).toBe(1_000);
  });
});
