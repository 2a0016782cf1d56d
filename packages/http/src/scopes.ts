/** What a key can be allowed to do, and how a granted scope covers a needed one. */
export const scopes = [
  "tenants:read",
  "tenants:write",
  "plans:read",
  "plans:write",
  "keys:read",
  "keys:write",
  "sessions:read",
  "sessions:write",
  "templates:read",
  "templates:write",
  "messages:read",
  "messages:write",
  "events:read",
  "events:write",
  "rules:read",
  "rules:write",
  "campaigns:read",
  "campaigns:write",
  "contacts:read",
  "contacts:write",
  "endpoints:read",
  "endpoints:write",
  "status:read",
] as const;

export type Scope = (typeof scopes)[number];

/** Whether one of the granted scopes covers the needed one: itself, `messages:*`, `*`; writing implies reading. */
export function covers(granted: readonly string[], needed: Scope): boolean {
  const [area, right] = needed.split(":");
  return granted.some(
    (scope) =>
      scope === "*" ||
      scope === needed ||
      scope === `${area}:*` ||
      (right === "read" && scope === `${area}:write`),
  );
}

/** Whether a text is a scope that can be granted. */
export function isGrantable(scope: string): boolean {
  return scope === "*" || scopes.some((known) => scope === known || scope === `${known.split(":")[0]}:*`);
}
