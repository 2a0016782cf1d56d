/** An endpoint as its tenant describes it. */
import { z } from "@hono/zod-openapi";
import { eventTypes } from "../deliveries/webhook-event.ts";

const fields = {
  url: z
    .string()
    .min(1)
    .max(2048)
    .describe("https:// or http://, a public address.")
    .openapi({ example: "https://example.com/hooks" }),
  events: z.array(z.enum(eventTypes)).min(1).max(eventTypes.length).describe("Types of events it gets."),
  sessions: z
    .array(z.string().min(1).max(64))
    .min(1)
    .max(1000)
    .nullable()
    .describe("Only events of these sessions; null: of all."),
  description: z.string().max(200),
};

export const newEndpoint = z.strictObject({
  url: fields.url,
  events: fields.events,
  sessions: fields.sessions.default(null),
  description: fields.description.default(""),
});

export const endpointPatch = z.strictObject({
  url: fields.url.optional(),
  events: fields.events.optional(),
  sessions: fields.sessions.optional(),
  description: fields.description.optional(),
  status: z.enum(["active", "disabled"]).optional().describe("disabled: gets nothing; what is due waits."),
});

export type NewEndpoint = z.output<typeof newEndpoint>;
export type EndpointPatch = z.output<typeof endpointPatch>;
