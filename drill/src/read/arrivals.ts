/** The third ledger: what the simulator received. */
import { openLedger } from "@wamesh/testing/outside";
import type { Arrival, Outbound } from "../ledgers.ts";

/** From the beginning, because an entry changes when its message comes again. WasenderApi carries no id of ours; the marker in the text does. */
export async function readArrivals(simulator: string, outbound: readonly Outbound[]): Promise<Arrival[]> {
  const byRef = new Map(outbound.map((record) => [record.external_ref, record.message_id]));
  const entries = await openLedger(simulator)();
  return entries.map((entry) => ({
    id: (entry.ref === null ? undefined : byRef.get(entry.ref)) ?? entry.id,
    sender: entry.sender,
    recipient: entry.recipient,
    requests: entry.requests,
    accepted: entry.accepted,
    receivedAt: entry.received_at_ms,
    outcome: entry.outcome,
    told: entry.callbacks.sent_at_ms !== null,
  }));
}
