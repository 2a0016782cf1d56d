/** Whether people want a tenant's messages, as it stands; people are tokens here. */
import type { ContactConsent } from "@wamesh/events";
import type { Row, View } from "../view.ts";

export const contactConsent: View = {
  table: "contact_consent",
  registers: { version: ["version"] },
  columns: {
    tenant: ["id", "key"],
    recipient_token: ["id", "key"],
    scope: ["id", "key"],
    version: ["bigint", "with version"],
    opted_out: ["boolean", "with version"],
    source: ["text", "with version"],
    proof: ["text", "with version"],
    occurred_at: ["time", "with version"],
    changed_at: ["time", "with version"],
  },
};

export function rowOfConsent(record: ContactConsent): Row {
  return {
    tenant: record.tenant,
    recipient_token: record.recipient_token,
    scope: record.scope,
    version: record.version,
    opted_out: record.opted_out,
    source: record.source,
    proof: record.proof,
    occurred_at: record.occurred_at,
    changed_at: record.changed_at,
  };
}
