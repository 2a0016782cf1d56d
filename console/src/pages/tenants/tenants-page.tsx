import { PageShell } from "../../ui/page.tsx";
import { TenantTable } from "./tenant-table.tsx";

export function TenantsPage() {
  return (
    <PageShell title="Tenants" sub="All that your key reaches; those who need attention first.">
      <div class="card">
        <TenantTable />
      </div>
    </PageShell>
  );
}
