/**
 * Counters per tenant, exact: every row that enters a counted state or leaves one moves them, in the transaction that moves
 * the row. A sum of moves does not depend on their order, so the counters are as commutative as the rows.
 */
import type { Tx } from "@wamesh/store";
import type { Moved } from "./upsert.ts";

export type CounterDelta = { tenant: string; name: string; value: number };

/** What the moves add up to; in the order in which the rows are locked. */
export function counterDeltas(moved: readonly Moved[]): CounterDelta[] {
  const sums = new Map<string, CounterDelta>();
  const add = (tenant: string, name: string | null, n: number) => {
    if (name === null) return;
    const id = JSON.stringify([tenant, name]);
    const sum = sums.get(id) ?? { tenant, name, value: 0 };
    sums.set(id, { ...sum, value: sum.value + n });
  };
  for (const { tenant, was, became, n } of moved) {
    add(tenant, was, -n);
    add(tenant, became, n);
  }
  return [...sums.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, delta]) => delta)
    .filter(({ value }) => value !== 0);
}

export async function addToCounters(tx: Tx, deltas: readonly CounterDelta[]): Promise<void> {
  if (deltas.length === 0) return;
  await tx`
    insert into tenant_counter as t (tenant, name, value)
    select tenant, name, value
    from json_to_recordset(${JSON.stringify(deltas)}::text::json) as r(tenant text, name text, value bigint)
    order by tenant collate "C", name collate "C"
    on conflict (tenant, name) do update set value = t.value + excluded.value`;
}

/** Counts of messages by where they stand: accepted = waiting + in_doubt + unconfirmed + sent + failed + expired + cancelled. */
export type Counters = {
  accepted: number;
  queued: number;
  waiting: number;
  in_doubt: number;
  unconfirmed: number;
  sent: number;
  delivered: number;
  read: number;
  failed: number;
  expired: number;
  cancelled: number;
  inbound: number;
  events: number;
};

/** `values`: counter name → value. A message counts as sent when it was sent or has come further; delivered likewise. */
export function countersOf(values: Readonly<Record<string, number>>): Counters {
  const sum = (...names: string[]) => names.reduce((total, name) => total + (values[name] ?? 0), 0);
  const read = sum("read", "played");
  const delivered = read + sum("delivered");
  const sent = delivered + sum("sent");
  const waiting = sum("accepted", "queued", "claimed");
  const [inDoubt, unconfirmed] = [sum("in_doubt"), sum("unconfirmed")];
  const [failed, expired, cancelled] = [sum("failed"), sum("expired"), sum("cancelled")];
  return {
    accepted: waiting + inDoubt + unconfirmed + sent + failed + expired + cancelled,
    queued: sum("queued"),
    waiting,
    in_doubt: inDoubt,
    unconfirmed,
    sent,
    delivered,
    read,
    failed,
    expired,
    cancelled,
    inbound: sum("inbound"),
    events: sum("events"),
  };
}
