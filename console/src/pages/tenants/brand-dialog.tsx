import { useState } from "preact/hooks";
import { call } from "../../api/call.ts";
import { fieldProblem } from "../../api/problem.ts";
import { useGet } from "../../api/query.ts";
import { lookAgain } from "../../api/session.ts";
import { Dialog, FormDialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { Show } from "../../ui/states.tsx";
import { say } from "../../ui/toast.tsx";
import { type BrandFields, brandOf, fieldsOf, type TenantBrand } from "./brand-request.ts";

type Tenant = { id: string; name: string; version: number; brand: TenantBrand | null };
type Props = { tenant: string; onClose: () => void };

/** The mesh's other services hear of a change within a second. */
const heardAfterMs = 1_500;

const addressOfTenant = (id: string) => `/v1/tenants/${encodeURIComponent(id)}`;

export function BrandDialog({ tenant, onClose }: Props) {
  const loaded = useGet<Tenant>(addressOfTenant(tenant));
  if (loaded.data !== null)
    return <BrandForm key={loaded.data.version} tenant={loaded.data} onClose={onClose} />;
  return (
    <Dialog title="Brand" onClose={onClose}>
      <Show from={loaded}>{() => null}</Show>
    </Dialog>
  );
}

function BrandForm({ tenant, onClose }: { tenant: Tenant; onClose: () => void }) {
  const [fields, setFields] = useState<BrandFields>(fieldsOf(tenant.brand));
  const setField = (name: keyof BrandFields) => (value: string) => setFields({ ...fields, [name]: value });
  return (
    <FormDialog
      title={`Brand of ${tenant.name}`}
      submit="Save"
      onClose={onClose}
      onSubmit={() => call("PATCH", addressOfTenant(tenant.id), { json: { brand: brandOf(fields) } })}
      onDone={() => {
        say("Saved; it shows in a moment.");
        setTimeout(lookAgain, heardAfterMs);
        onClose();
      }}
    >
      {(problem) => (
        <>
          <p>
            How this console looks for who signs in with a key of it, or of a tenant below it without a brand
            of its own.
          </p>
          <TextField
            label="Name"
            value={fields.name}
            onValue={setField("name")}
            placeholder={tenant.name}
            mistake={fieldProblem(problem, "brand.name")}
          />
          <TextField
            label="Logo"
            type="url"
            value={fields.logoUrl}
            onValue={setField("logoUrl")}
            placeholder="https://"
            hint="Its address; a square reads best."
            mistake={fieldProblem(problem, "brand.logo_url")}
          />
          <TextField
            label="Colour"
            value={fields.colour}
            onValue={setField("colour")}
            placeholder="#0a6e4f"
            hint="Of links and buttons; made darker or lighter where it could not be read."
            mistake={fieldProblem(problem, "brand.colour")}
          />
        </>
      )}
    </FormDialog>
  );
}
