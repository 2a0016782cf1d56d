/**
 * One Kafka batch becomes rows in one transaction, together with the cursor of its partition. What comes a second time lies
 * below the cursor and is dropped; and were it not, the joins of the views are idempotent and counters and tallies follow the
 * rows.
 */
import { advanceCursor, lockCursor, type Sql, type StreamPosition, withTenants } from "@wamesh/store";
import { addToTally } from "./add-to-tally.ts";
import { addToCounters, counterDeltas } from "./counters.ts";
import { views } from "./project.ts";
import { noteChanges } from "./stream/changes.ts";
import { changesOf } from "./stream/kinds.ts";
import { tallyDeltas } from "./tally.ts";
import { upsert } from "./upsert.ts";
import { type Entry, joinRows } from "./view.ts";

export type RecordEntries = { offset: number; entries: readonly Entry[] };

/** Returns how many of the records were new, and the offset from which they are. Throws when the store is away: then nothing happened. */
export async function applyBatch(
  sql: Sql,
  position: StreamPosition,
  records: readonly RecordEntries[],
  nextOffset: number,
): Promise<{ fresh: number; cursor: number }> {
  return await withTenants(sql, "all", async (tx) => {
    const cursor = (await lockCursor(tx, position)) ?? 0;
    const fresh = records.filter((record) => record.offset >= cursor);
    const entries = fresh.flatMap((record) => record.entries);
    // Not awaited one by one: one connection runs them in this order without a round trip in between.
    const upserted = await Promise.all(
      views.map((view) => {
        const rows = entries.filter((entry) => entry.view === view).map((entry) => entry.row);
        return upsert(tx, view, joinRows(view, rows));
      }),
    );
    await Promise.all(
      views.flatMap(({ tallies = [] }, i) =>
        tallies.map((tally) => addToTally(tx, tally, tallyDeltas(tally, upserted[i]!.changes))),
      ),
    );
    // Last, because a tenant's counters are the rows that concurrent transactions are most likely to share.
    await Promise.all([
      noteChanges(tx, changesOf(entries)),
      addToCounters(tx, counterDeltas(upserted.flatMap(({ moved }) => moved))),
      advanceCursor(tx, position, nextOffset),
    ]);
    return { fresh: fresh.length, cursor };
  });
}
