/** What the routes of contacts share: who is meant, and how what is known of them reads. */
import { z } from "@hono/zod-openapi";
import { type Person, personOf, personTokens } from "@wamesh/events";
import { problem } from "@wamesh/http";
import type { Sql } from "@wamesh/store";
import type { World } from "../decide.ts";
import { refusalProblem } from "../problems.ts";
import { parseRecipient } from "../recipient.ts";
import type { Records } from "../records.ts";
import type { ConsentRow } from "./store.ts";

export type ContactApiDeps = {
  sql: Sql;
  world: Pick<World, "session">;
  records: Records;
  /** Newest first. */
  tokenKeys: readonly string[];
  now: () => number;
  newId: () => string;
};

export const contactParams = z.strictObject({
  recipient: z
    .string()
    .min(1)
    .max(256)
    .describe("A number in E.164 with its + (as %2B or +), or a business-scoped user id."),
});

/** The person, under every key of the ring. Throws for what is no person. */
export function personNamed(deps: Pick<ContactApiDeps, "tokenKeys">, tenant: string, recipient: string) {
  const parsed = parseRecipient(
    recipient.startsWith("+") ? recipient : { kind: "bsuid" as const, value: recipient },
  );
  if (parsed.kind === "refused") throw refusalProblem({ ...parsed.refusal, field: "recipient" });
  const person: Person | null = personOf(parsed.recipient);
  if (person === null) throw problem("recipient_impossible");
  return personTokens(deps.tokenKeys, tenant, person);
}

const scopeName = z.enum(["marketing", "all"]);

export const consentRequest = z
  .strictObject({
    scope: scopeName.describe(
      "marketing: advertising only; all: nothing at all, one-time passwords included.",
    ),
    opted_out: z.boolean(),
    proof: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .describe("Id of the form, call or record that says so, on your side. No personal data."),
  })
  .openapi("ConsentRequest", { example: { scope: "marketing", opted_out: true, proof: "form-4711" } });

export const consentView = z
  .object({
    scope: scopeName,
    opted_out: z.boolean(),
    version: z.int(),
    source: z.enum(["api", "stop_word", "start_word", "provider"]),
    proof: z.string(),
    occurred_at: z.iso.datetime(),
    changed_at: z.iso.datetime(),
  })
  .openapi("Consent");

type ConsentView = z.output<typeof consentView>;

export const consentList = z.object({
  consent: z.array(consentView).describe("Of scopes of which something was said; the others may be sent to."),
});

export function viewConsent(row: ConsentRow): ConsentView {
  return {
    scope: row.scope,
    opted_out: row.optedOut,
    version: row.version,
    source: row.source as ConsentView["source"],
    proof: row.proof,
    occurred_at: new Date(row.occurredAt).toISOString(),
    changed_at: new Date(row.changedAt).toISOString(),
  };
}
