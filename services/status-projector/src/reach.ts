/** Whose rows a caller's roll-up is over: its tenant's and that one's children's; for the operator, everyone's. */
import type { Caller } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";

/** What of packages/directory is needed here. */
export type Family = { childrenOf(id: string): readonly string[] };

/** Tenant ids, the caller's own first. */
export async function reachOf(sql: Sql, family: Family, caller: Caller): Promise<string[]> {
  const own = caller.tenant;
  const others =
    caller.isOperator && own === caller.actorTenant ? await everyone(sql) : family.childrenOf(own);
  return [own, ...others.filter((tenant) => tenant !== own)];
}

/** A read that spans tenants, for the operator's own keys only. */
async function everyone(sql: Sql): Promise<string[]> {
  const rows = await withTenants(
    sql,
    "all",
    (tx) => tx<{ tenant: string }[]>`select tenant from tenant where state <> 'deleted' order by tenant`,
  );
  return rows.map(({ tenant }) => tenant);
}
