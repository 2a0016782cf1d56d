/** Who is calling, and for which tenant. */
import { type Problem, problem } from "./problem.ts";
import { covers, type Scope } from "./scopes.ts";

/** What of the configuration tables is needed here; packages/directory offers it. */
export type KeyDirectory = {
  key(id: string): KeyFacts | undefined;
  tenant(id: string): TenantFacts | undefined;
  /** Whether keys of `actor` reach `tenant`: itself, an agency its children, the operator everyone. */
  mayActFor(actor: string, tenant: string): boolean;
  /** Age of the tables: how long ago it was last known that nothing newer exists. */
  freshMs(): number;
};

export type KeyFacts = {
  tenant: string;
  state: "active" | "suspended" | "revoked" | "deleted" | (string & {});
  secretHashes: readonly string[];
  scopes: readonly string[];
  expiresAt: number | null;
};

export type TenantFacts = { state: string; isOperator: boolean };

export type Caller = {
  keyId: string;
  /** Tenant of this call: the header wamesh-tenant, or the key's own. */
  tenant: string;
  /** Tenant that the key belongs to. */
  actorTenant: string;
  scopes: readonly string[];
  /** Whether the key is the operator's. */
  isOperator: boolean;
};

export type Credentials = { authorization: string | undefined; tenant: string | undefined };

/** A revoked key must not live on in a process that no longer hears of revocations. */
const staleMs = 30_000;

const bearer = /^Bearer +wam_([a-z0-9]{12})_([A-Za-z0-9]{32,128})$/i;

/** Decides over a call; null as scope: any key will do. Returns the problem rather than throwing it. */
export function authenticate(
  { authorization, tenant }: Credentials,
  scope: Scope | null,
  deps: {
    directory: KeyDirectory;
    /** Constant-time comparison of a key's secret with its stored hashes. */
    verifySecret: (secret: string, hashes: readonly string[]) => boolean;
    nowMs: number;
  },
): Caller | Problem {
  const { directory } = deps;
  if (directory.freshMs() > staleMs) return problem("not_ready", { retryAfterS: 5 });
  const [, keyId, secret] = bearer.exec(authorization ?? "") ?? [];
  const key = keyId === undefined ? undefined : directory.key(keyId);
  // One answer for no key, an unknown one and a wrong secret; what is known of a key is told to its holder only.
  if (keyId === undefined || secret === undefined || key === undefined) return problem("unauthorized");
  if (!deps.verifySecret(secret, key.secretHashes)) return problem("unauthorized");
  return permit({ keyId, tenant }, scope, deps);
}

/**
 * What a key whose secret was seen may do now. Asked again by what outlives a request: a revocation ends it. `tenant` is the
 * one acted for, undefined for the key's own.
 */
export function permit(
  { keyId, tenant: wanted }: { keyId: string; tenant: string | undefined },
  scope: Scope | null,
  { directory, nowMs }: { directory: KeyDirectory; nowMs: number },
): Caller | Problem {
  if (directory.freshMs() > staleMs) return problem("not_ready", { retryAfterS: 5 });
  const key = directory.key(keyId);
  if (key === undefined) return problem("unauthorized");
  if (key.state !== "active") return problem("key_revoked");
  if (key.expiresAt !== null && key.expiresAt <= nowMs) return problem("key_expired");

  const actor = directory.tenant(key.tenant);
  // The key's record may arrive before its tenant's.
  if (actor === undefined) return problem("not_ready", { retryAfterS: 1 });
  if (actor.state === "suspended") return problem("tenant_suspended");
  if (actor.state !== "active") return problem("key_revoked");

  const tenant = wanted ?? key.tenant;
  if (tenant !== key.tenant) {
    const target = directory.tenant(tenant);
    // The same answer for a tenant that does not exist: nobody learns who else is here.
    if (target === undefined || !directory.mayActFor(key.tenant, tenant)) return problem("tenant_forbidden");
    if (!actor.isOperator && target.state === "suspended") return problem("tenant_suspended");
    if (!actor.isOperator && target.state !== "active") return problem("tenant_forbidden");
  }
  if (scope !== null && !covers(key.scopes, scope))
    return problem("forbidden_scope", { detail: `The scope ${scope} is needed.` });
  return { keyId, tenant, actorTenant: key.tenant, scopes: key.scopes, isOperator: actor.isOperator };
}
