import { describe, expect, test } from "vitest";
import type { KnownTemplate } from "./check-template.ts";
import { decide, type Facts, type Lane, laneOf, type World } from "./decide.ts";
import { messageRequest } from "./message-request.ts";

const nowMs = Date.parse("2026-11-20T10:00:00Z");
const facts: Facts = { tenant: "acme", messageId: "m1", acceptedAtMs: nowMs, tokenKey: "k", origin: null };
const known = { named: false, parts: [], whole: false, body_parameters: 0, state: "approved" } as const;
const templates: Record<string, KnownTemplate> = {
  sale: { ...known, parts: [], category: "marketing" },
  code: { ...known, parts: [], category: "authentication" },
  order: { ...known, parts: [], category: "utility" },
};
const world: World = {
  session: () => undefined,
  sessionsInPool: () => [
    {
      tenant: "acme",
      session: "ses_1",
      account: "acc_1",
      provider: "cloud_api",
      status: "connected",
      otp_only: false,
    },
  ],
  template: (_tenant, _account, name) => templates[name],
  templatesListed: () => false,
  optedOut: (_tenant, { value }) =>
    value === "+15559990000" ? "all" : value === "+15559990001" ? "marketing" : null,
};

const run = (fields: object, lane?: Lane) =>
  decide(messageRequest.parse({ to: "+15551234567", text: { body: "Hi" }, ...fields }), lane, facts, world);

function accepted(fields: object, lane?: Lane) {
  const decision = run(fields, lane);
  if (decision.kind === "refused") throw new Error(decision.refusal.code);
  return decision.message;
}

test.each<[string, object, Lane, number]>([
  ["otp: five minutes", {}, "otp", nowMs + 300_000],
  ["standard: a day", {}, "standard", nowMs + 86_400_000],
  ["bulk: three days", {}, "bulk", nowMs + 3 * 86_400_000],
  ["its own", { ttl_s: 10 }, "otp", nowMs + 10_000],
  [
    "counted from when it is due",
    { ttl_s: 10, send_at: "2026-11-20T11:00:00Z" },
    "standard",
    nowMs + 3_610_000,
  ],
  [
    "a due time in the past is now",
    { ttl_s: 10, send_at: "2026-11-20T09:00:00Z" },
    "standard",
    nowMs + 10_000,
  ],
])("time to live, %s", (_, fields, lane, notAfter) => {
  expect(accepted(fields, lane).not_after).toBe(notAfter);
});

test("more than a hundred messages at once are bulk, whatever lane they ask for", () => {
  expect(laneOf("otp", 100)).toBe("otp");
  expect(laneOf("otp", 101)).toBe("bulk");
});

test.each<[string, object, Lane, string]>([
  ["marketing on the otp lane, as the caller calls it", { category: "marketing" }, "otp", "lane"],
  [
    "marketing on the otp lane, as the provider approved it",
    { text: undefined, template: { name: "sale", language: "en" }, category: "utility" },
    "otp",
    "lane",
  ],
  ["a due time beyond 30 days", { send_at: "2026-12-21T10:00:00Z" }, "standard", "send_at"],
  ["an impossible number", { to: "+1555" }, "standard", "to"],
])("%s is refused", (_, fields, lane, field) => {
  expect(run(fields, lane)).toMatchObject({ kind: "refused", refusal: { field } });
});

test.each<[string, Lane | undefined, Lane]>([
  ["code", undefined, "otp"],
  ["sale", undefined, "bulk"],
  ["order", undefined, "standard"],
  ["unheard_of", undefined, "standard"],
  ["code", "standard", "standard"],
  ["sale", "standard", "standard"],
])("template %s, asked for %s, travels on %s: its category chooses where nobody did", (name, asked, lane) => {
  const fields = { text: undefined, template: { name, language: "en" } };
  expect(accepted(fields, asked).lane).toBe(lane);
});

test("one-time passwords without a lane find the sessions reserved for them", () => {
  const reserved: World = {
    ...world,
    sessionsInPool: () => [
      { ...world.sessionsInPool("acme", "default")[0]!, session: "ses_o", otp_only: true },
      ...world.sessionsInPool("acme", "default"),
    ],
  };
  const body = { to: "+15551234567", template: { name: "code", language: "en" } };
  const sent = (name: string) =>
    decide(messageRequest.parse({ ...body, template: { name, language: "en" } }), undefined, facts, reserved);
  expect(sent("code")).toMatchObject({ message: { session: "ses_o", lane: "otp" } });
  expect(sent("order")).toMatchObject({ message: { session: "ses_1", lane: "standard" } });
});

