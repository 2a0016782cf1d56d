/** The management API's words: what is asked, and what an answer means. */
import { describe, expect, it } from "vitest";
import {
  askCreation,
  askEdit,
  askRelease,
  askRemoval,
  askTemplates,
  readCreation,
  readRelease,
  readSuccess,
  readTemplates,
} from "./templates.ts";

const account = { waba: "201", token: "EAAsecret" };
const draft = {
  name: "order_ready",
  language: "en_US",
  category: "utility",
  named: true,
  components: [{ type: "BODY", text: "Hi." }],
  ttlS: 60,
};
const answer = (status: number, body: unknown) => ({
  status,
  headers: {},
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const error = (fields: object) => ({ error: { type: "OAuthException", ...fields } });

describe("asking", () => {
  it("a creation says all, in Meta's spelling, and the token only in its header", () => {
    const { path, headers, body } = askCreation(account, draft);
    expect(path).toBe("/201/message_templates");
    expect(headers.authorization).toBe("Bearer EAAsecret");
    expect(JSON.parse(body)).toEqual({
      name: "order_ready",
      language: "en_US",
      category: "UTILITY",
      parameter_format: "NAMED",
      components: draft.components,
      message_send_ttl_seconds: 60,
    });
  });
  it("an edit names the category only where it changes", () => {
    const of = { id: "77", token: "t" };
    expect(askEdit(of, draft, true).path).toBe("/77");
    expect(JSON.parse(askEdit(of, draft, true).body)).toHaveProperty("category", "UTILITY");
    expect(JSON.parse(askEdit(of, draft, false).body)).not.toHaveProperty("category");
  });
  it("a list goes on where the page before ended", () => {
    expect(askTemplates(account, { after: "MjQ=", name: null }).path).toContain("after=MjQ%3D");
    expect(askTemplates(account, { after: null, name: "a_b" }).path).toContain("name=a_b");
  });
  it("a removal with an id takes one language", () => {
    expect(askRemoval(account, "a", "77").path).toBe("/201/message_templates?hsm_id=77&name=a");
    expect(askRemoval(account, "a", null).path).toBe("/201/message_templates?name=a");
  });
});

const row = {
  id: 77,
  name: "order_ready",
  language: "en_US",
  status: "REJECTED",
  category: "UTILITY",
  parameter_format: "NAMED",
  components: [{ type: "BODY", text: "Hi." }],
  quality_score: { score: "GREEN", date: 1 },
  rejected_reason: "INVALID_FORMAT",
};

describe("a list", () => {
  it("is read in lower case; there is more only where next says so", () => {
    const cursors = { before: "a", after: "b" };
    const last = readTemplates(answer(200, { data: [row], paging: { cursors } }));
    expect(last).toMatchObject({
      kind: "page",
      after: null,
      templates: [
        { status: "rejected", category: "utility", named: true, quality: "green", reason: "INVALID_FORMAT" },
      ],
    });
    expect(readTemplates(answer(200, { data: [], paging: { cursors, next: "https://x" } }))).toEqual({
      kind: "page",
      after: "b",
      templates: [],
    });
  });
  it("keeps an id that no double holds", () => {
    const body = JSON.stringify({ data: [row] }).replace("77", "12345678901234567");
    expect(readTemplates(answer(200, body))).toMatchObject({ templates: [{ id: "12345678901234567" }] });
  });
  it.each([
    [200, { id: "201" }],
    [200, "<html>"],
    [502, "<html>"],
  ])("HTTP %d %o is none, and nothing may be concluded", (status, body) => {
    expect(readTemplates(answer(status, body))).toMatchObject({ kind: "later" });
  });
});

it("a release names its template, and a no without an error is a no", () => {
  expect(askRelease({ id: "77", token: "t" }).path).toBe("/77/unpause");
  expect(readRelease(answer(200, { success: true }))).toEqual({ kind: "done" });
  const refused = { kind: "refused", code: "not_released", detail: "Too early." };
  expect(readRelease(answer(200, { success: false, reason: "Too early." }))).toEqual(refused);
  expect(readRelease(answer(200, {})).kind).toBe("later");
});

it("a creation's answer names the template; Meta may have changed its category", () => {
  const said = readCreation(answer(200, { id: "77", status: "PENDING", category: "MARKETING" }));
  expect(said).toEqual({ kind: "created", id: "77", status: "pending", category: "marketing" });
  expect(readCreation(answer(200, {}))).toMatchObject({ kind: "later" });
});

describe("trouble", () => {
  it.each<[string, number, object, "refused" | "later"]>([
    ["a duplicate", 400, { code: 100, error_subcode: 2388024 }, "refused"],
    ["a policy", 400, { code: 132007 }, "refused"],
    ["too many calls", 400, { code: 80007 }, "later"],
    ["a token that expired", 401, { code: 190 }, "later"],
    ["a mishap", 500, { code: 2 }, "later"],
    ["what says so itself", 400, { code: 100, is_transient: true }, "later"],
    ["an account this token does not reach", 400, { code: 100, error_subcode: 33 }, "later"],
  ])("%s is %s", (_, status, fields, kind) => {
    expect(readSuccess(answer(status, error(fields))).kind).toBe(kind);
  });
  it("is told in the words meant for people, without tokens", () => {
    const fields = {
      code: 100,
      message: "Invalid parameter",
      error_user_title: "Too long",
      error_user_msg: "The body of EAAsecretsecretsecretsecretsecret is too long",
    };
    const said = readSuccess(answer(400, error(fields)));
    expect(said).toMatchObject({
      kind: "refused",
      code: "100",
      detail: expect.stringMatching(/^Too long: The body/),
    });
    expect(JSON.stringify(said)).not.toContain("EAAsecret");
  });
});
