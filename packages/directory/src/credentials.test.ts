import { randomBytes } from "node:crypto";
import { sessionState } from "@wamesh/testing";
import { expect, test } from "vitest";
import { withOwnBytes, withoutCredentials } from "./credentials.ts";

const slab = randomBytes(65_536);
const session = sessionState({
  credentials: {
    key_ring_id: "k1",
    wrapped_key: slab.subarray(100, 160),
    nonce: slab.subarray(9_000, 9_012),
    ciphertext: slab.subarray(20_000, 20_236),
    version: 3,
  },
});

test("kept credentials are the same, and hold no more memory than they need", () => {
  const kept = withOwnBytes(session);
  expect(kept).toEqual(session);
  for (const part of ["wrapped_key", "nonce", "ciphertext"] as const)
    expect(kept.credentials![part].buffer.byteLength).toBe(60 + 12 + 236);
});

test("who does not open credentials has none", () => {
  expect(withoutCredentials(session)).toEqual({ ...session, credentials: null });
  const none = sessionState({ credentials: null });
  expect([withOwnBytes(none), withoutCredentials(none)]).toEqual([none, none]);
});
