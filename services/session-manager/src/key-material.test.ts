import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { newCallbackToken, newId, newKey, randomText, readKey, writeKey } from "./key-material.ts";

test("a written key is read back, and has the shape the edge accepts", () => {
  const key = newKey(randomBytes);
  expect(key.id).toMatch(/^[a-z0-9]{12}$/);
  expect(key.secret).toMatch(/^[A-Za-z0-9]{43}$/);
  expect(readKey(writeKey(key))).toEqual(key);
});

test.each([
  "",
  "wam_",
  "wam_short_secret",
  "xam_abcdefghijkl_0123456789012345678901234567890123",
  "wam_ABCDEFGHIJKL_01234567890123456789012345678901",
])("%j is not a key", (text) => expect(readKey(text)).toBeNull());

test("every character is equally likely: bytes that would favour the first ones are thrown away", () => {
  // 256 = 7 × 36 + 4: bytes 252…255 would make a…d likelier.
  const bytes = [255, 254, 253, 252, 251, 0, 36];
  expect(randomText(() => Uint8Array.from(bytes), "abcdefghijklmnopqrstuvwxyz0123456789", 3)).toBe("9aa");
});

test("ids never repeat in ten thousand, and say what they name", () => {
  const ids = new Set(Array.from({ length: 10_000 }, () => newId(randomBytes, "ses")));
  expect(ids.size).toBe(10_000);
  for (const id of ids) expect(id).toMatch(/^ses_[a-z0-9]{16}$/);
});

test("a callback token needs no escaping in a path", () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat(255)), (stream) => {
      const token = newCallbackToken((count) =>
        Uint8Array.from({ length: count }, () => stream.next().value),
      );
      expect(encodeURIComponent(token)).toBe(token);
    }),
  );
});
