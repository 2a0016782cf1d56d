/** Templates as the API spells them; components as the provider's documentation does. */
import { z } from "@hono/zod-openapi";
import { problem } from "@wamesh/http";
import type { Category, TemplateContent } from "../../templates/content.ts";
import { mistakesIn } from "../../templates/rules.ts";
import type { TemplateRow } from "../../templates/store.ts";

/** Longer than any limit of the provider's: those are judged by the rules, which name them. */
const text = z.string().max(4_096);
const namedSamples = z.array(z.strictObject({ param_name: text, example: text })).max(64);

const header = z.strictObject({
  type: z.literal("HEADER"),
  format: z.enum(["TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION"]),
  text: text.optional(),
  example: z
    .strictObject({
      header_text: z.array(text).max(64).optional(),
      header_text_named_params: namedSamples.optional(),
      header_handle: z.array(text).max(4).optional(),
    })
    .optional(),
});

const body = z.strictObject({
  type: z.literal("BODY"),
  text: text.optional(),
  add_security_recommendation: z.boolean().optional(),
  example: z
    .strictObject({
      body_text: z.array(z.array(text).max(64)).max(1).optional(),
      body_text_named_params: namedSamples.optional(),
    })
    .optional(),
});

const footer = z.strictObject({
  type: z.literal("FOOTER"),
  text: text.optional(),
  code_expiration_minutes: z.int().optional(),
});

const button = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("QUICK_REPLY"), text }),
  z.strictObject({
    type: z.literal("URL"),
    text,
    url: text,
    example: z.array(text).max(4).optional(),
  }),
  z.strictObject({ type: z.literal("PHONE_NUMBER"), text, phone_number: text }),
  z.strictObject({ type: z.literal("COPY_CODE"), example: text }),
  z.strictObject({ type: z.literal("CATALOG"), text }),
  z.strictObject({
    type: z.literal("FLOW"),
    text,
    flow_id: text,
    flow_action: text.optional(),
    navigate_screen: text.optional(),
  }),
  z.strictObject({
    type: z.literal("OTP"),
    otp_type: z.enum(["COPY_CODE", "ONE_TAP", "ZERO_TAP"]),
    text: text.optional(),
    autofill_text: text.optional(),
    zero_tap_terms_accepted: z.boolean().optional(),
    supported_apps: z
      .array(z.strictObject({ package_name: text, signature_hash: text }))
      .max(16)
      .optional(),
  }),
]);

const buttons = z.strictObject({ type: z.literal("BUTTONS"), buttons: z.array(button).max(64) });

const carousel = z.strictObject({
  type: z.literal("CAROUSEL"),
  cards: z
    .array(
      z.strictObject({
        components: z
          .array(z.discriminatedUnion("type", [header, body, buttons]))
          .min(1)
          .max(16),
      }),
    )
    .max(64),
});

const limitedTimeOffer = z.strictObject({
  type: z.literal("LIMITED_TIME_OFFER"),
  limited_time_offer: z.strictObject({ text, has_expiration: z.boolean().optional() }),
});

export const components = z
  .array(z.discriminatedUnion("type", [header, body, footer, buttons, carousel, limitedTimeOffer]))
  .min(1)
  .max(16)
  .describe("As in the provider's documentation.");

export const categoryName = z.enum(["marketing", "utility", "authentication"]);
export const ttlS = z
  .int()
  .describe("Seconds that a message of it is worth delivering; -1: 30 days. Left out: the provider's time.");

const accountId = z.string().regex(/^acc_[a-z0-9]{16}$/, "an account's id, as sessions show it");
const sessionId = z.string().regex(/^ses_[a-z0-9]{16}$/, "a session's id");
/** Templates belong to an account; a session names its own. */
export const ofAccount = { account: accountId.optional(), session_id: sessionId.optional() };

type Named = { account?: string | undefined; session_id?: string | undefined };

export function accountNamed({ account, session_id }: Named): { account: string } | { session: string } {
  if (account !== undefined && session_id === undefined) return { account };
  if (session_id !== undefined && account === undefined) return { session: session_id };
  throw problem("invalid_body", {
    detail: "Name an account or a session_id, one of them.",
    errors: [
      {
        field: account === undefined ? "session_id" : "account",
        problem: account === undefined ? "is required, or account" : "stands beside session_id",
        remedy: "Name an account or a session_id, one of them.",
      },
    ],
  });
}

export function unknownAccount({ account }: Named) {
  const [field, code] = account === undefined ? ["session_id", "session"] : ["account", "account"];
  return problem("unknown_session", {
    detail: `You have no ${code} with this id.`,
    errors: [{ field, problem: "is not one of yours", remedy: "List yours with GET /v1/sessions." }],
  });
}

export function withoutTemplates({ account }: Named) {
  return problem("not_supported", {
    detail: "WasenderApi has no templates.",
    errors: [
      {
        field: account === undefined ? "session_id" : "account",
        problem: "is WasenderApi's, which has no templates",
        remedy: "Name a Cloud API account or session.",
      },
    ],
  });
}

/** Throws template_invalid when it breaks a rule of the provider's. */
export function checked(content: TemplateContent): TemplateContent {
  const mistakes = mistakesIn(content);
  if (mistakes.length === 0) return content;
  const [first] = mistakes;
  throw problem("template_invalid", {
    detail:
      mistakes.length === 1 ? `${first!.field} ${first!.problem}.` : `There are ${mistakes.length} mistakes.`,
    errors: mistakes.slice(0, 50),
  });
}

export function notNow(obstacle: { problem: string; remedy: string }) {
  return problem("conflict", {
    detail: `The template ${obstacle.problem}.`,
    errors: [{ field: "state", ...obstacle }],
  });
}

export const templateStates = [
  "draft",
  "submitting",
  "pending",
  "approved",
  "rejected",
  "paused",
  "disabled",
  "deleting",
] as const;

export const templateAnswer = z
  .object({
    id: z.string(),
    tenant: z.string(),
    account: z.string(),
    name: z.string(),
    language: z.string(),
    category: categoryName,
    parameter_format: z.enum(["positional", "named"]),
    components: z.array(z.looseObject({})),
    message_send_ttl_s: z.int().nullable(),
    state: z
      .enum(templateStates)
      .describe("submitting: the provider is about to be told. Only approved templates can be sent."),
    reason: z.string().describe("Why it was rejected or paused, or why a change was not taken."),
    quality: z.string().nullable().describe("green, yellow, red or unknown, as the provider judges it."),
    waiting_for: z.string().describe("Why the provider could not be told yet; it is tried again."),
    provider_id: z.string().nullable(),
    version: z.int(),
    created_at: z.iso.datetime(),
    changed_at: z.iso.datetime(),
  })
  .openapi("Template");

export function templateJson(row: TemplateRow): z.input<typeof templateAnswer> {
  return {
    id: row.id,
    tenant: row.tenant,
    account: row.account,
    name: row.name,
    language: row.language,
    category: row.category satisfies Category,
    parameter_format: row.named ? "named" : "positional",
    components: row.components as Record<string, unknown>[],
    message_send_ttl_s: row.ttl_s,
    // A deleted one is never found.
    state: row.state as (typeof templateStates)[number],
    reason: row.reason,
    quality: row.quality,
    waiting_for: row.task_detail,
    provider_id: row.provider_id,
    version: row.version,
    created_at: row.created_at.toISOString(),
    changed_at: row.changed_at.toISOString(),
  };
}

export const templatePath = z.object({ id: z.string().regex(/^tpl_[a-z0-9]{16}$/) });
