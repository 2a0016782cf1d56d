import type { DomainEvent } from "@wamesh/events";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { KnownTemplate } from "../check-template.ts";
import type { World } from "../decide.ts";
import { type Rule, ruleDefinition } from "../rules/rule.ts";
import { considerEvent } from "./consider-event.ts";
import { textAt } from "./event-path.ts";
import type { Reading } from "./reading.ts";

const nowMs = Date.parse("2026-11-20T10:00:00Z");
const reading: Reading = { loggedAtMs: nowMs - 5, nowMs, tokenKeys: ["k", "older"] };
const world: World = {
  session: () => undefined,
  sessionsInPool: (tenant) =>
    tenant === "acme"
      ? [
          {
            tenant,
            session: "ses_1",
            account: "acc_1",
            provider: "cloud_api",
            status: "connected",
            otp_only: false,
          },
        ]
      : [],
  optedOut: () => null,
  template: () => undefined,
  templatesListed: () => false,
};

const event = (fields: Partial<DomainEvent> = {}): DomainEvent => ({
  event_id: "e1",
  tenant: "acme",
  source: "/crm",
  type: "user_onboarded",
  subject: null,
  occurred_at: nowMs - 50,
  data: JSON.stringify({ phone: "+15551234567", first_name: "Mara", plan: { seats: 3 }, tags: ["new"] }),
  received_at: nowMs - 10,
  ...fields,
});

const rule = (message: object, fields: Partial<Rule> = {}): Rule => ({
  ...ruleDefinition.parse({
    name: "Welcome",
    event_type: "user_onboarded",
    message: { to: { path: "data.phone" }, ...message },
  }),
  id: "rul_1",
  tenant: "acme",
  version: 2,
  ...fields,
});

const welcome = rule({
  template: { name: "welcome", language: "en_US", variables: [{ path: "data.first_name" }, { value: "88" }] },
});
const considerBy = (one: DomainEvent, rules: Rule[], by: Reading = reading, in_: World = world) => {
  const { begun, outcomes, ...rest } = considerEvent(one, { rules, calledOff: [] }, by, in_);
  return {
    ...rest,
    messages: begun.flatMap((each) => each.messages),
    outcomes: [...outcomes, ...begun.flatMap((each) => each.outcomes)],
    runs: begun.flatMap((each) => each.run ?? []),
  };
};
const consider = (one: DomainEvent, ...rules: Rule[]) => considerBy(one, rules);

const withFallback = rule({
  text: { body: "Hi {{name}}", variables: { name: { path: "data.first_name" } } },
  fallback: {
    name: "we_miss_you",
    language: "en_US",
    variables: { name: { path: "data.first_name" }, code: { path: "data.code" } },
  },
});

test("a rule's text takes its fallback along, with the event's values in it", () => {
  const data = JSON.stringify({ phone: "+15551234567", first_name: "Mara", code: "88" });
  expect(consider(event({ data }), withFallback).messages).toMatchObject([
    {
      content: { kind: "text", text: { body: "Hi Mara" } },
      fallback: {
        name: "we_miss_you",
        components: [
          {
            parameters: [
              { name: "name", value: "Mara" },
              { name: "code", value: "88" },
            ],
          },
        ],
      },
    },
  ]);
});

test.each([
  ["that the event lacks", undefined, "variable_missing"],
  ["that is too long", "x".repeat(1_025), "invalid_record"],
])("a value of the fallback %s makes no message, whether a window is open or not", (_what, code, why) => {
  const data = JSON.stringify({ phone: "+15551234567", first_name: "Mara", code });
  const { messages, outcomes } = consider(event({ data }), withFallback);
  expect(messages).toEqual([]);
  expect(outcomes).toMatchObject([{ outcome: "failed", reason: { code: why } }]);
});

