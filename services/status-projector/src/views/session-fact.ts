/** What a number or its account last was found to be: its quality and its limit, in the provider's words. */
import type { SessionEvent } from "@wamesh/events";
import type { Row, View } from "../view.ts";

export const sessionFact: View = {
  table: "session_fact",
  registers: { found: ["occurred_at", "event_id", "value"] },
  columns: {
    tenant: ["id", "key"],
    /** Empty: of the account as a whole. */
    session: ["id", "key"],
    account: ["id", "key"],
    kind: ["id", "key"],
    value: ["text", "with found"],
    event_id: ["id", "with found"],
    occurred_at: ["time", "with found"],
  },
};

export function rowsOfSessionFact(record: SessionEvent): Row[] {
  const { tenant, session, account, kind, value, event_id, occurred_at } = record;
  if ((kind !== "quality" && kind !== "limit") || value === null) return [];
  return [{ tenant, session, account, kind, value, event_id, occurred_at }];
}
