/** Counter values by name: a dozen rows per tenant, whatever the number of messages. */
import { type Sql, withTenants } from "@wamesh/store";

export async function readCounters(sql: Sql, tenant: string): Promise<Record<string, number>> {
  return await withTenants(sql, [tenant], async (tx) => {
    const rows = await tx<{ name: string; value: number }[]>`
      select name, value from tenant_counter where tenant = ${tenant}`;
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  });
}

/** Of several tenants, by tenant; one without any counter is left out. */
export async function readCountersOf(
  sql: Sql,
  tenants: readonly string[],
): Promise<Map<string, Record<string, number>>> {
  const rows = await withTenants(
    sql,
    tenants,
    (tx) => tx<{ tenant: string; name: string; value: number }[]>`
      select tenant, name, value from tenant_counter where tenant = any(${tenants}::text[])`,
  );
  const values = new Map<string, Record<string, number>>();
  for (const { tenant, name, value } of rows) values.set(tenant, { ...values.get(tenant), [name]: value });
  return values;
}

/** Of all tenants together; the one read that spans tenants, for the operator's own keys only. */
export async function readTotals(sql: Sql): Promise<Record<string, number>> {
  return await withTenants(sql, "all", async (tx) => {
    const rows = await tx<{ name: string; value: number }[]>`
      select name, sum(value)::bigint as value from tenant_counter group by name`;
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  });
}
