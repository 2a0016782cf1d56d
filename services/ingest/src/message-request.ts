/**
 * What a client asks for when it sends a message: the shape of POST /v1/messages and of each item of a batch. That texts
 * can be stored, and objects are not nested without end, packages/http has seen to for the whole body.
 */
import { z } from "@hono/zod-openapi";

export const maxTtlS = 30 * 24 * 3600;

export const laneName = z.enum(["otp", "standard", "bulk"]);
export const categoryName = z.enum(["marketing", "utility", "authentication"]);
export const doubtPolicyName = z.enum(["fail_unknown", "resend"]);
export const ttlSeconds = z.int().min(1).max(maxTtlS);
export const poolName = z.string().min(1).max(64);
export const sessionId = z.string().min(1).max(64);
/** WhatsApp's limit for a text body. */
export const textBody = z.string().min(1).max(4096);
export const variableText = z.string().min(1).max(1024);
export const templateName = z
  .string()
  .regex(/^[a-z0-9_]{1,512}$/, "lower-case letters, digits and underscores only");
export const languageCode = z.string().regex(/^[a-z]{2,3}(_[A-Za-z]{2,4})?$/, "a code like en or en_US");
export const variableName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, "letters, digits, underscores");

/** Links, amounts and dates fit easily; files travel by id or address. */
function isSmall(object: object): boolean {
  return JSON.stringify(object).length <= 8192;
}

const parameter = z.strictObject({
  kind: z
    .enum([
      "text",
      "payload",
      "currency",
      "date_time",
      "image",
      "video",
      "document",
      "location",
      "coupon_code",
    ])
    .default("text"),
  name: variableName.optional(),
  value: z.union([variableText, z.record(z.string(), z.unknown()).refine(isSmall, "is too large")]),
});

const component = z.strictObject({
  kind: z.enum(["header", "body", "button"]),
  sub_type: z.enum(["quick_reply", "url", "copy_code"]).optional(),
  index: z.int().min(0).max(9).optional(),
  parameters: z.array(parameter).min(1).max(64),
});

export const messageShape = z.strictObject({
  to: z.union([
    z.string().min(1).max(256),
    z.strictObject({
      kind: z.enum(["phone", "bsuid", "group", "channel"]),
      value: z.string().min(1).max(256),
    }),
  ]),
  lane: laneName.default("standard"),
  session_id: sessionId.optional(),
  pool: poolName.optional(),
  text: z.strictObject({ body: textBody, preview_url: z.boolean().default(false) }).optional(),
  template: z
    .strictObject({
      name: templateName,
      language: languageCode,
      variables: z
        .union([z.array(variableText).max(64), z.record(variableName, variableText)])
        .optional()
        .describe("Values of the body: a list for numbered variables, an object for named ones."),
      components: z.array(component).max(16).optional(),
    })
    .optional(),
  category: categoryName.optional(),
  send_at: z.iso.datetime({ offset: true }).optional(),
  ttl_s: ttlSeconds.optional(),
  external_ref: z.string().min(1).max(256).optional(),
  reply_to: z
    .string()
    .min(1)
    .max(512)
    .optional()
    .describe("The provider's id of the message this one answers."),
  doubt_policy: doubtPolicyName.optional(),
});

export const messageRequest = messageShape
  .superRefine((message, context) => {
    const refuse = (path: string, problem: string) =>
      context.addIssue({ code: "custom", path: path.split("."), message: problem, input: message });
    if (message.text === undefined && message.template === undefined)
      refuse("text", "text or template is required");
    if (message.text !== undefined && message.template !== undefined)
      refuse("template", "send text or template, not both");
    if (message.session_id !== undefined && message.pool !== undefined)
      refuse("pool", "name a session_id or a pool, not both");
    const { variables, components = [] } = message.template ?? {};
    if (variables !== undefined && components.some((part) => part.kind === "body"))
      refuse("template.variables", "variables are the body's values: leave the body component out");
    components.forEach((part, i) => {
      if (part.kind === "button" && (part.sub_type === undefined || part.index === undefined))
        refuse(`template.components.${i}`, "a button needs sub_type and index");
    });
  })
  .openapi("Message");

export type MessageRequest = z.output<typeof messageRequest>;
