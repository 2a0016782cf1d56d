/** Sessions as they are now; their sealed credentials are not for this house. */
import type { SessionState } from "@wamesh/events";
import type { Row, View } from "../view.ts";

export const session: View = {
  table: "session",
  registers: { version: ["version"] },
  columns: {
    tenant: ["id", "key"],
    session: ["id", "key"],
    version: ["bigint", "with version"],
    status: ["text", "with version"],
    provider: ["text", "with version"],
    account: ["text", "with version"],
    provider_ref: ["text", "with version"],
    name: ["text", "with version"],
    phone: ["text", "with version"],
    rate_per_s: ["double", "with version"],
    changed_at: ["time", "with version"],
  },
};

export function rowOfSession(record: SessionState): Row {
  return {
    tenant: record.tenant,
    session: record.session,
    version: record.version,
    status: record.status,
    provider: record.provider,
    account: record.account,
    provider_ref: record.provider_ref,
    name: record.name,
    phone: record.phone,
    rate_per_s: record.rate_per_s,
    changed_at: record.changed_at,
  };
}
