/**
 * What a client asks for when it sends a message: the shape of POST /v1/messages and of each item of a batch. That texts
 * can be stored, and objects are not nested without end, packages/http has seen to for the whole body.
 */
import { z } from "@hono/zod-openapi";
import { contentNames, contentShape, providerMessageId, template } from "./content-request.ts";

export const maxTtlS = 30 * 24 * 3600;

export const laneName = z.enum(["otp", "standard", "bulk"]);
export const categoryName = z.enum(["marketing", "utility", "authentication"]);
export const doubtPolicyName = z.enum(["fail_unknown", "resend"]);
export const ttlSeconds = z.int().min(1).max(maxTtlS);
export const poolName = z.string().min(1).max(64);
export const sessionId = z.string().min(1).max(64);
export const messageShape = z.strictObject({
  to: z.union([
    z.string().min(1).max(256),
    z.strictObject({
      kind: z.enum(["phone", "bsuid", "group", "channel"]),
      value: z.string().min(1).max(256),
    }),
  ]),
  lane: laneName
    .optional()
    .describe(
      "Without one: otp for an authentication template, bulk for a marketing one, standard for all else.",
    ),
  session_id: sessionId.optional(),
  pool: poolName.optional(),
  ...contentShape,
  fallback: template
    .optional()
    .describe(
      "Template that is sent instead when the recipient has not written to the session within 24 hours. Cloud API only.",
    ),
  category: categoryName.optional(),
  send_at: z.iso.datetime({ offset: true }).optional(),
  ttl_s: ttlSeconds.optional(),
  external_ref: z.string().min(1).max(256).optional(),
  reply_to: providerMessageId.optional().describe("The provider's id of the message this one answers."),
  doubt_policy: doubtPolicyName.optional(),
});

export const messageRequest = messageShape
  .superRefine((message, context) => {
    const refuse = (path: string, problem: string) =>
      context.addIssue({ code: "custom", path: path.split("."), message: problem, input: message });
    const [content, another] = contentNames.filter((name) => message[name] !== undefined);
    if (content === undefined)
      refuse("text", `text or template is required, or another content: ${contentNames.join(", ")}`);
    if (another !== undefined) refuse(another, `send ${content} or ${another}, not both`);
    if (message.session_id !== undefined && message.pool !== undefined)
      refuse("pool", "name a session_id or a pool, not both");
    if (message.fallback !== undefined && message.template !== undefined)
      refuse("fallback", "a template needs none");
    for (const at of ["template", "fallback"] as const) {
      const { variables, components = [] } = message[at] ?? {};
      if (variables !== undefined && components.some((part) => part.kind === "body"))
        refuse(`${at}.variables`, "variables are the body's values: leave the body component out");
      components.forEach((part, i) => {
        if (part.kind === "button" && (part.sub_type === undefined || part.index === undefined))
          refuse(`${at}.components.${i}`, "a button needs sub_type and index");
      });
    }
  })
  .openapi("Message", {
    example: { to: "+15551234567", template: { name: "welcome", language: "en_US", variables: ["Mara"] } },
  });

export type MessageRequest = z.output<typeof messageRequest>;
