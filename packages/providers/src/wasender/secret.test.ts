import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hashCallbackSecret, verifyWasenderSecret } from "./secret.ts";

const [old, young] = [
  { id: "p1", secret: "pepper" },
  { id: "p2", secret: "another" },
];

test("exactly the session's secret opens, under the pepper that its hash names only", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string(), (secret, guess) => {
      const hash = hashCallbackSecret(secret, old);
      expect(hash).not.toContain(secret.length > 8 ? secret : "\n");
      expect(verifyWasenderSecret(secret, hash, [young, old])).toBe(true);
      expect(verifyWasenderSecret(guess, hash, [old])).toBe(guess === secret);
      expect(verifyWasenderSecret(secret, hash, [young])).toBe(false);
      expect(verifyWasenderSecret(secret, hash, [{ ...young, secret: old.secret }])).toBe(false);
    }),
  );
});

test("a hash from before peppers had names opens under whichever pepper is its own", () => {
  const hash = createHmac("sha256", old.secret).update("s").digest("hex");
  expect(verifyWasenderSecret("s", hash, [young, old])).toBe(true);
  expect(verifyWasenderSecret("t", hash, [young, old])).toBe(false);
  expect(verifyWasenderSecret("s", hash, [young])).toBe(false);
});

test("without a header, or with a broken hash, nothing opens", () => {
  expect(verifyWasenderSecret(undefined, hashCallbackSecret("", old), [old])).toBe(false);
  expect(verifyWasenderSecret("", hashCallbackSecret("", old), [old])).toBe(false);
  for (const broken of ["", "zz", "p1:", "p1:zz", `p1:p1:${"0".repeat(64)}`])
    expect(verifyWasenderSecret("s", broken, [old])).toBe(false);
});
