import { randomBytes } from "node:crypto";
import { createVault } from "@wamesh/vault";
import { expect, test } from "vitest";
import { openText, sealText } from "./sealed-text.ts";

const vault = createVault({ ring: [{ id: "one", key: randomBytes(32) }] });
const place = { tenant: "acme", id: "end_1" };

test("a sealed text opens in its own place and nowhere else", () => {
  const sealed = sealText(vault, place, "whsec_ü");
  expect(sealed).not.toContain("whsec");
  expect(openText(vault, place, sealed)).toBe("whsec_ü");
  expect(openText(vault, { ...place, id: "end_2" }, sealed)).toBeNull();
  expect(openText(createVault({ ring: [{ id: "two", key: randomBytes(32) }] }), place, sealed)).toBeNull();
});