test("an event becomes the rule's message, and the outcome names it", () => {
  const { messages, outcomes, unusable } = consider(event(), welcome);
  expect(unusable).toBeNull();
  expect(messages).toMatchObject([
    {
      tenant: "acme",
      recipient: { kind: "phone", value: "+15551234567" },
      content: {
        kind: "template",
        template: { name: "welcome", components: [{ parameters: [{ value: "Mara" }, { value: "88" }] }] },
      },
      rule: "rul_1",
      rule_version: 2,
      rule_step: 0,
      source_event_id: "e1",
      source_event_source: "/crm",
      accepted_at: nowMs - 10,
    },
  ]);
  expect(outcomes).toMatchObject([
    {
      outcome: "messages",
      rule: "rul_1",
      rule_version: 2,
      message_ids: [messages[0]!.message_id],
      reason: null,
    },
  ]);
});

test.each<[string, object, string]>([
  ["text", { body: "Hi {{name}}!", variables: { name: { path: "data.first_name" } } }, "Hi Mara!"],
  ["a number", { body: "{{n}} seats", variables: { n: { path: "data.plan.seats" } } }, "3 seats"],
  ["a list's item", { body: "{{t}}", variables: { t: { path: "data.tags.0" } } }, "new"],
  [
    "an attribute",
    { body: "{{i}} of {{s}}", variables: { i: { path: "id" }, s: { path: "source" } } },
    "e1 of /crm",
  ],
  ["what looks like a replacement pattern", { body: "{{x}}", variables: { x: { value: "$& $1" } } }, "$& $1"],
])("%s is put into the body", (_, text, body) => {
  const { messages } = consider(event(), rule({ text }));
  expect(messages[0]?.content.text?.body).toBe(body);
});

const failures: [string, Partial<DomainEvent>, object, string][] = [
  ["a value is absent", { data: '{"phone":"+15551234567"}' }, {}, "variable_missing"],
  ["a value is null", { data: '{"phone":"+15551234567","first_name":null}' }, {}, "variable_missing"],
  ["a value is blank", { data: '{"phone":"+15551234567","first_name":" "}' }, {}, "variable_missing"],
  ["a value is an object", { data: '{"phone":"+15551234567","first_name":{}}' }, {}, "variable_missing"],
  ["the recipient is absent", { data: '{"first_name":"Mara"}' }, {}, "variable_missing"],
  ["the recipient is nonsense", { data: '{"phone":"soon","first_name":"Mara"}' }, {}, "recipient_invalid"],
  ["the session is not the tenant's", {}, { session_id: "ses_9" }, "session_unknown"],
  [
    "the text gets too long",
    { data: JSON.stringify({ phone: "+15551234567", first_name: "x".repeat(5000) }) },
    {},
    "invalid_record",
  ],
];
test.each(failures)("%s: no message, and the outcome says why", (_, fields, message, code) => {
  const text = { body: "Hi {{name}}", variables: { name: { path: "data.first_name" } } };
  const { messages, outcomes } = consider(event(fields), rule({ text, ...message }));
  expect(messages).toEqual([]);
  expect(outcomes).toMatchObject([{ outcome: "failed", rule: "rul_1", reason: { code } }]);
});

test.each<[string, object, string]>([
  ["the values do not fit its template", { state: "approved" }, "template_mismatch"],
  ["its template is in review", { state: "pending" }, "template_unavailable"],
])("%s: no message, and the outcome says why", (_, over, code) => {
  const body = { kind: "body", format: null, sub_type: null, index: null, parameters: ["1", "2", "3"] };
  const template = { category: "utility", named: false, parts: [body], whole: true, body_parameters: 3 };
  const strict = { ...world, template: () => ({ ...template, ...over }) as KnownTemplate };
  const { messages, outcomes } = considerBy(event(), [welcome], reading, strict);
  expect(messages).toEqual([]);
  expect(outcomes).toMatchObject([{ outcome: "failed", rule: "rul_1", reason: { code } }]);
});

test("a rule that fails does not take the event's other rules with it", () => {
  const broken = rule({ text: { body: "{{x}}", variables: { x: { path: "data.none" } } } }, { id: "rul_0" });
  const { messages, outcomes } = consider(event(), broken, welcome);
  expect(messages).toHaveLength(1);
  expect(outcomes.map((one) => one.outcome)).toEqual(["failed", "messages"]);
});

