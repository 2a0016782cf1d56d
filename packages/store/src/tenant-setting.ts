/** Value of `app.tenants`. Throws on an id that would mean several tenants, or all. */
export function tenantSetting(tenants: readonly string[] | "all"): string {
  if (tenants === "all") return "*";
  for (const tenant of tenants)
    if (tenant === "" || /[,*]/.test(tenant)) throw new Error(`not a tenant id: ${JSON.stringify(tenant)}`);
  return tenants.join(",");
}
