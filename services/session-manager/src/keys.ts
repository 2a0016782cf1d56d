/** API keys: rows and what is published about them. The secret is hashed before it comes here. */
import type { Tx } from "@wamesh/store";
import type { Change } from "./change.ts";
import { keyRecord } from "./records.ts";
import type { KeyRow } from "./rows.ts";

export async function listKeys(
  tx: Tx,
  tenant: string,
  after: string | null,
  limit: number,
): Promise<KeyRow[]> {
  return await tx<KeyRow[]>`
    select * from api_key where tenant = ${tenant} and id > ${after ?? ""} order by id limit ${limit}`;
}

export type NewKeyRow = Pick<KeyRow, "id" | "tenant" | "label" | "secret_hashes" | "scopes" | "expires_at">;

export async function createKey(change: Change, key: NewKeyRow): Promise<KeyRow> {
  const [row] = await change.tx<KeyRow[]>`
    insert into api_key (id, tenant, label, secret_hashes, scopes, expires_at, state)
    values (${key.id}, ${key.tenant}, ${key.label}, ${key.secret_hashes}, ${key.scopes}, ${key.expires_at}, 'active')
    returning *`;
  announce(change, row!, "key.created", { label: key.label, scopes: key.scopes });
  return row!;
}

/** Revokes a key of the tenant; false when it has none of that id. A second time is harmless and publishes nothing. */
export async function revokeKey(change: Change, tenant: string, id: string): Promise<boolean> {
  const { tx } = change;
  const [before] = await tx<KeyRow[]>`
    select * from api_key where id = ${id} and tenant = ${tenant} for update`;
  if (before === undefined) return false;
  if (before.state === "active") await revoke(change, id);
  return true;
}

export async function revokeKeysOf(change: Change, tenant: string): Promise<void> {
  const rows = await change.tx<KeyRow[]>`
    select * from api_key where tenant = ${tenant} and state = 'active' order by id for update`;
  for (const row of rows) await revoke(change, row.id);
}

async function revoke(change: Change, id: string): Promise<void> {
  const [row] = await change.tx<KeyRow[]>`
    update api_key set state = 'revoked', version = version + 1, changed_at = clock_timestamp()
    where id = ${id}
    returning *`;
  announce(change, row!, "key.revoked", {});
}

function announce(change: Change, row: KeyRow, action: string, detail: object): void {
  change.tenantConfig(keyRecord(row));
  change.audit({ tenant: row.tenant, action, object_kind: "key", object_id: row.id, detail });
}