test("no rule is an outcome too", () => {
  expect(consider(event())).toMatchObject({
    messages: [],
    outcomes: [{ outcome: "no_rule", rule: null, reason: { code: "no_rule" } }],
    unusable: null,
  });
});

test.each<[string, string, object]>([
  ["that holds", "data.plan.seats > 2", { outcome: "messages" }],
  [
    "that does not hold",
    "data.plan.seats > 9",
    { outcome: "condition_false", reason: { code: "condition_false" } },
  ],
  [
    "on what the event lacks",
    "data.company.size > 9",
    {
      outcome: "failed",
      reason: { code: "variable_missing", detail: "The event has no value at data.company." },
    },
  ],
  ["that is no yes or no", "data.first_name", { outcome: "failed", reason: { code: "expression_failed" } }],
])("a condition %s: the outcome says so", (_, condition, outcome) => {
  expect(consider(event(), { ...welcome, condition }).outcomes).toMatchObject([outcome]);
});

const sequence: Rule = {
  ...ruleDefinition.parse({
    name: "Onboarding",
    event_type: "user_onboarded",
    steps: [
      { message: { to: { path: "data.phone" }, text: { body: "Welcome" } } },
      { after_s: 3_600, message: { to: { path: "data.phone" }, text: { body: "Still there?" } } },
      {
        after_s: 7_200,
        condition: "data.plan.seats > 9",
        message: { to: { path: "data.phone" }, text: { body: "A large team" } },
      },
    ],
    cancel_on: [{ event_type: "user_active", condition: "data.times > 1" }],
  }),
  id: "rul_1",
  tenant: "acme",
  version: 4,
};

test("of several steps the first is made, the later one waits from when the event came in, and each is told of", () => {
  const { messages, outcomes, runs } = consider(event(), sequence);
  expect(messages.map((one) => one.rule_step)).toEqual([0]);
  expect(outcomes).toMatchObject([
    { outcome: "messages", step: 0 },
    { outcome: "condition_false", step: 2 },
  ]);
  const dueAt = nowMs - 10 + 3_600_000;
  expect(runs).toMatchObject([
    {
      retrigger: "restart",
      waiting: [
        {
          step: 1,
          dueAt,
          request: { to: "+15551234567", text: { body: "Still there?" } },
          scheduled: { outcome: "scheduled", step: 1, due_at: dueAt },
        },
      ],
    },
  ]);
  const ids = [...outcomes.map((one) => one.event_id), runs[0]!.waiting[0]!.scheduled.event_id];
  expect(new Set(ids).size).toBe(3);
});

test("what a waiting step lacks is told when the event comes, not when the step is due", () => {
  const late = {
    ...sequence,
    steps: [
      { ...sequence.steps![1]!, message: { ...sequence.steps![1]!.message, to: { path: "data.mobile" } } },
    ],
    key: { path: "id" },
  };
  const { outcomes, runs } = consider(event(), late);
  expect(outcomes).toMatchObject([{ outcome: "failed", reason: { code: "variable_missing" } }]);
  expect(runs).toMatchObject([{ waiting: [] }]);
});

const active = (data: object) => event({ event_id: "e2", type: "user_active", data: JSON.stringify(data) });
const callsOff = (data: object, versions: Rule[] = [sequence]) =>
  considerEvent(active(data), { rules: [], calledOff: versions }, reading, world);

test("an event calls off the steps of the same person, however the number is written, under each token key", () => {
  const keys = consider(event(), sequence).runs[0]!.keys;
  expect(keys).toHaveLength(2);
  const { callOffs, outcomes } = callsOff({ phone: "+1 555 123-4567", times: 2 });
  expect(callOffs).toMatchObject([{ rule: "rul_1", of: [{ version: 4, keys }] }]);
  expect(outcomes).toEqual([]);
});

