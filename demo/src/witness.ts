/** What the simulator's ledger and the status API say: the demo counts by these, never by the services' own counters. */
import { openApi } from "./api.ts";
import type { TenantName } from "./world.ts";

export type LedgerTotals = { received: number; duplicates: number; rate_violations: number };
export type LedgerMessage = {
  id: string;
  ref: string | null;
  sender: string;
  recipient: string;
  received_at_ms: number | null;
};

export type Counters = Record<
  | "accepted"
  | "queued"
  | "in_doubt"
  | "sent"
  | "delivered"
  | "read"
  | "failed"
  | "expired"
  | "cancelled"
  | "unconfirmed"
  | "waiting",
  number
>;

async function get<Answer>(url: string): Promise<Answer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as Answer;
}

export function ledgerTotals(simulator: string): Promise<LedgerTotals> {
  return get<LedgerTotals>(`${simulator}/_sim/ledger`);
}

/** The first sends above a rate, in words, for whoever must find out why. */
export async function violations(simulator: string): Promise<string[]> {
  type Row = { at_ms: number; sender: string; kind: string; early_by_ms: number };
  const { violations: rows } = await get<{ violations: Row[] }>(`${simulator}/_sim/ledger/violations`);
  return rows
    .slice(0, 10)
    .map(
      (row) =>
        `${new Date(row.at_ms).toISOString()} ${row.sender}: ${row.kind}, ${row.early_by_ms} ms too early`,
    );
}

/**
 * A reader of every message the simulator saw, oldest first. Each call reads only what is new, so that watching a long run
 * costs no more at its end than at its beginning.
 */
export function openLedger(simulator: string): () => Promise<readonly LedgerMessage[]> {
  const all: LedgerMessage[] = [];
  let cursor = 0;
  return async () => {
    for (;;) {
      const page: { messages: (LedgerMessage & { seq: number })[]; next_cursor: number | null } = await get(
        `${simulator}/_sim/ledger/messages?cursor=${cursor}&limit=2000`,
      );
      all.push(...page.messages);
      const last = page.messages.at(-1);
      if (last !== undefined) cursor = last.seq + 1;
      if (page.next_cursor === null) return all;
    }
  };
}

export function counters(
  origin: string,
  keys: Record<TenantName, string>,
  tenant: TenantName,
): Promise<Counters> {
  return openApi({ origin, key: keys[tenant], patienceMs: 20_000 }).call<Counters>(
    "GET",
    "/v1/status/counters",
  );
}

/** Messages about which nothing more will be decided here: they left, or never will. */
export function finished(c: Counters): number {
  return c.sent + c.failed + c.expired + c.cancelled;
}
