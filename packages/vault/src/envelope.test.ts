import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createVault, type Sealed } from "./envelope.ts";

const key = (id: string) => ({ id, key: randomBytes(32) });
const [old, young, other] = [key("old"), key("young"), key("other")];
const vault = createVault({ ring: [young, old] });
const owner = { tenant: "acme", session: "ses_1" };
const sealed = vault.seal({ ...owner, version: 3, plaintext: Buffer.from("token") });

function flip(bytes: Uint8Array, bit: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[bit >> 3]! ^= 1 << (bit & 7);
  return changed;
}

describe("vault", () => {
  test("whatever is sealed opens again for its owner, and shows nothing of itself", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.string(),
        fc.string(),
        fc.nat(),
        (plaintext, tenant, session, version) => {
          const box = vault.seal({ tenant, session, version, plaintext });
          expect(vault.open(box, { tenant, session })).toEqual({
            kind: "opened",
            plaintext: Buffer.from(plaintext),
          });
          expect(box.ciphertext).toHaveLength(plaintext.length + 16);
          if (plaintext.length >= 4)
            expect(Buffer.from(box.ciphertext).includes(Buffer.from(plaintext))).toBe(false);
        },
      ),
    );
  });

  test("the same credential sealed twice looks different", () => {
    const again = vault.seal({ ...owner, version: 3, plaintext: Buffer.from("token") });
    expect(again.ciphertext).not.toEqual(sealed.ciphertext);
    expect(again.nonce).not.toEqual(sealed.nonce);
  });

  test("a single changed bit anywhere is noticed", () => {
    for (const part of ["wrapped_key", "nonce", "ciphertext"] as const)
      for (let bit = 0; bit < sealed[part].length * 8; bit++)
        expect(vault.open({ ...sealed, [part]: flip(sealed[part], bit) }, owner)).toEqual({
          kind: "refused",
        });
  });

  test.each<[string, Partial<Sealed>, Partial<typeof owner>]>([
    ["another tenant", {}, { tenant: "globex" }],
    ["another session", {}, { session: "ses_2" }],
    ["another version", { version: 2 }, {}],
    ["names that run together the same way", {}, { tenant: "acmeses", session: "_1" }],
    ["a cut tag", { ciphertext: sealed.ciphertext.subarray(0, -12) }, {}],
    ["no bytes", { ciphertext: Buffer.alloc(0), wrapped_key: Buffer.alloc(0) }, {}],
  ])("it does not open for %s", (_what, box, who) => {
    expect(vault.open({ ...sealed, ...box }, { ...owner, ...who })).toEqual({ kind: "refused" });
  });

  test("a ring key is rotated: added in front, wrapped anew, retired", () => {
    const before = createVault({ ring: [old] });
    const box = before.seal({ ...owner, version: 1, plaintext: Buffer.from("x") });
    const rewrapped = vault.rewrap(box, owner)!;
    expect([box.key_ring_id, rewrapped.key_ring_id]).toEqual(["old", "young"]);
    expect(rewrapped.ciphertext).toBe(box.ciphertext);
    const after = createVault({ ring: [young] });
    expect(after.open(rewrapped, owner).kind).toBe("opened");
    expect(after.open(box, owner)).toEqual({ kind: "unknown_key", keyRingId: "old" });
    expect(after.rewrap(box, owner)).toBeNull();
    expect(after.rewrap(rewrapped, owner)).toBe(rewrapped);
    expect(vault.rewrap(box, { ...owner, tenant: "globex" })).toBeNull();
  });

  test("a ring key's id alone opens nothing", () => {
    const impostor = createVault({ ring: [{ id: "young", key: other.key }] });
    expect(impostor.open(sealed, owner)).toEqual({ kind: "refused" });
  });

  test.each([
    ["empty", []],
    ["with a short key", [{ id: "a", key: randomBytes(16) }]],
    ["with an id twice", [key("a"), key("a")]],
  ])("a ring that is %s is refused", (_what, ring) => {
    expect(() => createVault({ ring })).toThrow();
  });
});
