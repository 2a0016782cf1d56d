import { expect, test } from "vitest";
import { objectParts } from "./object-address.ts";

test.each([
  ["session", "ses_1", ["sessions", "ses_1"]],
  ["campaign", null, ["campaigns"]],
  ["endpoint", "ep_1", ["webhooks", "ep_1"]],
  ["doubts", null, ["trouble", "doubts"]],
  ["dead_letter", "x", ["trouble"]],
  ["tenant", "acme", ["overview"]],
  ["kafka", "x", null],
  [null, null, null],
])("%s %s leads to %j", (kind, id, parts) => expect(objectParts(kind, id)).toEqual(parts));
