/** How an endpoint reads in answers. */
import { z } from "@hono/zod-openapi";
import type { EndpointRow } from "../store.ts";

export const endpointView = z
  .object({
    id: z.string(),
    url: z.string(),
    events: z.array(z.string()),
    sessions: z.array(z.string()).nullable(),
    description: z.string(),
    status: z.enum(["active", "disabled"]),
    disabled_reason: z.string().nullable(),
    previous_secret_until: z.iso
      .datetime()
      .nullable()
      .describe("While a rotation's overlap lasts: so long the former secret signs too."),
    created_at: z.iso.datetime(),
    changed_at: z.iso.datetime(),
  })
  .openapi("Endpoint");

export const endpointParams = z.strictObject({ id: z.string().min(1).max(64) });

export function viewEndpoint({ tenant: _, version: _version, previous_until, ...row }: EndpointRow) {
  return {
    ...row,
    previous_secret_until: previous_until?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    changed_at: row.changed_at.toISOString(),
  };
}
