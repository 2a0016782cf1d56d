/** How much of a plan's day is used: messages that left, counted from what the dispatcher tells, by the day of UTC that plans mean. */
import type { MessageStatus } from "@wamesh/events";
import { type Sql, type Tx, withTenants } from "@wamesh/store";

type Told = Pick<MessageStatus, "tenant" | "status" | "origin" | "occurred_at">;

export type SentInDay = { tenant: string; day: string; sent: number };

/** `2026-11-22`. */
export const dayOf = (epochMs: number) => new Date(epochMs).toISOString().slice(0, 10);

/** Only the dispatcher's own word: a provider's receipt would count a message twice. In the order of keys, against deadlocks. Pure. */
export function sentIn(statuses: readonly Told[]): SentInDay[] {
  const found = new Map<string, SentInDay>();
  for (const { tenant, status, origin, occurred_at } of statuses) {
    if (status !== "sent" || origin !== "mesh") continue;
    const day = dayOf(occurred_at);
    const key = JSON.stringify([tenant, day]);
    const known = found.get(key);
    if (known === undefined) found.set(key, { tenant, day, sent: 1 });
    else known.sent++;
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** In the transaction that moves the cursor below which these were counted. */
export async function addSent(tx: Tx, counts: readonly SentInDay[]): Promise<void> {
  if (counts.length === 0) return;
  await tx`
    insert into sent_by_day ${tx([...counts])}
    on conflict (tenant, day) do update set sent = sent_by_day.sent + excluded.sent`;
}

export async function sentOn(sql: Sql, tenant: string, nowMs: number): Promise<number> {
  const [row] = await withTenants(
    sql,
    [tenant],
    (tx) => tx<{ sent: number }[]>`
      select sent from sent_by_day where tenant = ${tenant} and day = ${dayOf(nowMs)}`,
  );
  return row?.sent ?? 0;
}

/** Days before yesterday: late statuses still find theirs. */
export async function forgetDays(tx: Tx, nowMs: number): Promise<void> {
  await tx`delete from sent_by_day where day < ${dayOf(nowMs - 2 * 86_400_000)}`;
}
