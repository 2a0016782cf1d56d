/** A tenant's brand between the form and the API. Pure. */

/** As the API keeps it: null is the console's own. */
export type TenantBrand = { name: string | null; logo_url: string | null; colour: string | null };

export type BrandFields = { name: string; logoUrl: string; colour: string };

export function fieldsOf(brand: TenantBrand | null): BrandFields {
  return { name: brand?.name ?? "", logoUrl: brand?.logo_url ?? "", colour: brand?.colour ?? "" };
}

/** What is left empty is none; with nothing at all there is no brand. A colour may be given without its #, or short. */
export function brandOf({ name, logoUrl, colour }: BrandFields): TenantBrand | null {
  const brand = { name: orNone(name), logo_url: orNone(logoUrl), colour: orNone(longColour(colour.trim())) };
  return Object.values(brand).every((part) => part === null) ? null : brand;
}

function orNone(text: string): string | null {
  return text.trim() === "" ? null : text.trim();
}

function longColour(text: string): string {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text)?.[1];
  if (digits === undefined) return text;
  return `#${digits.length === 6 ? digits : digits.replace(/./g, "$&$&")}`;
}
