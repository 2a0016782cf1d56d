import { randomBytes } from "node:crypto";
import { createVault } from "@wamesh/vault";
import { expect, test } from "vitest";
import { openText, rewrapText, sealText } from "./sealed-text.ts";

const vault = createVault({ ring: [{ id: "one", key: randomBytes(32) }] });
const place = { tenant: "acme", id: "end_1" };

test("a sealed text opens in its own place and nowhere else", () => {
  const sealed = sealText(vault, place, "whsec_ü");
  expect(sealed).not.toContain("whsec");
  expect(openText(vault, place, sealed)).toBe("whsec_ü");
  expect(openText(vault, { ...place, id: "end_2" }, sealed)).toBeNull();
  expect(openText(createVault({ ring: [{ id: "two", key: randomBytes(32) }] }), place, sealed)).toBeNull();
});

test("under a newer ring key it is the same text, and the old key is needed no more", () => {
  const [old, young] = ["old", "young"].map((id) => ({ id, key: randomBytes(32) }));
  const sealed = sealText(createVault({ ring: [old!] }), place, "whsec_ü");
  const both = createVault({ ring: [young!, old!] });
  const next = rewrapText(both, place, sealed)!;
  expect(openText(createVault({ ring: [young!] }), place, next)).toBe("whsec_ü");
  expect(rewrapText(both, { ...place, tenant: "globex" }, sealed)).toBeNull();
});
