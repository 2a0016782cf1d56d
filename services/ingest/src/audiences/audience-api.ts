/** What the routes of audiences share: how a list reads, and what is done to one. */
import { z } from "@hono/zod-openapi";
import type { AuditEntry } from "@wamesh/events";
import { type Caller, problem } from "@wamesh/http";
import { enqueue, type Sql, type Tx } from "@wamesh/store";
import type { Records } from "../records.ts";
import { type Audience, campaignsUsing, lockAudience } from "./audience-store.ts";

export type AudienceDeps = {
  sql: Sql;
  records: Pick<Records, "audit">;
  now: () => number;
  /** An id that sorts by time, for audit entries. */
  newId: () => string;
  /** `aud_` and characters that sort by time. */
  newAudienceId: () => string;
};

export const audienceParams = z.strictObject({ id: z.string().min(1).max(64) });

export const audienceView = z
  .object({
    audience_id: z.string(),
    name: z.string().nullable(),
    state: z
      .enum(["empty", "reading", "ready", "failed"])
      .describe("reading: a file is coming in. failed: see problem, and put it again."),
    bytes_read: z.int(),
    rows: z.int().describe("Lines read, the first not counted."),
    recipients: z.int().describe("Different people in it."),
    invalid: z.int().describe("Lines left out; GET …/errors names the first thousand."),
    duplicates: z.int().describe("Lines left out because their person stands in an earlier one."),
    columns: z.array(z.string()),
    problem: z.string().nullable(),
    created_at: z.iso.datetime(),
  })
  .openapi("Audience");

export function viewAudience(audience: Audience): z.output<typeof audienceView> {
  const { id, name, state, bytes_read, rows, recipients, invalid, duplicates, columns } = audience;
  return {
    audience_id: id,
    name,
    state,
    bytes_read,
    rows,
    recipients,
    invalid,
    duplicates,
    columns,
    problem: audience.problem,
    created_at: audience.created_at.toISOString(),
  };
}

/** The list, locked and free to change. Throws where it is not there, or a campaign lives on it. */
export async function changeableAudience(tx: Tx, tenant: string, id: string): Promise<Audience> {
  const audience = await lockAudience(tx, tenant, id);
  if (audience === undefined) throw problem("not_found");
  if ((await campaignsUsing(tx, tenant, id)) > 0)
    throw problem("conflict", { detail: "A campaign that is not over uses this list. Make a new list." });
  return audience;
}

export async function auditAudience(
  tx: Tx,
  deps: Pick<AudienceDeps, "records" | "now" | "newId">,
  caller: Caller,
  action: `audience.${string}`,
  id: string,
  detail: object,
): Promise<void> {
  const entry: AuditEntry = {
    event_id: deps.newId(),
    tenant: caller.tenant,
    service: "ingest",
    actor_tenant: caller.actorTenant,
    actor_key: caller.keyId,
    action,
    object_kind: "audience",
    object_id: id,
    detail: JSON.stringify(detail),
    occurred_at: deps.now(),
  };
  await enqueue(tx, [deps.records.audit(entry)]);
}
