/** The message that a rule's step makes, with the places of the event that its values come from. */
import { z } from "@hono/zod-openapi";
import { languageCode, templateName, textBody, variableName } from "../content-request.ts";
import {
  categoryName,
  doubtPolicyName,
  laneName,
  poolName,
  sessionId,
  ttlSeconds,
} from "../message-request.ts";
import { eventValue, valueSource } from "./value-source.ts";

const ruleTemplate = z.strictObject({
  name: templateName,
  language: languageCode,
  variables: z.union([z.array(valueSource).max(64), z.record(variableName, valueSource)]).optional(),
});
export type RuleTemplate = z.output<typeof ruleTemplate>;

const messageShape = z.strictObject({
  to: eventValue,
  lane: laneName.default("standard"),
  session_id: sessionId.optional(),
  pool: poolName.optional(),
  ttl_s: ttlSeconds.optional(),
  category: categoryName.optional(),
  doubt_policy: doubtPolicyName.optional(),
  text: z
    .strictObject({
      body: textBody,
      preview_url: z.boolean().default(false),
      variables: z.record(variableName, valueSource).default({}),
    })
    .optional(),
  template: ruleTemplate.optional(),
  fallback: ruleTemplate
    .optional()
    .describe(
      "Template that is sent instead of the text when the recipient has not written to the session within 24 hours. Cloud API only.",
    ),
});

/** `{{name}}` in a text body. */
export const placeholder = /\{\{\s*([A-Za-z][A-Za-z0-9_]*)\s*\}\}/g;

export const ruleMessage = messageShape.superRefine((message, context) => {
  const refuse = (path: string, problem: string) =>
    context.addIssue({ code: "custom", path: path.split("."), message: problem, input: message });
  if (message.text === undefined && message.template === undefined)
    refuse("text", "text or template is required");
  if (message.text !== undefined && message.template !== undefined)
    refuse("template", "send text or template, not both");
  if (message.template !== undefined && message.fallback !== undefined)
    refuse("fallback", "a template needs none");
  if (message.session_id !== undefined && message.pool !== undefined)
    refuse("pool", "name a session_id or a pool, not both");
  if (message.lane === "otp" && message.category === "marketing")
    refuse("lane", "marketing does not travel on the otp lane");
  if (message.text !== undefined) {
    const used = new Set([...message.text.body.matchAll(placeholder)].map((match) => match[1]!));
    const given = new Set(Object.keys(message.text.variables));
    for (const name of used)
      if (!given.has(name)) refuse(`text.variables.${name}`, `the body uses {{${name}}}, which is not given`);
    for (const name of given)
      if (!used.has(name)) refuse(`text.variables.${name}`, `the body never uses {{${name}}}`);
  }
});
export type RuleMessage = z.output<typeof ruleMessage>;
