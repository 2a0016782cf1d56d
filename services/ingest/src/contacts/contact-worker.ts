/** What people write, as far as contacts go: which number they wrote to last, and what they say of messages. */
import { setTimeout as sleep } from "node:timers/promises";
import { type InboundMessage, opensWindow, personsOf, personTokens } from "@wamesh/events";
import type { Batch } from "@wamesh/kafka";
import { advanceCursor, isStoreUnavailable, lockCursor, type Sql, withTenants } from "@wamesh/store";
import type { Records } from "../records.ts";
import { changeConsent } from "./change-consent.ts";
import { type Said, saidIn } from "./consent.ts";
import { noteWrote, type Wrote } from "./store.ts";

export type ContactDeps = {
  sql: Sql;
  records: Pick<Records, "consent">;
  /** Newest first. */
  tokenKeys: readonly string[];
  /** Names the cursors. */
  consumer: string;
  now: () => number;
  /** Told of each failure of Postgres that is waited for. */
  onError: (error: unknown) => void;
};

/**
 * Handler of wa.message.inbound. Twice is harmless: what was applied lies below the cursor, which moves in the same
 * transaction; and were it not, the later time and the later word win. Read in another order it comes to the same.
 * Postgres away stops the partition and not the process: the API beside it works on.
 */
export function createContactWorker(deps: ContactDeps) {
  return async (batch: Batch<InboundMessage>): Promise<undefined> => {
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

const pauseMs = 500;

async function apply(deps: ContactDeps, batch: Batch<InboundMessage>): Promise<void> {
  const { topic, partition } = batch;
  const position = { consumer: deps.consumer, cluster: batch.clusterId, topic, partition };
  await withTenants(deps.sql, "all", async (tx) => {
    const cursor = (await lockCursor(tx, position)) ?? 0;
    const fresh = batch.records.filter(({ offset }) => Number(offset) >= cursor).map(({ record }) => record);
    await noteWrote(
      tx,
      fresh.flatMap((record) => wroteIn(deps, record)),
    );
    // In the order of rows, so that two transactions wait for each other and do not deadlock: a large tenant's people may
    // write to several partitions. The order in which words are applied does not matter.
    const words = fresh
      .flatMap((record) => wordsIn(deps, record))
      .sort((a, b) => (rowOf(a) < rowOf(b) ? -1 : 1));
    for (const { tenant, tokens, said } of words) await changeConsent(tx, deps, tenant, tokens, said);
    await advanceCursor(tx, position, Number(batch.nextOffset));
  });
}

function wroteIn({ tokenKeys, now }: ContactDeps, record: InboundMessage): Wrote[] {
  if (!opensWindow(record)) return [];
  const { tenant, session } = record;
  const at = notAhead(record.occurred_at, now());
  return personsOf(record).map((person) => ({
    tenant,
    person: personTokens(tokenKeys.slice(0, 1), tenant, person)[0]!,
    session,
    at,
  }));
}

type Word = { tenant: string; tokens: string[]; said: Said };

/** Under every name of the writer. */
function wordsIn({ tokenKeys, now }: ContactDeps, record: InboundMessage): Word[] {
  const words = saidIn({ ...record, occurred_at: notAhead(record.occurred_at, now()) });
  if (words.length === 0) return [];
  const { tenant } = record;
  return personsOf(record).flatMap((person) => {
    const tokens = personTokens(tokenKeys, tenant, person);
    return words.map((said) => ({ tenant, tokens, said }));
  });
}

const rowOf = ({ tenant, tokens, said }: Word) => `${tenant} ${tokens[0]} ${said.scope}`;

/** A sender's clock ahead of ours must not win over what is said later, and no time is one that a column can't hold. */
function notAhead(at: number, now: number): number {
  return Math.max(0, Math.min(at, now));
}
