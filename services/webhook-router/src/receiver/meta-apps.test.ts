import { expect, test } from "vitest";
import { parseMetaApps } from "./meta-apps.ts";

test("apps are found by their ids", () => {
  const apps = parseMetaApps("1:secret-1:verify-1, 2:secret-2:verify-2");
  expect(apps.get("2")).toEqual({ id: "2", secret: "secret-2", verifyToken: "verify-2" });
  expect(parseMetaApps("").size).toBe(0);
});

test.each(["1:secret", "1", "1:secret:verify:more", ":s:v"])("%j is refused without repeating it", (text) => {
  expect(() => parseMetaApps(text)).toThrow(/^WAMESH_META_APPS is a list/);
});
