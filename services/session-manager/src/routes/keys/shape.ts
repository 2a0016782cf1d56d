/** API keys as the API spells them. The secret is in one answer only, the one that creates it. */
import { z } from "@hono/zod-openapi";
import type { KeyRow } from "../../rows.ts";

export const keyAnswer = z
  .object({
    id: z.string(),
    tenant: z.string(),
    label: z.string(),
    scopes: z.array(z.string()),
    state: z.enum(["active", "revoked"]),
    expires_at: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
    changed_at: z.iso.datetime(),
  })
  .openapi("Key");

export function keyJson(row: KeyRow): z.infer<typeof keyAnswer> {
  return {
    id: row.id,
    tenant: row.tenant,
    label: row.label,
    scopes: row.scopes,
    state: row.state,
    expires_at: row.expires_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    changed_at: row.changed_at.toISOString(),
  };
}
