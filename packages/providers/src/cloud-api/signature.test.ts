import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { verifyCloudApiSignature } from "./signature.ts";

const SECRET = "app-secret";
const sign = (body: Buffer, secret = SECRET) =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

test("exact bytes count: escapes that mean the same have another signature", () => {
  const sent = Buffer.from(String.raw`{"url":"https:\/\/example.test\/","name":"M\u00e4ra"}`);
  const rewritten = Buffer.from(JSON.stringify(JSON.parse(sent.toString())));
  expect(verifyCloudApiSignature(sent, sign(sent), SECRET)).toBe(true);
  expect(verifyCloudApiSignature(rewritten, sign(sent), SECRET)).toBe(false);
});

test("a known pair, computed elsewhere", () => {
  // printf 'hello' | openssl dgst -sha256 -hmac key
  const header = "sha256=9307b3b915efb5171ff14d8cb55fbcc798c6c0ef1456d66ded1a6aa723a58b7b";
  expect(verifyCloudApiSignature(Buffer.from("hello"), header, "key")).toBe(true);
});

test("any changed byte, of body or signature, is refused", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (bytes, at, flip) => {
        const body = Buffer.from(bytes);
        const header = sign(body);
        expect(verifyCloudApiSignature(body, header, SECRET)).toBe(true);
        const changed = Buffer.from(body);
        changed[at % changed.length]! ^= flip;
        expect(verifyCloudApiSignature(changed, header, SECRET)).toBe(false);
        const digits = header.slice("sha256=".length);
        const place = at % digits.length;
        const other = digits[place] === "0" ? "1" : "0";
        const forged = `sha256=${digits.slice(0, place)}${other}${digits.slice(place + 1)}`;
        expect(verifyCloudApiSignature(body, forged, SECRET)).toBe(false);
      },
    ),
  );
});

test.each([undefined, "", "sha256=", "sha1=aa", `sha256=${"0".repeat(63)}`, `sha256=${"z".repeat(64)}`])(
  "the header %j is refused, not an error",
  (header) => {
    expect(verifyCloudApiSignature(Buffer.from("{}"), header, SECRET)).toBe(false);
  },
);

test("an unset secret verifies nothing", () => {
  const body = Buffer.from("{}");
  expect(verifyCloudApiSignature(body, sign(body, ""), "")).toBe(false);
});
