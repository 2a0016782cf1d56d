import fc from "fast-check";
import { expect, test } from "vitest";
import { accentOf, contrastOf } from "./accent.ts";

const colour = fc
  .tuple(...[0, 1, 2].map(() => fc.integer({ min: 0, max: 255 })))
  .map((parts) => `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`);

test.each(["#ffffff", "#14161a"])(
  "any tenant's colour can be read on %s, and on its own buttons",
  (ground) => {
    fc.assert(
      fc.property(colour, (given) => {
        const accent = accentOf(given, ground)!;
        expect(contrastOf(accent.text, ground)).toBeGreaterThanOrEqual(4.4);
        expect(contrastOf(accent.onSolid, accent.solid)).toBeGreaterThanOrEqual(4.4);
      }),
    );
  },
);

test("a colour that reads well stays as it is", () => {
  expect(accentOf("#0a5", "#ffffff")?.solid).toBe("#00aa55");
  expect(accentOf("#3452c4", "#ffffff")?.text).toBe("#3452c4");
});

test.each(["red", "#12", "url(x)", "#1234567", ""])("%j is no colour", (text) => {
  expect(accentOf(text, "#ffffff")).toBeNull();
});
