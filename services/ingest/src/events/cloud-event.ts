/** CloudEvents 1.0 in JSON, structured mode, and what becomes of one in the log. Pure. */
import { z } from "@hono/zod-openapi";
import type { DomainEvent } from "@wamesh/events";

/** Attributes with a meaning here; every other name is an extension. */
const known = new Set([
  "specversion",
  "id",
  "source",
  "type",
  "subject",
  "time",
  "datacontenttype",
  "dataschema",
  "data",
]);

/** A record of the log may have 1 MiB, and a character up to four bytes. */
const largestData = 256 * 1024;

/** One paragraph of the specification: extension names are lower-case letters and digits, values are scalars. */
const extensionName = /^[a-z0-9]+$/;

export const cloudEvent = z
  .looseObject({
    specversion: z.literal("1.0"),
    id: z.string().min(1).max(256),
    source: z.string().min(1).max(512),
    type: z.string().min(1).max(256),
    subject: z.string().min(1).max(512).optional(),
    time: z.iso.datetime({ offset: true }).optional(),
    datacontenttype: z
      .string()
      .regex(/^application\/([a-z0-9.+-]+\+)?json(;.*)?$/i, "JSON only, for example application/json")
      .optional(),
    dataschema: z.string().max(512).optional(),
    data: z.record(z.string(), z.unknown()).optional().describe("A JSON object: rules read its properties."),
  })
  .superRefine((event, context) => {
    if (JSON.stringify(event.data ?? {}).length > largestData)
      context.addIssue({
        code: "custom",
        path: ["data"],
        input: undefined,
        message: "is too large",
        params: { remedy: `Send at most ${largestData} characters of data per event.` },
      });
    for (const [name, value] of Object.entries(event)) {
      if (known.has(name)) continue;
      if (name === "data_base64" || !extensionName.test(name))
        context.addIssue({
          code: "custom",
          path: [name],
          input: value,
          message:
            name === "data_base64"
              ? "binary data is not taken: send data as a JSON object"
              : "not a CloudEvents attribute: names are lower-case letters and digits",
        });
      else if (!["string", "number", "boolean"].includes(typeof value))
        context.addIssue({
          code: "custom",
          path: [name],
          input: value,
          message: "an extension attribute is a string, number or boolean",
        });
    }
  })
  .openapi("CloudEvent");

export type CloudEvent = z.output<typeof cloudEvent>;

/** Extension attributes are accepted, as the specification asks, and not kept. */
export function domainEventOf(event: CloudEvent, tenant: string, nowMs: number): DomainEvent {
  return {
    event_id: event.id,
    tenant,
    source: event.source,
    type: event.type,
    subject: event.subject ?? null,
    occurred_at: event.time === undefined ? nowMs : Date.parse(event.time),
    data: JSON.stringify(event.data ?? {}),
    received_at: nowMs,
  };
}
