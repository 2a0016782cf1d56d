/** Where a page of a list by time begins, and which time it is about. */
import type { Tx } from "@wamesh/store";

/** Sort key of the last item of the page before. */
export type After = { occurredAt: number; id: string } | null;
/** From `since` on, before `until`; epoch ms. */
export type Period = { since?: number | undefined; until?: number | undefined };

/** For lists sorted by `occurred_at desc, event_id desc`. */
export function within(tx: Tx, { since, until }: Period, after: After) {
  return tx`
    ${since === undefined ? tx`` : tx`and occurred_at >= ${new Date(since)}`}
    ${until === undefined ? tx`` : tx`and occurred_at < ${new Date(until)}`}
    ${after === null ? tx`` : tx`and (occurred_at, event_id) < (${new Date(after.occurredAt)}, ${after.id})`}`;
}
