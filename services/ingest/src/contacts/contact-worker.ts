/** What people write, as far as contacts go: which number they wrote to last, and what they say of messages. */
import { type InboundMessage, opensWindow, personsOf, personTokens } from "@wamesh/events";
import type { Batch } from "@wamesh/kafka";
import { advanceCursor, lockCursor, type Sql, withTenants } from "@wamesh/store";
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
};

/**
 * Handler of wa.message.inbound. Twice is harmless: what was applied lies below the cursor, which moves in the same transaction; and were it
 * not, the later time and the later word win. Read in another order it comes to the same.
 */
export function createContactWorker(deps: ContactDeps) {
  return async (batch: Batch<InboundMessage>): Promise<undefined> => {
    const { topic, partition } = batch;
    const position = { consumer: deps.consumer, cluster: batch.clusterId, topic, partition };
    await withTenants(deps.sql, "all", async (tx) => {
      const cursor = (await lockCursor(tx, position)) ?? 0;
      const fresh = batch.records
        .filter(({ offset }) => Number(offset) >= cursor)
        .map(({ record }) => record);
      await noteWrote(
        tx,
        fresh.flatMap((record) => wroteIn(deps, record)),
      );
      // A partition has all records of its tenants, so two batches never have the same rows; a request that has one waits for nothing else.
      for (const { tenant, tokens, said } of fresh.flatMap((record) => wordsIn(deps, record)))
        await changeConsent(tx, deps, tenant, tokens, said);
      await advanceCursor(tx, position, Number(batch.nextOffset));
    });
  };
}

function wroteIn({ tokenKeys, now }: ContactDeps, record: InboundMessage): Wrote[] {
  if (!opensWindow(record)) return [];
  const { tenant, session } = record;
  // A sender's clock ahead of ours must not win over what is written later.
  const at = Math.min(record.occurred_at, now());
  return personsOf(record).map((person) => ({
    tenant,
    person: personTokens(tokenKeys.slice(0, 1), tenant, person)[0]!,
    session,
    at,
  }));
}

/** Under every name of the writer. */
function wordsIn(
  { tokenKeys }: ContactDeps,
  record: InboundMessage,
): { tenant: string; tokens: string[]; said: Said }[] {
  const words = saidIn(record);
  if (words.length === 0) return [];
  const { tenant } = record;
  return personsOf(record).flatMap((person) => {
    const tokens = personTokens(tokenKeys, tenant, person);
    return words.map((said) => ({ tenant, tokens, said }));
  });
}
