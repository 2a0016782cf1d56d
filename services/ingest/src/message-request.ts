/**
 * What a client asks for when it sends a message: the shape of POST /v1/messages and of each item of a batch. That texts
 * can be stored, and objects are not nested without end, packages/http has seen to for the whole body.
 */
import { z } from "@hono/zod-openapi";
import { contentNames, contentShape, providerMessageId } from "./content-request.ts";

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
  lane: laneName.default("standard"),
  session_id: sessionId.optional(),
  pool: poolName.optional(),
  ...contentShape,
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
    const { variables, components = [] } = message.template ?? {};
    if (variables !== undefined && components.some((part) => part.kind === "body"))
      refuse("template.variables", "variables are the body's values: leave the body component out");
    components.forEach((part, i) => {
      if (part.kind === "button" && (part.sub_type === undefined || part.index === undefined))
        refuse(`template.components.${i}`, "a button needs sub_type and index");
    });
  })
  .openapi("Message", {
    example: { to: "+15551234567", template: { name: "welcome", language: "en_US", variables: ["Mara"] } },
  });

export type MessageRequest = z.output<typeof messageRequest>;
