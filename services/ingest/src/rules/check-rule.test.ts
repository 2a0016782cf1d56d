import { Problem } from "@wamesh/http";
import { expect, test } from "vitest";
import type { KnownTemplate } from "../check-template.ts";
import type { Member } from "../choose-session.ts";
import type { World } from "../decide.ts";
import { checkRule } from "./check-rule.ts";
import { ruleDefinition } from "./rule.ts";

const member = (session: string, account: string): Member => ({
  session,
  tenant: "acme",
  account,
  provider: "cloud_api",
  status: "connected",
  otp_only: false,
});
const body = { kind: "body", format: null, sub_type: null, index: null, parameters: ["1"] };
const approved = {
  state: "approved",
  category: "utility",
  named: false,
  parts: [body],
  whole: true,
  body_parameters: 1,
};

/** Templates by account; accounts not named have not been read. */
const worldOf = (members: Member[], templates: Record<string, object | null>): World => ({
  session: (id) => members.find((one) => one.session === id),
  sessionsInPool: () => members,
  optedOut: () => null,
  template: (_tenant, account) => (templates[account] ?? undefined) as KnownTemplate | undefined,
  templatesListed: (_tenant, account) => account in templates,
});

const rule = (variables: object[], over: object = {}) =>
  ruleDefinition.parse({
    name: "Welcome",
    event_type: "user_onboarded",
    steps: [
      {
        message: {
          to: { path: "data.phone" },
          template: { name: "welcome", language: "en_US", variables },
          ...over,
        },
      },
    ],
  });
const one = [{ path: "data.first_name" }];
const named = { session_id: "ses_1" };

test("a template that fits is no matter", () => {
  expect(checkRule(worldOf([member("ses_1", "a")], { a: approved }), "acme", rule(one, named))).toEqual([]);
});

test.each<[string, object | null, object[], string, string]>([
  ["does not exist", null, one, "template_unknown", "steps.0.message.template.name"],
  [
    "takes other values",
    approved,
    [...one, ...one],
    "template_mismatch",
    "steps.0.message.template.variables",
  ],
  [
    "was rejected",
    { ...approved, state: "rejected" },
    one,
    "template_not_approved",
    "steps.0.message.template.name",
  ],
])("a rule whose template %s is not saved, and the field is named", (_, template, variables, code, field) => {
  const check = () =>
    checkRule(worldOf([member("ses_1", "a")], { a: template }), "acme", rule(variables, named));
  expect(check).toThrow(Problem);
  expect(check).toThrow(
    expect.objectContaining({
      code,
      facts: expect.objectContaining({ errors: [expect.objectContaining({ field })] }),
    }),
  );
});

test.each<[string, Member[], Record<string, object | null>]>([
  ["is in review", [member("ses_1", "a")], { a: { ...approved, state: "pending" } }],
  ["was not read yet", [member("ses_1", "a")], {}],
  [
    "is missing in one of the pool's accounts",
    [member("ses_1", "a"), member("ses_2", "b")],
    { a: approved, b: null },
  ],
  ["has no session to go by", [], {}],
])("a template that %s is a warning only", (_, members, templates) => {
  expect(checkRule(worldOf(members, templates), "acme", rule(one))).toMatchObject([
    { field: "steps.0.message.template.name" },
  ]);
});

test("a pool in which no account has the template refuses the rule", () => {
  const world = worldOf([member("ses_1", "a"), member("ses_2", "b")], { a: null, b: null });
  expect(() => checkRule(world, "acme", rule(one))).toThrow(Problem);
});
