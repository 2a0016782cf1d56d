/**
 * Who is calling, from this service's own tables rather than from the topic: it owns the keys, so here a key works the
 * moment it is made and ends the moment it is revoked, whichever instance did it and whether or not Kafka is there.
 * One query by primary keys per request; configuration is not where the load is.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { authorizationOf, type KeyDirectory, type OpenSession } from "@wamesh/http";
import type { Tx } from "@wamesh/store";
import type { Changer } from "./change.ts";
import type { KeyRow, TenantRow } from "./rows.ts";

type Found = { keys: KeyRow[]; tenants: TenantRow[] } | "unavailable";

export type OwnKeys = {
  /** Answers from what `around` looked up for the request at hand. */
  directory: KeyDirectory;
  /** Looks up the key and tenants that a request names, then lets it through. */
  around(fetch: (request: Request) => Response | Promise<Response>): (request: Request) => Promise<Response>;
};

/** `openSession`: a signed-in browser names its key by its cookie. */
export function ownKeys(changer: Changer, openSession: OpenSession): OwnKeys {
  const current = new AsyncLocalStorage<Found>();

  const rows = () => {
    const found = current.getStore();
    return found === undefined || found === "unavailable" ? { keys: [], tenants: [] } : found;
  };
  const tenant = (id: string) => rows().tenants.find((row) => row.id === id);

  return {
    directory: {
      key(id) {
        const row = rows().keys.find((key) => key.id === id);
        return (
          row && {
            tenant: row.tenant,
            state: row.state,
            secretHashes: row.secret_hashes,
            scopes: row.scopes,
            expiresAt: row.expires_at?.getTime() ?? null,
          }
        );
      },
      tenant(id) {
        const row = tenant(id);
        return row && { state: row.state, isOperator: row.is_operator };
      },
      mayActFor: (actor, target) =>
        actor === target || tenant(actor)?.is_operator === true || tenant(target)?.parent === actor,
      freshMs: () => (current.getStore() === "unavailable" ? Number.POSITIVE_INFINITY : 0),
    },
    around: (fetch) => async (request) => {
      const { authorization = "" } = authorizationOf(
        Object.fromEntries(request.headers),
        openSession,
        Date.now(),
      );
      const keyId = /^Bearer +wam_([a-z0-9]{12})_/i.exec(authorization)?.[1];
      if (keyId === undefined) return fetch(request);
      const named = request.headers.get("wamesh-tenant");
      const found = await changer
        .read("all", (tx) => lookUp(tx, keyId, named))
        .catch((): Found => "unavailable");
      return current.run(found, () => fetch(request));
    },
  };
}

async function lookUp(tx: Tx, keyId: string, named: string | null): Promise<Found> {
  const keys = await tx<KeyRow[]>`select * from api_key where id = ${keyId}`;
  if (keys[0] === undefined) return { keys: [], tenants: [] };
  const ids = named === null ? [keys[0].tenant] : [keys[0].tenant, named];
  return { keys, tenants: await tx<TenantRow[]>`select * from tenant where id = any(${ids})` };
}
