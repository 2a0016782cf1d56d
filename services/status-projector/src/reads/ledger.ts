/** The conservation ledger: what was accepted in each hour, and what became of it. */
import type { Tx } from "@wamesh/store";
import type { Span } from "./activity.ts";

export type LedgerRow = {
  at: Date;
  tenant: string;
  accepted: number;
  final: number;
  waiting: number;
  doubtful: number;
};

/** Newest hour first. `after`: hour (epoch ms) and tenant of the last row of the page before. */
export async function readLedger(
  tx: Tx,
  tenants: readonly string[],
  { from, to }: Span,
  after: readonly [number, string] | null,
  limit: number,
): Promise<LedgerRow[]> {
  return await tx<LedgerRow[]>`
    select at, tenant, accepted, final, waiting, doubtful from ledger
    where tenant = any(${tenants}) and at >= ${new Date(from)} and at < ${new Date(to)}
      and (accepted <> 0 or final <> 0 or waiting <> 0 or doubtful <> 0)
      ${after === null ? tx`` : tx`and (at < ${new Date(after[0])} or (at = ${new Date(after[0])} and tenant > ${after[1]}))`}
    order by at desc, tenant limit ${limit}`;
}
