/** Addresses of the console: /console/<tenant>/<page>/…, so that a link says whose it is. Pure. */

export const base = "/console";

export type Place = {
  /** null on pages that belong to nobody, such as the sign-in. */
  tenant: string | null;
  /** The rest, decoded: ["messages", "<id>"]. */
  parts: readonly string[];
  query: URLSearchParams;
};

export function readPlace(pathname: string, search: string): Place {
  const [tenant, ...parts] = pathname
    .slice(base.length)
    .split("/")
    .filter((part) => part !== "")
    .map(decoded);
  return { tenant: tenant ?? null, parts, query: new URLSearchParams(search) };
}

/** `addressOf("acme", ["messages", id])`; parameters that are null, undefined or empty are left out. */
export function addressOf(
  tenant: string,
  parts: readonly string[],
  query: Record<string, string | null | undefined> = {},
): string {
  const path = [base, ...[tenant, ...parts].map(encodeURIComponent)].join("/");
  const given = Object.entries(query).filter(([, value]) => value != null && value !== "");
  const search = new URLSearchParams(given as [string, string][]).toString();
  return search === "" ? path : `${path}?${search}`;
}

/**
 * The values of the pattern's named parts, or null: `matches(["messages", ":id"], parts)`. Patterns are written by us, so a
 * name that comes twice is our mistake.
 */
export function matchParts(
  pattern: readonly string[],
  parts: readonly string[],
): Record<string, string> | null {
  if (pattern.length !== parts.length) return null;
  const values: Record<string, string> = {};
  for (const [i, wanted] of pattern.entries()) {
    const part = parts[i] as string;
    if (wanted.startsWith(":")) values[wanted.slice(1)] = part;
    else if (wanted !== part) return null;
  }
  return values;
}

/** A broken escape is a typing mistake in a link, and no reason to show nothing. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