test("the message stands alone: session, account, provider, token and category are in it", () => {
  expect(accepted({ external_ref: "order-1", category: "utility", doubt_policy: "resend" })).toMatchObject({
    message_id: "m1",
    tenant: "acme",
    lane: "standard",
    session: "ses_1",
    account: "acc_1",
    provider: "cloud_api",
    recipient: { kind: "phone", value: "+15551234567" },
    recipient_token: expect.stringMatching(/^[0-9a-f]{32}$/),
    category: "utility",
    external_ref: "order-1",
    doubt_policy: "resend",
    accepted_at: nowMs,
  });
});

test("the fingerprint is what was asked for: the same whenever it is asked, another for another text", () => {
  const later = decide(
    messageRequest.parse({ text: { body: "Hi" }, to: "+15551234567" }),
    "standard",
    { ...facts, acceptedAtMs: nowMs + 1 },
    world,
  );
  expect(later).toMatchObject({ message: { fingerprint: accepted({}).fingerprint } });
  expect(accepted({ text: { body: "Ho" } }).fingerprint).not.toBe(accepted({}).fingerprint);
});

describe("who has opted out", () => {
  const all = "+15559990000";
  const marketing = "+15559990001";
  test.each<[string, object, Lane]>([
    ["of all gets no text", { to: all }, "standard"],
    ["of all gets no one-time password", { to: { kind: "phone", value: all } }, "otp"],
    ["of marketing gets none, as the caller calls it", { to: marketing, category: "marketing" }, "bulk"],
    [
      "of marketing gets none, as the provider approved it",
      { to: marketing, text: undefined, template: { name: "sale", language: "en" }, category: "utility" },
      "standard",
    ],
  ])("%s", (_what, fields, lane) => {
    const decision = run(fields, lane);
    expect(decision.kind === "refused" && decision.refusal).toMatchObject({ code: "recipient_opted_out" });
  });

  test("of marketing gets everything else", () => {
    expect(accepted({ to: marketing }).content.kind).toBe("text");
  });
});

describe("a fallback", () => {
  const fallback = { name: "we_miss_you", language: "en_US", variables: ["Mara"] };

  test("travels as the template it is", () => {
    expect(accepted({ fallback }).fallback).toEqual({
      name: "we_miss_you",
      language: "en_US",
      components: [
        {
          kind: "body",
          sub_type: null,
          index: null,
          parameters: [{ kind: "text", name: null, value: "Mara" }],
        },
      ],
    });
    expect(accepted({}).fallback).toBeNull();
  });

  test("that is marketing does not travel on the otp lane", () => {
    const decision = run({ fallback: { name: "sale", language: "en" } }, "otp");
    expect(decision.kind === "refused" && decision.refusal.code).toBe("lane_refused");
  });

  test("has no sense where the provider knows no window", () => {
    const wasender: World = {
      ...world,
      sessionsInPool: () =>
        world.sessionsInPool("acme", "default").map((one) => ({ ...one, provider: "wasender" })),
    };
    const request = messageRequest.parse({ to: "+15551234567", text: { body: "Hi" }, fallback });
    const decision = decide(request, "standard", facts, wasender);
    expect(decision.kind === "refused" && decision.refusal).toMatchObject({
      code: "not_supported",
      field: "fallback",
    });
  });

  test.each([
    ["beside a template", { text: undefined, template: fallback, fallback }, "fallback"],
    [
      "with variables and a body",
      { fallback: { ...fallback, components: [{ kind: "body", parameters: [{ value: "x" }] }] } },
      "fallback.variables",
    ],
    ["with a field that templates don't have", { fallback: { ...fallback, body: "x" } }, "fallback"],
  ])("is refused %s", (_what, fields, at) => {
    const parsed = messageRequest.safeParse({ to: "+15551234567", text: { body: "Hi" }, ...fields });
    expect(parsed.error?.issues.map(({ path }) => path.join("."))).toContain(at);
  });
});
