/** How campaigns' messages end, into their counts: by it a campaign completes, stops, and knows whom to try again. */
import { setTimeout as sleep } from "node:timers/promises";
import type { MessageStatus } from "@wamesh/events";
import type { Batch } from "@wamesh/kafka";
import { advanceCursor, isStoreUnavailable, lockCursor, type Sql, type Tx, withTenants } from "@wamesh/store";
import { addSent, sentIn } from "../limits/sent-by-day.ts";
import { foldOutcomes, lockCampaign, type Moved } from "./campaign-store.ts";
import { type MoveDeps, moved, save } from "./move-campaign.ts";
import { outcomesIn, withOutcomes } from "./outcomes.ts";

export type OutcomeDeps = MoveDeps & {
  sql: Sql;
  /** Names the cursors. */
  consumer: string;
  /** Told of each failure of Postgres that is waited for. */
  onError: (error: unknown) => void;
};

const pauseMs = 500;

/**
 * Handler of wa.message.status. Twice is harmless: what was applied lies below the cursor, which moves in the same transaction,
 * and a message's outcome only ever rises in rank, in whatever order it is told. Postgres away stops the partition and not the
 * process.
 */
export function createOutcomeWorker(deps: OutcomeDeps) {
  return async (batch: Batch<MessageStatus>): Promise<undefined> => {
    for (;;) {
      try {
        await apply(deps, batch);
        return;
      } catch (error) {
        if (!isStoreUnavailable(error)) throw error;
        deps.onError(error);
        await sleep(pauseMs, undefined, { signal: batch.signal });
      }
    }
  };
}

async function apply(deps: OutcomeDeps, batch: Batch<MessageStatus>): Promise<void> {
  const { topic, partition } = batch;
  const position = { consumer: deps.consumer, cluster: batch.clusterId, topic, partition };
  await withTenants(deps.sql, "all", async (tx) => {
    const cursor = (await lockCursor(tx, position)) ?? 0;
    const fresh = batch.records.filter(({ offset }) => Number(offset) >= cursor).map(({ record }) => record);
    const outcomes = outcomesIn(fresh);
    if (outcomes.length > 0) await count(tx, deps, await foldOutcomes(tx, outcomes));
    await addSent(tx, sentIn(fresh));
    await advanceCursor(tx, position, Number(batch.nextOffset));
  });
}

/** In the order of ids, so that two partitions of a large tenant wait for each other and do not deadlock. */
async function count(tx: Tx, deps: MoveDeps, moves: readonly Moved[]): Promise<void> {
  const byCampaign = Map.groupBy(moves, ({ campaign }) => campaign);
  for (const id of [...byCampaign.keys()].sort()) {
    const its = byCampaign.get(id)!;
    const row = await lockCampaign(tx, its[0]!.tenant, id);
    // A record may name any campaign.
    if (row === undefined) continue;
    const counted = withOutcomes(row, its);
    await save(tx, deps, row, moved(counted, { kind: "progress" }, deps.now()).row);
  }
}
