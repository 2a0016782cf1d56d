import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { excerptOf, maxExcerptBytes } from "./excerpt.ts";

const of = (text: string) => excerptOf(Buffer.from(text));

describe("an excerpt of an answer", () => {
  it.each([
    ["", null],
    ["  \r\n ", null],
    ["ok", "ok"],
    ["a\u0000b\u001b[31m", "a b [31m"],
    ["bad signature with whsec_bm90IGEgc2VjcmV0!", "bad signature with [redacted]!"],
    ["key wam_0123_abc", "key [redacted]"],
    ["expected v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=", "expected [redacted]"],
    ["you sent Authorization: Bearer abc.def here", "you sent [redacted] here"],
    ['{"api_key":"123", "ok":false}', '{"[redacted]", "ok":false}'],
    ["eyJhbGciOi.eyJzdWIi.c2ln", "[redacted]"],
  ])("%j is %j", (answer, kept) => expect(of(answer)).toBe(kept));

  it("is never longer than 1 KiB, whatever the bytes, and never breaks a character", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), (bytes) => {
        expect(Buffer.byteLength(excerptOf(bytes) ?? "")).toBeLessThanOrEqual(maxExcerptBytes);
      }),
    );
    expect(of("é".repeat(1000))).toBe("é".repeat(512));
    expect(of(`x${"é".repeat(1000)}`)).toBe(`x${"é".repeat(511)}`);
  });

  it("holds nothing of a secret that the cut goes through", () => {
    expect(of(`${"x".repeat(1010)} whsec_${"A".repeat(43)}=`)).not.toContain("whsec");
  });
});