test.each<[string, object, object]>([
  ["whose condition does not hold", { phone: "+15551234567", times: 1 }, { outcome: "condition_false" }],
  ["that names nobody", { times: 2 }, { outcome: "failed", reason: { code: "variable_missing" } }],
])("an event %s calls nothing off, and the outcome says why", (_, data, outcome) => {
  const { callOffs, outcomes } = callsOff(data);
  expect(callOffs).toEqual([]);
  expect(outcomes).toMatchObject([{ ...outcome, rule: "rul_1" }]);
});

test("a key of the rule's own is matched by what the other event calls it", () => {
  const carts: Rule = {
    ...sequence,
    key: { path: "data.plan.seats" },
    cancel_on: [{ event_type: "user_active", match: { expr: "data.n + 1" } }],
  };
  const { keys } = consider(event(), carts).runs[0]!;
  expect(callsOff({ n: 2 }, [carts]).callOffs).toMatchObject([{ of: [{ keys }] }]);
  expect(callsOff({ n: 3 }, [carts]).callOffs[0]!.of[0]!.keys).not.toEqual(keys);
});

test("what an object inherits is not a value", () => {
  const data: unknown = Object.create({ inherited: "x" });
  const view = { data, id: "e1", source: "/crm", type: "t", subject: null, time: "" };
  for (const name of ["inherited", "constructor.name", "__proto__.inherited"])
    expect(textAt(view, `data.${name}`)).toBeNull();
});

test("an event read twice makes the same ids, whenever it is read and whatever became of the rule", () => {
  const first = consider(event(), welcome);
  const again = considerBy(
    event(),
    [rule({ text: { body: "Hi" } }, { version: 3 })],
    { ...reading, nowMs: nowMs + 60_000 },
    world,
  );
  expect(again.messages[0]?.message_id).toBe(first.messages[0]?.message_id);
  expect(again.messages[0]?.fingerprint).toBe(first.messages[0]?.fingerprint);
  expect(again.messages[0]?.not_after).toBe(first.messages[0]?.not_after);
  expect(again.outcomes[0]?.event_id).toBe(first.outcomes[0]?.event_id);
});

test.each<[string, Partial<DomainEvent>]>([
  ["the same id of another source", { source: "/shop" }],
  ["another id", { event_id: "e2" }],
  ["another tenant", { tenant: "globex" }],
])("%s is another event", (_, fields) => {
  const [mine, other] = [event(), event(fields)].map((one) => consider(one, welcome).outcomes[0]?.event_id);
  expect(other).not.toBe(mine);
});

test.each<[string, Partial<DomainEvent>]>([
  ["data that is not JSON", { data: "{" }],
  ["data that is a list", { data: "[]" }],
  ["an empty id", { event_id: "" }],
  ["U+0000 in its type", { type: "a\0b" }],
  ["a time nobody can hold", { occurred_at: Number.MAX_SAFE_INTEGER }],
  ["a tenant that names several", { tenant: "acme,globex" }],
  ["a tenant that names all", { tenant: "*" }],
])("a record with %s is unusable, not an exception", (_, fields) => {
  const considered = consider(event(fields), welcome);
  expect(considered.unusable?.code).toBe("invalid_record");
  expect(considered.messages).toEqual([]);
});

test("whatever a producer writes, the partition goes on", () => {
  const anything: fc.Arbitrary<DomainEvent> = fc.record({
    event_id: fc.string(),
    tenant: fc.constantFrom("acme", "globex", "", "*"),
    source: fc.string(),
    type: fc.string(),
    subject: fc.option(fc.string()),
    occurred_at: fc.maxSafeInteger(),
    data: fc.oneof(fc.string(), fc.json()),
    received_at: fc.option(fc.maxSafeInteger()),
  });
  fc.assert(
    fc.property(anything, (one) => {
      const { messages, outcomes, unusable } = consider(one, welcome);
      expect(messages.length + outcomes.length + (unusable === null ? 0 : 1)).toBeGreaterThan(0);
    }),
  );
});
