/** What a client asks for when it makes a campaign: one message, its values out of the columns of a list. */
import { z } from "@hono/zod-openapi";
import { template, textBody, variableName, variableText } from "../content-request.ts";
import { categoryName, messageShape, poolName, sessionId, ttlSeconds } from "../message-request.ts";
import { placeholder } from "../rules/rule-message.ts";

export const columnName = z.string().trim().min(1).max(64);

/** A column of the list, or the same for all. */
const valueSource = z.union([
  z.strictObject({ column: columnName }),
  z.strictObject({ value: variableText }),
]);
export type ValueSource = z.output<typeof valueSource>;

const campaignTemplate = z.strictObject({
  name: template.shape.name,
  language: template.shape.language.describe("Of recipients without a locale of their own."),
  variables: z
    .union([z.array(valueSource).max(64), z.record(variableName, valueSource)])
    .optional()
    .describe("Values of the body: a list for numbered variables, an object for named ones."),
  components: template.shape.components.describe(
    'As in /v1/messages; the value of a parameter may be {"column": "code"}, of the recipient.',
  ),
});
export type CampaignTemplate = z.output<typeof campaignTemplate>;

export const recipientShape = z.strictObject({
  to: messageShape.shape.to,
  variables: z.record(columnName, z.string().max(4096)).optional(),
  external_ref: z.string().min(1).max(256).optional(),
  locale: z.string().min(2).max(16).optional(),
});
/** Beyond it, a list is uploaded as CSV. */
export const maxRecipients = 1000;
export const recipientList = z.array(recipientShape).min(1).max(maxRecipients);

const messageFields = {
  session_id: sessionId.optional(),
  pool: poolName.optional().describe("Without session_id; default is the pool `default`."),
  template: campaignTemplate.optional(),
  text: z
    .strictObject({
      body: textBody,
      preview_url: z.boolean().default(false),
      variables: z.record(variableName, valueSource).default({}),
    })
    .optional(),
  fallback: campaignTemplate
    .optional()
    .describe("Template that is sent instead of the text outside the 24-hour window. Cloud API only."),
  category: categoryName.optional(),
  ttl_s: ttlSeconds
    .optional()
    .describe("Of each message, from when the campaign makes it; default three days."),
};

const otherFields = {
  name: z.string().trim().min(1).max(128),
  audience_id: z.string().min(1).max(64).optional(),
  send_at: z.iso.datetime({ offset: true }).optional().describe("When it begins, once it was started."),
  rate_per_s: z
    .number()
    .min(0.01)
    .max(10_000)
    .optional()
    .describe("Messages per second at most, over all its sessions; each session keeps its own pace."),
  stop_on: z
    .strictObject({ failure_ratio: z.number().gt(0).max(1), after: z.int().min(1).max(1_000_000) })
    .optional()
    .describe("Pauses it when, of at least `after` messages, more than this share has failed."),
  external_ref: z.string().min(1).max(256).optional(),
};

export const campaignMessage = z.strictObject(messageFields);
export type CampaignMessage = z.output<typeof campaignMessage>;

export const campaignRequest = z
  .strictObject({ ...otherFields, recipients: recipientList.optional(), ...messageFields })
  .superRefine((asked, context) => {
    const refuse = (path: string, problem: string) =>
      context.addIssue({ code: "custom", path: path.split("."), message: problem, input: asked });
    if ((asked.audience_id === undefined) === (asked.recipients === undefined))
      refuse("audience_id", "audience_id or recipients, one of them");
    checkMessage(asked, refuse);
  })
  .openapi("CampaignRequest", {
    example: {
      name: "November news",
      recipients: [{ to: "+15551234567", variables: { first_name: "Mara" } }],
      template: { name: "welcome", language: "en_US", variables: [{ column: "first_name" }] },
    },
  });

const orNone = <Field extends z.ZodType>(field: Field) => field.nullable();

/** A field that is left out stays as it is, null takes it away. */
export const campaignChange = z
  .strictObject({
    name: otherFields.name.optional(),
    audience_id: otherFields.audience_id,
    send_at: orNone(otherFields.send_at),
    rate_per_s: orNone(otherFields.rate_per_s),
    stop_on: orNone(otherFields.stop_on),
    external_ref: orNone(otherFields.external_ref),
    session_id: orNone(messageFields.session_id),
    pool: orNone(messageFields.pool),
    template: orNone(messageFields.template),
    text: orNone(messageFields.text),
    fallback: orNone(messageFields.fallback),
    category: orNone(messageFields.category),
    ttl_s: orNone(messageFields.ttl_s),
  })
  .openapi("CampaignChange", { example: { name: "December news" } });
export type CampaignChange = z.output<typeof campaignChange>;

export type CampaignRequest = z.output<typeof campaignRequest>;

/** What holds of the message as a whole, also after a change. */
export function checkMessage(
  message: CampaignMessage,
  refuse: (path: string, problem: string) => void,
): void {
  if (message.text === undefined && message.template === undefined)
    refuse("template", "template or text is required");
  if (message.text !== undefined && message.template !== undefined)
    refuse("text", "send text or template, not both");
  if (message.template !== undefined && message.fallback !== undefined)
    refuse("fallback", "a template needs none");
  if (message.session_id !== undefined && message.pool !== undefined)
    refuse("pool", "name a session_id or a pool, not both");
  for (const at of ["template", "fallback"] as const) {
    const { variables, components = [] } = message[at] ?? {};
    if (variables !== undefined && components.some((part) => part.kind === "body"))
      refuse(`${at}.variables`, "variables are the body's values: leave the body component out");
  }
  if (message.text === undefined) return;
  const used = new Set([...message.text.body.matchAll(placeholder)].map((match) => match[1]!));
  const given = new Set(Object.keys(message.text.variables));
  for (const name of used)
    if (!given.has(name)) refuse(`text.variables.${name}`, `the body uses {{${name}}}, which is not given`);
  for (const name of given)
    if (!used.has(name)) refuse(`text.variables.${name}`, `the body never uses {{${name}}}`);
}
