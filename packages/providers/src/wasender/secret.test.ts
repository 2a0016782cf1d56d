import fc from "fast-check";
import { expect, test } from "vitest";
import { hashCallbackSecret, verifyWasenderSecret } from "./secret.ts";

test("exactly the session's secret opens, under the mesh's pepper only", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string(), (secret, guess) => {
      const hmac = hashCallbackSecret(secret, "pepper");
      expect(hmac).not.toContain(secret.length > 8 ? secret : "\n");
      expect(verifyWasenderSecret(secret, hmac, "pepper")).toBe(true);
      expect(verifyWasenderSecret(guess, hmac, "pepper")).toBe(guess === secret);
      expect(verifyWasenderSecret(secret, hmac, "another")).toBe(false);
    }),
  );
});

test("without a header, or with a broken hash, nothing opens", () => {
  expect(verifyWasenderSecret(undefined, hashCallbackSecret("", "p"), "p")).toBe(false);
  expect(verifyWasenderSecret("", hashCallbackSecret("", "p"), "p")).toBe(false);
  expect(verifyWasenderSecret("s", "", "p")).toBe(false);
  expect(verifyWasenderSecret("s", "zz", "p")).toBe(false);
});
