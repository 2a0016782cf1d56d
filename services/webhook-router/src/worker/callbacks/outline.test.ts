import fc from "fast-check";
import { expect, test } from "vitest";
import { outlineOf } from "./outline.ts";

test("tells what came, not what it says", () => {
  const sync = {
    field: "smb_app_state_sync",
    value: {
      state_sync: [
        { type: "contact", contact: { full_name: "Mara Lind", phone_number: "15550001111" } },
        { type: "contact" },
      ],
      "15550001111@s.whatsapp.net": { seen: true, since: 1_788_000_000, by: null },
    },
  };
  expect(JSON.parse(outlineOf(JSON.stringify(sync)))).toEqual({
    field: "string",
    value: {
      state_sync: [{ type: "string", contact: { full_name: "string", phone_number: "string" } }, "2 in all"],
      "member 1": { seen: "boolean", since: "number", by: null },
    },
  });
});

test("whatever comes, no value is shown and nothing is thrown", () => {
  const marked = fc.string().map((text) => `§${text}`);
  const json = fc.letrec((tie) => ({
    value: fc.oneof(marked, fc.integer(), fc.array(tie("value")), fc.dictionary(marked, tie("value"))),
  })).value;
  fc.assert(
    fc.property(json, (value) => {
      const outline = outlineOf(JSON.stringify(value));
      expect(outline).not.toContain("§");
      expect(outline.length).toBeLessThanOrEqual(2_000);
    }),
  );
  expect(outlineOf("no JSON")).toBe("");
  expect(outlineOf("[".repeat(100_000) + "]".repeat(100_000))).toContain("…");
});
