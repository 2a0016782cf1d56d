import { z } from "@hono/zod-openapi";
import { type ApiRoute, route } from "@wamesh/http";
import catalogue from "../../../generated/event-catalogue.json" with { type: "json" };

const eventTypeView = z
  .object({
    type: z.string(),
    version: z.int().describe("Of the payload; it stays while fields are only added."),
    description: z.string(),
    schema: z.unknown().describe("JSON Schema of the payload."),
    example: z.unknown(),
  })
  .openapi("EventType");

const timestamp = { type: "string", format: "date-time" };

/** As they were generated; only what all payloads have around their data is added here. */
const items = catalogue.types.map(({ data, ...row }) => ({
  ...row,
  schema: {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    required: ["type", "version", "timestamp", "data"],
    properties: {
      type: { const: row.type },
      version: { const: row.version },
      timestamp,
      data: catalogue.data[data as keyof typeof catalogue.data],
    },
  },
}));

export function listEventTypes(): ApiRoute {
  return route({
    method: "get",
    path: "/v1/endpoints/events",
    scope: "endpoints:read",
    summary: "List the events that endpoints can ask for",
    description: "endpoint.test alone can't be asked for: it comes on request.",
    success: {
      status: 200,
      description: "All of them, each with the JSON Schema of its payload and an example.",
      body: z.object({ items: z.array(eventTypeView) }),
    },
    handle: async () => ({ body: { items } }),
  });
}
