/** A batch of records in: rows out, and what no table could hold is given up by itself. */
import { type MessageStatus, reasonCodes, topics } from "@wamesh/events";
import type { Batch, Dead } from "@wamesh/kafka";
import type { Sql } from "@wamesh/store";
import { applyBatch, type RecordEntries } from "./apply.ts";
import type { Source } from "./project.ts";
import { type Entry, refusal } from "./view.ts";

export type Folded = {
  topic: string;
  partition: number;
  records: number;
  fresh: number;
  refused: number;
  /** Those among the fresh records. */
  statuses: readonly MessageStatus[];
  durationMs: number;
};

/**
 * `consumer` names the cursors. A second delivery is harmless: it lies below the cursor that `applyBatch` moves in the same
 * transaction as the rows. Refusals don't depend on the cursor, so a crash before they were produced makes them again.
 */
export function createHandler(deps: {
  sql: Sql;
  consumer: string;
  sources: readonly Source[];
  onFolded: (folded: Folded) => void;
}): (batch: Batch<unknown>) => Promise<Dead[]> {
  const sourceOf = new Map(deps.sources.map((source) => [source.topic.name, source]));
  return async ({ topic, partition, records, nextOffset, clusterId }) => {
    const startedMs = performance.now();
    const source = sourceOf.get(topic)!;
    const dead: Dead[] = [];
    const usable: RecordEntries[] = [];
    for (const record of records) {
      const entries = source.entries(record.record);
      const why = refusalOf(entries);
      if (why === null) usable.push({ offset: Number(record.offset), entries });
      else {
        const { fault_class } = reasonCodes.invalid_record;
        dead.push({
          record,
          reason: { code: "invalid_record", fault_class, provider_code: null, detail: why },
        });
      }
    }
    const position = { consumer: deps.consumer, cluster: clusterId, topic, partition };
    const { fresh, cursor } = await applyBatch(deps.sql, position, usable, Number(nextOffset));
    const durationMs = performance.now() - startedMs;
    const statuses = topic === topics.messageStatus.name ? freshOf(records, cursor) : [];
    const facts = { topic, partition, records: records.length, fresh, refused: dead.length };
    deps.onFolded({ ...facts, statuses, durationMs });
    return dead;
  };
}

function freshOf(records: Batch<unknown>["records"], cursor: number): MessageStatus[] {
  return records.flatMap(({ offset, record }) => (Number(offset) < cursor ? [] : [record as MessageStatus]));
}

function refusalOf(entries: readonly Entry[]): string | null {
  for (const { view, row } of entries) {
    const why = refusal(view, row);
    if (why !== null) return why;
  }
  return null;
}
