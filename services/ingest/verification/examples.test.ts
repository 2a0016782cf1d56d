// The rules of examples/rules, each against its sample events, as POST /v1/rules/dry-run would answer.
import { readdirSync, readFileSync } from "node:fs";
import type { DomainEvent } from "@wamesh/events";
import { expect, test } from "vitest";
import { z } from "zod";
import type { World } from "../src/decide.ts";
import { cloudEvent, domainEventOf } from "../src/events/cloud-event.ts";
import { considerEvent } from "../src/events/consider-event.ts";
import { dryRun } from "../src/rules/dry-run.ts";
import { type Rule, ruleDefinition } from "../src/rules/rule.ts";

const folder = new URL("../../../examples/rules/", import.meta.url);
const file = z.strictObject({ rule: ruleDefinition, events: z.array(cloudEvent).min(1) });
const nowMs = Date.parse("2026-11-21T00:00:00Z");
const reading = { loggedAtMs: nowMs, nowMs, tokenKeys: ["k"] };
const session = { session: "ses_1", tenant: "acme", account: "acc_1", provider: "cloud_api" } as const;
const world: World = {
  session: () => undefined,
  sessionsInPool: () => [{ ...session, status: "connected", otp_only: false }],
  optedOut: () => null,
  template: () => undefined,
  templatesListed: () => false,
};

function example(name: string): { rule: Rule; events: DomainEvent[] } {
  const { rule, events } = file.parse(JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")));
  return {
    rule: { ...rule, id: "rul_1", tenant: "acme", version: 1 },
    events: events.map((one) => domainEventOf(one, "acme", nowMs)),
  };
}

/** Per event, per step: outcome, seconds until due, recipient, and the template with its values or the text. */
function made(name: string): string[][] {
  const { rule, events } = example(name);
  return dryRun(rule, events, reading, world).map(({ results }) =>
    results.map(({ outcome, message }) => {
      const after = outcome.due_at === null ? "now" : `+${(outcome.due_at - nowMs) / 1_000}s`;
      if (message === null) return `${outcome.outcome} ${outcome.reason?.code}`;
      const { template, text } = message.content;
      const values = template?.components.flatMap((one) => one.parameters.map(({ value }) => value)) ?? [];
      return [after, message.recipient.value, template?.name ?? text?.body, ...values].join(" | ");
    }),
  );
}

const expected: Record<string, string[][]> = {
  "onboarding-sequence": [
    [
      "now | +15551230001 | welcome | Mara",
      "+86400s | +15551230001 | first_steps | Mara",
      "+259200s | +15551230001 | invite_your_team | Mara | 5",
    ],
    [
      "now | +15551230002 | welcome | Otto",
      "+86400s | +15551230002 | first_steps | Otto",
      "condition_false condition_false",
    ],
  ],
  "abandoned-cart": [
    [
      "+3600s | +15551230003 | cart_reminder | Ines | Lamp, Desk",
      "+86400s | +15551230003 | cart_discount | Ines | CART10",
    ],
    ["condition_false condition_false"],
  ],
  renewal: [
    [
      "now | +15551230005 | renewal_notice | Lea | 2026-11-27",
      "+432000s | +15551230005 | renewal_reminder | Lea",
      "+604800s | +15551230005 | renewal_last_day | Lea",
    ],
    ["condition_false condition_false"],
  ],
  "usage-alert": [
    ["now | +15551230007 | usage_alert | 85 % | Storage"],
    ["condition_false condition_false"],
    ["failed variable_missing"],
  ],
  "support-alert": [
    [
      "now | +15551230008 | URGENT: Checkout is down (https://support.example/41)",
      "+900s | +15551230009 | support_unanswered | Checkout is down | https://support.example/41",
    ],
    ["condition_false condition_false"],
  ],
};

test.each(Object.entries(expected))(
  "the example %s makes these messages of its samples",
  (name, messages) => {
    expect(made(name)).toEqual(messages);
  },
);

test("every example is run here", () => {
  expect(readdirSync(folder).sort()).toEqual(
    Object.keys(expected)
      .map((name) => `${name}.json`)
      .sort(),
  );
});

const ends: [string, string, Partial<DomainEvent>][] = [
  ["onboarding-sequence", "user_active", { data: '{"phone":"+1 555 123 0001","sessions":3}' }],
  ["abandoned-cart", "order_placed", { data: '{"cart_id":"cart-77"}' }],
  ["abandoned-cart", "cart_emptied", { subject: "cart-77" }],
  ["renewal", "subscription_renewed", { data: '{"subscription_id":"sub-9"}' }],
  ["support-alert", "ticket_answered", { subject: "ticket-41" }],
];
test.each(ends)("the example %s is ended by %s of the same person or thing", (name, type, fields) => {
  const { rule, events } = example(name);
  const begun = considerEvent(events[0]!, { rules: [rule], calledOff: [] }, reading, world).begun[0]!;
  const end: DomainEvent = { ...events[0]!, event_id: "end", subject: null, data: "{}", ...fields, type };
  const { callOffs } = considerEvent(end, { rules: [], calledOff: [rule] }, reading, world);
  expect(callOffs).toMatchObject([{ of: [{ keys: begun.run!.keys }] }]);
});
