import { expect, test } from "vitest";
import { objectParts } from "./object-address.ts";

test.each([
  ["session_down", "session", "ses_1", ["sessions", "ses_1"]],
  ["campaign_stopped", "campaign", "", ["campaigns"]],
  ["endpoint_disabled", "endpoint", "ep_1", ["webhooks", "ep_1"]],
  ["doubts", "tenant", "acme", ["trouble", "doubts"]],
  ["dead_letters", "tenant", "acme", ["trouble"]],
  ["something_new", "tenant", "acme", ["overview"]],
  ["something_new", "broker", "1", null],
])("%s of a %s leads where something can be done", (code, object_kind, object_id, parts) => {
  expect(objectParts({ code, object_kind, object_id })).toEqual(parts);
});
