import { useState } from "preact/hooks";
import { looked, may } from "../../api/session.ts";
import { Button } from "../../ui/button.tsx";
import { PageShell } from "../../ui/page.tsx";
import { BrandDialog } from "./brand-dialog.tsx";
import { TenantTable } from "./tenant-table.tsx";

export function TenantsPage() {
  const [branding, setBranding] = useState(false);
  const tenant = looked.value;
  return (
    <PageShell
      title="Tenants"
      sub="All that your key reaches; those who need attention first."
      actions={
        tenant !== null &&
        may("tenants:write") && <Button onPress={() => setBranding(true)}>Brand of {tenant.name}</Button>
      }
    >
      <div class="card">
        <TenantTable />
      </div>
      {branding && tenant !== null && (
        <BrandDialog tenant={tenant.tenant} onClose={() => setBranding(false)} />
      )}
    </PageShell>
  );
}
