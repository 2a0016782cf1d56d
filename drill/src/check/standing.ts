/** Where each ledger stands on one message, for whoever must find out why. Pure. */
import type { Evidence } from "../ledgers.ts";

export function standing(evidence: Evidence, id: string): string[] {
  const { accepted, arrivals, stores, topics } = evidence;
  const client = accepted.find((message) => message.id === id);
  const record = topics.outbound.find((one) => one.message_id === id);
  const statuses = topics.statuses.filter((one) => one.message_id === id);
  const arrival = arrivals.find((one) => one.id === id);
  const shown = stores.projection.get(id);
  const schedule = [
    stores.pending.has(id) ? "pending" : null,
    stores.attempts.has(id) ? "claimed" : null,
    stores.done.get(id) ?? null,
  ].filter((word) => word !== null);
  return [
    client === undefined
      ? "client      never answered 202"
      : `client      202 at ${time(client.acceptedAt)}, ${client.tenant} ${client.lane} to ${client.to}, ${client.doubtPolicy}`,
    record === undefined
      ? "lane        nothing"
      : `lane        partition ${record.partition}, offset ${record.offset}`,
    `statuses    ${statuses.map((one) => `${one.status}/${one.claim}${one.origin === "provider" ? " (receipt)" : ""}`).join(", ") || "none"}`,
    arrival === undefined
      ? "provider    nothing"
      : `provider    ${arrival.requests} requests, taken ${arrival.accepted} times, first at ${arrival.receivedAt === null ? "never" : time(arrival.receivedAt)}, last answer ${arrival.outcome}`,
    `schedule    ${schedule.join(", ") || "nothing"}`,
    `read model  ${shown?.status ?? "nothing"}`,
  ];
}

function time(ms: number): string {
  return new Date(ms).toISOString().slice(11, 23);
}
