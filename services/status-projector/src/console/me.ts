/** Who is signed in, and whom they may look at. Pure. */
import { z } from "@hono/zod-openapi";
import type { Caller } from "@wamesh/http";

/** What of the directory is needed here. */
export type People = {
  tenant(id: string): { isOperator: boolean; isAgency: boolean; record: { name: string } | null } | undefined;
  /** All that are not deleted. */
  tenants(): readonly string[];
  childrenOf(id: string): readonly string[];
  key(id: string): { expiresAt: number | null } | undefined;
};

export const meShape = z
  .object({
    tenant: z.string().describe("Tenant of the key."),
    name: z.string(),
    kind: z.enum(["operator", "agency", "tenant"]),
    scopes: z.array(z.string()),
    key_id: z.string(),
    expires_at: z.iso.datetime().nullable().describe("End of the session, or of the key if that is sooner."),
    brand: z
      .object({ name: z.string(), logo_url: z.string().nullable(), colour: z.string().nullable() })
      .nullable()
      .describe("null: the mesh's own."),
    tenants: z
      .array(z.object({ tenant: z.string(), name: z.string() }))
      .describe("Those it reaches, its own first, the others by name."),
  })
  .openapi("Me");

/** `sessionEndsAt` in epoch ms; null for a key that came in its own header. */
export function meOf(
  { actorTenant: tenant, keyId, scopes }: Caller,
  people: People,
  sessionEndsAt: number | null,
): z.output<typeof meShape> {
  const facts = people.tenant(tenant);
  const kind = facts?.isOperator ? "operator" : facts?.isAgency ? "agency" : "tenant";
  const nameOf = (id: string) => people.tenant(id)?.record?.name ?? id;
  const reached = kind === "operator" ? people.tenants() : kind === "agency" ? people.childrenOf(tenant) : [];
  const others = reached.filter((id) => id !== tenant).map((id) => ({ tenant: id, name: nameOf(id) }));
  others.sort((a, b) => a.name.localeCompare(b.name, "en") || (a.tenant < b.tenant ? -1 : 1));
  const ends = [sessionEndsAt, people.key(keyId)?.expiresAt ?? null].filter((at) => at !== null);
  return {
    tenant,
    name: nameOf(tenant),
    kind,
    scopes: [...scopes],
    key_id: keyId,
    expires_at: ends.length === 0 ? null : new Date(Math.min(...ends)).toISOString(),
    brand: null,
    tenants: [{ tenant, name: nameOf(tenant) }, ...others],
  };
}
