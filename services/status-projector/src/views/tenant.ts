/** Tenants as they are: their names, and who is whose child. Keys and templates in the same topic are not for this house. */
import type { TenantConfig } from "@wamesh/events";
import type { Row, View } from "../view.ts";

export const tenant: View = {
  table: "tenant",
  registers: { version: ["version"] },
  columns: {
    tenant: ["id", "key"],
    version: ["bigint", "with version"],
    name: ["text", "with version"],
    parent: ["text", "with version"],
    state: ["text", "with version"],
    is_agency: ["boolean", "with version"],
    is_operator: ["boolean", "with version"],
    changed_at: ["time", "with version"],
  },
};

export function rowsOfTenant(config: TenantConfig): Row[] {
  if (config.kind !== "tenant") return [];
  const record = config.tenant_record;
  return [
    {
      tenant: config.id,
      version: config.version,
      name: record?.name ?? config.id,
      parent: record?.parent ?? null,
      state: config.state,
      is_agency: record?.is_agency ?? false,
      is_operator: record?.is_operator ?? false,
      changed_at: config.changed_at,
    },
  ];
}
