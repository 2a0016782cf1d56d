import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sealedSession, sessionMs } from "./sealed-session.ts";
import { tokenSealer } from "./sealed-token.ts";

const older = { id: "2026-10", secret: "o".repeat(16) };
const newer = { id: "2026-11", secret: "n".repeat(16) };
const now = Date.UTC(2026, 10, 20);
const sealer = (purpose = "stream", ring = [older]) => tokenSealer({ ring, purpose });

test("whatever is sealed is opened again, until it expires", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), fc.integer({ min: 1, max: 1e9 }), (payload, forMs) => {
      const token = sealer().seal(payload.toWellFormed(), now + forMs);
      expect(sealer().open(token, now + forMs - 1)).toEqual({
        payload: payload.toWellFormed(),
        expiresAt: now + forMs,
      });
      expect(sealer().open(token, now + forMs)).toBeNull();
    }),
  );
});

test("no byte of it can be changed", () => {
  const token = sealer().seal("acme", now + 1);
  const [id, body] = token.split(".") as [string, string];
  const bytes = Buffer.from(body, "base64url");
  for (let at = 0; at < bytes.byteLength; at++) {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 1;
    expect(sealer().open(`${id}.${changed.toString("base64url")}`, now), `byte ${at}`).toBeNull();
  }
});

const token = sealer().seal("acme", now + 60_000);
test.each([
  ["nothing", ""],
  ["a word", "token"],
  ["an id alone", `${older.id}.`],
  ["without its id", token.slice(token.indexOf("."))],
  ["cut short", token.slice(0, -6)],
  ["under another ring's id", token.replace(older.id, newer.id)],
  ["far too long", `${token}${"A".repeat(4_000)}`],
])("%s is refused", (_what, given) => {
  expect(sealer("stream", [older, newer]).open(given, now)).toBeNull();
});

test("a token for one purpose is nothing to another", () => {
  expect(sealer("console session").open(token, now)).toBeNull();
});

test("the same id with another secret opens nothing", () => {
  expect(sealer("stream", [{ id: older.id, secret: "x".repeat(16) }]).open(token, now)).toBeNull();
});

describe("rotation of the ring", () => {
  test("what was sealed under the old key is opened while it is in the ring; new ones are sealed under the new key", () => {
    const rotated = sealer("stream", [newer, older]);
    expect(rotated.open(token, now)?.payload).toBe("acme");
    expect(rotated.seal("acme", now + 1)).toMatch(/^2026-11\./);
    expect(sealer("stream", [newer]).open(token, now)).toBeNull();
  });
});

test("two seals of the same are not alike, so nobody can tell two people with one key", () => {
  expect(sealer().seal("acme", now + 1)).not.toBe(sealer().seal("acme", now + 1));
});

test("a session holds its key for twelve hours, and does not show it", () => {
  const sessions = sealedSession([older]);
  const key = `wam_acme00000000_${randomBytes(24).toString("hex")}`;
  const sealed = sessions.seal(key, now);
  expect(Buffer.from(sealed.split(".")[1]!, "base64url").includes(key.slice(-20))).toBe(false);
  expect(sessions.open(sealed, now + sessionMs - 1)).toEqual({ key, expiresAt: now + sessionMs });
  expect(sessions.open(sealed, now + sessionMs)).toBeNull();
});
