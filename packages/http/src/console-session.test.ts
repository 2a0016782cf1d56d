import { describe, expect, test } from "vitest";
import { authorizationOf, sessionAuthorization } from "./console-session.ts";

const session = { key: "wam_acme00000000_secret", expiresAt: 5_000 };
const open = (sealed: string, nowMs: number) => (sealed === "one.sealed" && nowMs < 5_000 ? session : null);
const cookie = "theme=dark; wamesh_session=one.sealed; other=1";
const marked = { "wamesh-console": "1" };
const taken = { authorization: `Bearer ${session.key}`, expiresAt: 5_000 };
const nothing = { authorization: undefined, expiresAt: null };

describe("a request of the console's own page is its key's", () => {
  test.each([
    ["as browsers send it", { ...marked, cookie, "sec-fetch-site": "same-origin" }],
    ["where no fetch metadata is sent", { ...marked, cookie }],
    ["with the cookie alone in its header", { ...marked, cookie: "wamesh_session=one.sealed" }],
  ])("%s", (_how, headers) => {
    expect(authorizationOf(headers, open, 0)).toEqual(taken);
  });
});

describe("a cookie counts for nothing", () => {
  test.each([
    ["without the header that only our page sends", { cookie }],
    ["with that header, but another value", { cookie, "wamesh-console": "true" }],
    ["from another site", { ...marked, cookie, "sec-fetch-site": "cross-site" }],
    ["from another host of the same site", { ...marked, cookie, "sec-fetch-site": "same-site" }],
    ["from the address bar", { ...marked, cookie, "sec-fetch-site": "none" }],
    ["of another name", { ...marked, cookie: "xwamesh_session=one.sealed; wamesh_sessions=one.sealed" }],
    ["that can't be opened", { ...marked, cookie: "wamesh_session=two.sealed" }],
    ["that is empty", { ...marked, cookie: "wamesh_session" }],
    ["that is not there", marked],
  ])("%s", (_why, headers) => {
    expect(authorizationOf(headers, open, 0)).toEqual(nothing);
  });

  test("once it has expired", () => {
    expect(authorizationOf({ ...marked, cookie }, open, 5_000)).toEqual(nothing);
  });

  test("in a service that opens none", () => {
    expect(authorizationOf({ ...marked, cookie }, undefined, 0)).toEqual(nothing);
  });
});

test("a key in the header goes before the cookie, even a wrong one", () => {
  const headers = { ...marked, cookie, authorization: "Bearer wrong" };
  expect(authorizationOf(headers, open, 0)).toEqual({ authorization: "Bearer wrong", expiresAt: null });
});

test("to refuse by, the cookie counts wherever it comes from", () => {
  expect(sessionAuthorization({ cookie, "sec-fetch-site": "cross-site" }, open, 0)).toEqual(taken);
});
