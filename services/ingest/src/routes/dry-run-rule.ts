import { z } from "@hono/zod-openapi";
import type { DomainEvent, OutboundMessage } from "@wamesh/events";
import { type ApiRoute, problem, route } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import type { DoorDeps } from "../door.ts";
import { cloudEvent, domainEventOf } from "../events/cloud-event.ts";
import { recipientsOf } from "../events/consider-event.ts";
import { mostRecent, type RecentEvents } from "../events/recent-events.ts";
import { checkRule } from "../rules/check-rule.ts";
import { dryRun, type Tried } from "../rules/dry-run.ts";
import { type Rule, ruleDefinition } from "../rules/rule.ts";
import type { RuleDeps } from "../rules/rule-changes.ts";
import { findRule } from "../rules/rules-store.ts";

const templateView = z.object({
  name: z.string(),
  language: z.string(),
  values: z.array(z.string()).describe("In the template's order."),
});

const messageView = z.object({
  to: z.string(),
  session_id: z.string(),
  lane: z.string(),
  category: z.string().nullable(),
  text: z.string().nullable(),
  template: templateView.nullable(),
  fallback: templateView.nullable(),
});

const resultView = z.object({
  step: z.int().nullable(),
  outcome: z.string().describe("messages, scheduled, condition_false, failed, no_rule"),
  due_at: z.iso.datetime().nullable(),
  reason: z.object({ code: z.string(), detail: z.string() }).nullable(),
  message: messageView.nullable(),
});

const body = z
  .strictObject({
    rule: ruleDefinition.optional(),
    rule_id: z.string().min(1).max(64).optional(),
    events: z.array(cloudEvent).min(1).max(100).optional(),
    last: z
      .int()
      .min(1)
      .max(mostRecent)
      .optional()
      .describe("Instead of events: the last ones of the rule's type within a day."),
  })
  .superRefine(({ rule, rule_id, events, last }, context) => {
    const one = (names: [string, string], given: [unknown, unknown]) => {
      if ((given[0] === undefined) === (given[1] === undefined))
        context.addIssue({ code: "custom", path: [names[0]], message: `${names.join(" or ")}, one of them` });
    };
    one(["rule", "rule_id"], [rule, rule_id]);
    one(["events", "last"], [events, last]);
  })
  .openapi({
    example: {
      rule: {
        name: "welcome",
        event_type: "user_onboarded",
        message: {
          to: { path: "data.phone" },
          text: { body: "Hi {{name}}", variables: { name: { path: "data.first_name" } } },
        },
      },
      events: [
        {
          specversion: "1.0",
          id: "7f3c",
          source: "/crm",
          type: "user_onboarded",
          data: { phone: "+15551234567", first_name: "Mara" },
        },
      ],
    },
  });

export function dryRunRule(
  deps: RuleDeps & Pick<DoorDeps, "lastSessions"> & { tokenKeys: readonly string[]; recent: RecentEvents },
): ApiRoute {
  return route({
    method: "post",
    path: "/v1/rules/dry-run",
    scope: "rules:write",
    summary: "See what a rule would make of events",
    description:
      "Of sample events, or of the last ones of the rule's type. Nothing is sent and nothing saved. Each step is judged as if it " +
      "were due now; waiting steps of earlier events are not looked at.",
    maxBodyBytes: 1024 * 1024,
    body,
    success: {
      status: 200,
      description: "What each event would make, or why not.",
      body: z.object({
        warnings: z.array(z.object({ field: z.string(), problem: z.string(), remedy: z.string() })),
        events: z.array(z.object({ id: z.string(), source: z.string(), results: z.array(resultView) })),
      }),
    },
    handle: async ({ caller: { tenant }, body, note }) => {
      const rule = await ruleIn(deps, tenant, body);
      const warnings = checkRule(deps.world, tenant, rule);
      const nowMs = deps.now();
      const events =
        body.events?.map((one) => domainEventOf(one, tenant, nowMs)) ??
        (await recentOf(deps, tenant, rule.event_type, body.last!));
      note({ events: events.length });
      const recipients = events.flatMap((event) => recipientsOf(event, [rule], () => true));
      const wroteTo = await deps.lastSessions(tenant, recipients);
      const reading = { loggedAtMs: nowMs, nowMs, tokenKeys: deps.tokenKeys, wroteTo: () => wroteTo };
      return { body: { warnings, events: dryRun(rule, events, reading, deps.world).map(viewTried) } };
    },
  });
}

async function ruleIn(deps: RuleDeps, tenant: string, given: z.output<typeof body>): Promise<Rule> {
  if (given.rule !== undefined) return { ...given.rule, id: "rul_dry_run", tenant, version: 0 };
  const rule = await withTenants(deps.sql, [tenant], (tx) => findRule(tx, tenant, given.rule_id!));
  if (rule === undefined) throw problem("not_found");
  return rule;
}

async function recentOf(
  { recent }: { recent: RecentEvents },
  tenant: string,
  type: string,
  most: number,
): Promise<DomainEvent[]> {
  try {
    return await recent.last(tenant, type, most);
  } catch (cause) {
    const detail = "The last events can't be read at the moment; sample events can be tried.";
    throw problem("store_unavailable", { detail, retryAfterS: 2 }, { cause });
  }
}

function viewTried({ event, results }: Tried) {
  return {
    id: event.event_id,
    source: event.source,
    results: results.map(({ outcome, message }) => ({
      step: outcome.step,
      outcome: outcome.outcome,
      due_at: outcome.due_at === null ? null : new Date(outcome.due_at).toISOString(),
      reason: outcome.reason && { code: outcome.reason.code, detail: outcome.reason.detail },
      message: message && viewMessage(message),
    })),
  };
}

function viewMessage({ recipient, session, lane, category, content, fallback }: OutboundMessage) {
  return {
    to: recipient.value,
    session_id: session,
    lane,
    category,
    text: content.text?.body ?? null,
    template: viewTemplate(content.template),
    fallback: viewTemplate(fallback),
  };
}

function viewTemplate(template: OutboundMessage["fallback"]) {
  if (template === null) return null;
  const { name, language, components } = template;
  return { name, language, values: components.flatMap((one) => one.parameters.map(({ value }) => value)) };
}
