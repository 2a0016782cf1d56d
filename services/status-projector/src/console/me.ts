/** Who is signed in, and whom they may look at. Pure. */
import { z } from "@hono/zod-openapi";
import type { Caller } from "@wamesh/http";
import { type Brands, brandOf } from "./brand.ts";

/** What of the directory is needed here. */
export type People = {
  tenant(
    id: string,
  ): ({ isOperator: boolean; isAgency: boolean } & NonNullable<ReturnType<Brands["tenant"]>>) | undefined;
  /** All that are not deleted. */
  tenants(): readonly string[];
  childrenOf(id: string): readonly string[];
  key(id: string): { expiresAt: number | null } | undefined;
};

const brand = z
  .object({ name: z.string(), logo_url: z.string().nullable(), colour: z.string().nullable() })
  .nullable()
  .describe("The tenant's, else its agency's; null: the mesh's own.");

export const meShape = z
  .object({
    tenant: z.string().describe("Tenant of the key."),
    name: z.string(),
    kind: z.enum(["operator", "agency", "tenant"]),
    scopes: z.array(z.string()),
    key_id: z.string(),
    expires_at: z.iso.datetime().nullable().describe("End of the session, or of the key if that is sooner."),
    brand,
    tenants: z
      .array(z.object({ tenant: z.string(), name: z.string(), brand }))
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
  const seen = (id: string) => ({
    tenant: id,
    name: people.tenant(id)?.record?.name ?? id,
    brand: brandOf(id, people),
  });
  const own = seen(tenant);
  const reached = kind === "operator" ? people.tenants() : kind === "agency" ? people.childrenOf(tenant) : [];
  const others = reached.filter((id) => id !== tenant).map(seen);
  others.sort((a, b) => a.name.localeCompare(b.name, "en") || (a.tenant < b.tenant ? -1 : 1));
  const ends = [sessionEndsAt, people.key(keyId)?.expiresAt ?? null].filter((at) => at !== null);
  return {
    tenant,
    name: own.name,
    kind,
    scopes: [...scopes],
    key_id: keyId,
    expires_at: ends.length === 0 ? null : new Date(Math.min(...ends)).toISOString(),
    brand: own.brand,
    tenants: [own, ...others],
  };
}
