import { expect, test } from "vitest";
import { scopesOf } from "./scopes.ts";

test("what is not chosen is not granted", () => {
  expect(scopesOf({ messages: "write", status: "read", keys: "" })).toEqual([
    "messages:write",
    "status:read",
  ]);
});
