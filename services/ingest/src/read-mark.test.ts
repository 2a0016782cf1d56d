import { expect, it } from "vitest";
import type { Member } from "./choose-session.ts";
import { readMarkObstacle } from "./read-mark.ts";

const of = (over: Partial<Member>): Member => ({
  ...{ session: "ses_1", tenant: "acme", account: "a", provider: "cloud_api", status: "connected" },
  otp_only: false,
  ...over,
});

it.each<[string, Member | undefined, { chat?: string; typing?: boolean }, [string, string] | null]>([
  ["a session nobody has", undefined, {}, ["unknown_session", "session_id"]],
  [
    "another tenant's, which is answered alike",
    of({ tenant: "globex" }),
    {},
    ["unknown_session", "session_id"],
  ],
  ["a deleted one", of({ status: "deleted" }), {}, ["unknown_session", "session_id"]],
  ["the Cloud API", of({}), {}, null],
  ["the Cloud API, typing", of({}), { typing: true }, null],
  ["WasenderApi without the chat", of({ provider: "wasender" }), {}, ["invalid_body", "chat"]],
  ["WasenderApi", of({ provider: "wasender" }), { chat: "1@lid" }, null],
  [
    "WasenderApi, typing",
    of({ provider: "wasender" }),
    { chat: "1@lid", typing: true },
    ["not_supported", "typing"],
  ],
  ["one that is not connected now", of({ status: "logged_out" }), {}, null],
])("%s", (_what, session, request, refused) => {
  const obstacle = readMarkObstacle(
    { session_id: "ses_1", provider_id: "p", typing: false, ...request },
    session,
    "acme",
  );
  expect(obstacle === null ? null : [obstacle.code, obstacle.field]).toEqual(refused);
});
