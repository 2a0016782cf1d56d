/** An endpoint as its tenant describes it. */
import { z } from "@hono/zod-openapi";
import { eventTypes } from "../deliveries/event-types.ts";

export const eventType = z.enum(eventTypes as [string, ...string[]]);

const fields = {
  url: z
    .string()
    .min(1)
    .max(2048)
    .describe("https:// or http://, a public address.")
    .openapi({ example: "https://example.com/hooks" }),
  events: z
    .array(eventType)
    .min(1)
    .max(eventTypes.length)
    .describe("Types of events it gets; GET /v1/endpoints/events lists them."),
  sessions: z
    .array(z.string().min(1).max(64))
    .min(1)
    .max(1000)
    .nullable()
    .describe("Only events of these sessions; null: of all."),
  description: z.string().max(200),
};

export const newEndpoint = z
  .strictObject({
    url: fields.url,
    events: fields.events,
    sessions: fields.sessions.default(null),
    description: fields.description.default(""),
  })
  .openapi({
    example: {
      url: "https://example.com/hooks/wamesh",
      events: ["message.delivered", "message.inbound"],
      description: "shop",
    },
  });

export const endpointPatch = z
  .strictObject({
    url: fields.url.optional(),
    events: fields.events.optional(),
    sessions: fields.sessions.optional(),
    description: fields.description.optional(),
    status: z.enum(["active", "disabled"]).optional().describe("disabled: gets nothing; what is due waits."),
  })
  .openapi({ example: { description: "shop, new server" } });

/** A week is long enough to bring a secret to every receiver, and a leaked one is not valid for ever. */
const longestOverlapHours = 168;

export const rotation = z
  .strictObject({
    overlap_hours: z
      .int()
      .min(0)
      .max(longestOverlapHours)
      .default(24)
      .describe("So long the former secret signs too; 0 when it has leaked."),
  })
  .openapi({ example: { overlap_hours: 24 } });

export type NewEndpoint = z.output<typeof newEndpoint>;
export type EndpointPatch = z.output<typeof endpointPatch>;

export const replayOf = z
  .strictObject({
    since: z.iso.datetime({ offset: true }).describe("Events from then on; 14 days back at most."),
    until: z.iso.datetime({ offset: true }).optional().describe("Events before then."),
    types: z.array(eventType).min(1).max(eventTypes.length).optional().describe("Only of these types."),
    only: z
      .enum(["failed", "all"])
      .default("failed")
      .describe("failed: what was given up or is failing; all: what was delivered too."),
    per_s: z.int().min(1).max(200).default(20).describe("Pace, in events per second."),
  })
  .openapi({ example: { since: "2026-11-20T00:00:00Z", only: "failed" } });

export type Replay = z.output<typeof replayOf>;
