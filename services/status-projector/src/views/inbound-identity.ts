/** All names of who wrote an inbound message, so that a person is found by any of them. Personal data. */
import type { InboundMessage } from "@wamesh/events";
import type { Row, View } from "../view.ts";

export const inboundIdentity: View = {
  table: "inbound_identity",
  registers: {},
  columns: {
    tenant: ["id", "key"],
    event_id: ["id", "key"],
    value: ["id", "key"],
    kind: ["text", "greatest"],
    /** In the provider's order. */
    place: ["integer", "least"],
  },
};

/** The sender itself is one of them, whether the provider listed it or not. */
export function rowsOfIdentities({ tenant, event_id, sender, identities }: InboundMessage): Row[] {
  const listed = identities.some(({ value }) => value === sender.value);
  const names = listed ? identities : [sender, ...identities];
  return names.map(({ kind, value }, place) => ({ tenant, event_id, value, kind, place }));
}
