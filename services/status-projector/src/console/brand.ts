/** How the console looks for a tenant. Pure. */
import type { TenantBrand } from "@wamesh/events";

export type Brand = { name: string; logo_url: string | null; colour: string | null };

/** What of the directory is needed here. */
export type Brands = {
  tenant(
    id: string,
  ): { parent: string | null; record: { name: string; brand: TenantBrand | null } | null } | undefined;
};

/** The tenant's own, else its agency's, as a whole: never one's logo beside the other's name. Null: the mesh's own. */
export function brandOf(tenant: string, brands: Brands): Brand | null {
  const facts = brands.tenant(tenant);
  const own = given(facts?.record);
  if (own !== null || facts === undefined || facts.parent === null) return own;
  return given(brands.tenant(facts.parent)?.record);
}

function given(record: { name: string; brand: TenantBrand | null } | null | undefined): Brand | null {
  if (record?.brand == null) return null;
  const { name, logo_url, colour } = record.brand;
  return { name: name ?? record.name, logo_url, colour };
}
