import fc from "fast-check";
import { expect, test } from "vitest";
import { hashSecret, verifySecret } from "./secret-hash.ts";

const [a, b, c] = ["a", "b", "c"].map((id) => ({ id, secret: `pepper-${id}-0123456789` })) as [
  { id: string; secret: string },
  { id: string; secret: string },
  { id: string; secret: string },
];

test("exactly the hashed secret verifies", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (secret, guess) => {
      const hashes = hashSecret([a], secret);
      expect(verifySecret([a], secret, hashes)).toBe(true);
      expect(verifySecret([a], guess, hashes)).toBe(guess === secret);
    }),
  );
});

test("it verifies while rings overlap, and no longer when they don't", () => {
  const hashes = hashSecret([b, a], "secret");
  expect(hashes).toHaveLength(2);
  expect(verifySecret([c, b], "secret", hashes)).toBe(true);
  expect(verifySecret([a], "secret", hashes)).toBe(true);
  expect(verifySecret([c], "secret", hashes)).toBe(false);
  expect(verifySecret([{ id: "a", secret: "another pepper" }], "secret", hashes)).toBe(false);
});

test.each([["a:"], ["a:zz"], ["a:00"], ["a"], [""]])("a broken hash %j verifies nothing", (hash) => {
  expect(verifySecret([a], "secret", [hash])).toBe(false);
});
