/** The facts of a session's credentials as the API spells them: their age and use, never they themselves. */
import { z } from "@hono/zod-openapi";
import type { CredentialFacts } from "../../credential-facts.ts";

export const credentialAnswer = z
  .object({
    version: z.int().describe("Grows with each replacement."),
    replaced_at: z.iso.datetime().describe("When these were set."),
    used_at: z.iso
      .datetime()
      .nullable()
      .describe("When the provider was last asked with them; minutes old at most. null: not yet."),
    accepted_at: z.iso
      .datetime()
      .nullable()
      .describe("When the provider last took them. Older than used_at: it refuses them."),
    ring_key: z.string().describe("Id of the ring key that wraps them."),
  })
  .openapi("Credentials");

export function credentialJson(facts: CredentialFacts): z.infer<typeof credentialAnswer> {
  return {
    version: facts.version,
    replaced_at: facts.changed_at.toISOString(),
    used_at: facts.used_at?.toISOString() ?? null,
    accepted_at: facts.accepted_at?.toISOString() ?? null,
    ring_key: facts.key_ring_id,
  };
}
