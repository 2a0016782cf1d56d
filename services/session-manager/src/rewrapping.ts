/**
 * Rotation of the key ring without a pause: data keys wrapped by an older ring key are wrapped anew by the newest, a few at
 * a time, and each session is published again. Ciphertexts stay as they are. A second time is harmless: what is under the
 * newest key is left alone, so a crash costs no more than a batch that is done again.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { topics } from "@wamesh/events";
import type { LeaseKeeper, Tx } from "@wamesh/store";
import type { Vault } from "@wamesh/vault";
import { type Change, type Changer, ourselves } from "./change.ts";
import { type RehashDeps, rehashBatch } from "./rehashing.ts";
import type { SessionRow } from "./rows.ts";
import { announce, findCredentials, isPending } from "./session-change.ts";

/** 200 sessions a second: ten thousand in a minute, beside everything else that is published. */
const batchSessions = 50;
const betweenBatchesMs = 250;
/** Until the next round: an instance of the previous settings may have sealed something since. */
const betweenRoundsMs = 60_000;

export type Batch = {
  rewrapped: number;
  /** Wrapped by a key that this ring lacks, or not ours to open: left as they are. */
  unreadable: number;
  /** Where the next batch begins; null after the last one. */
  after: string | null;
};

/** The next few sessions after `after`. Those locked by a change at this moment are left to the next round. */
export async function rewrapBatch(
  change: Change,
  { vault, newest }: { vault: Pick<Vault, "rewrap">; newest: string },
  after: string,
  limit: number,
): Promise<Batch> {
  const { tx } = change;
  const rows = await tx<SessionRow[]>`
    select session.* from session join credential on credential.session = session.id
    where credential.key_ring_id <> ${newest} and session.id > ${after}
    order by session.id limit ${limit}
    for update of session skip locked`;
  const batch: Batch = {
    rewrapped: 0,
    unreadable: 0,
    after: rows.length < limit ? null : rows.at(-1)!.id,
  };
  for (const row of rows) {
    // Read again under the lock: it may have been replaced since the query began.
    const old = await findCredentials(tx, row.id);
    if (old === undefined || old.key_ring_id === newest) continue;
    const sealed = vault.rewrap(old, { tenant: row.tenant, session: row.id });
    if (sealed === null) {
      batch.unreadable++;
      continue;
    }
    await tx`
      update credential set key_ring_id = ${sealed.key_ring_id}, wrapped_key = ${Buffer.from(sealed.wrapped_key)}
      where session = ${row.id}`;
    batch.rewrapped++;
    // Kept only until it is removed at its provider: nobody else reads them.
    if (row.status === "deleted") continue;
    const [raised] = await tx<SessionRow[]>`
      update session set version = version + 1, changed_at = clock_timestamp() where id = ${row.id} returning *`;
    announce(change, raised!, isPending(raised!) ? null : sealed, null);
  }
  return batch;
}

/** How many credentials each ring key wraps, and how many sessions' records wait to be published. */
export async function ringUse(tx: Tx): Promise<{ wrapped: Map<string, number>; unpublished: number }> {
  const keys = await tx<{ id: string; count: number }[]>`
    select key_ring_id as id, count(*)::int as count from credential group by key_ring_id`;
  const [waiting] = await tx<{ count: number }[]>`
    select count(*)::int as count from config_outbox where topic = ${topics.sessionState.name}`;
  return { wrapped: new Map(keys.map(({ id, count }) => [id, count])), unpublished: waiting!.count };
}

export function startRewrapping(deps: {
  changer: Changer;
  vault: Pick<Vault, "rewrap">;
  /** Id of the newest ring key. */
  newest: string;
  rehash: RehashDeps;
  lease: (onError: (error: unknown) => void) => LeaseKeeper;
  log: { info(facts: object, text: string): void; warn(facts: object, text: string): void };
}): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let keptBefore = 0;
  const lease = deps.lease((err) => deps.log.warn({ err }, "the lease of rewrapping is not to be had"));
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => {});

  /** Every session once. Ends early where another instance has the lease. */
  async function round(): Promise<void> {
    const done = { rewrapped: 0, unreadable: 0, rehashed: 0, kept: 0 };
    await inBatches(async (change, after) => {
      const batch = await rewrapBatch(change, deps, after, batchSessions);
      done.rewrapped += batch.rewrapped;
      done.unreadable += batch.unreadable;
      return batch.after;
    });
    await inBatches(async (change, after) => {
      const batch = await rehashBatch(change, deps.rehash, after, batchSessions);
      done.rehashed += batch.rehashed;
      done.kept += batch.kept;
      return batch.after;
    });
    tell(done);
  }

  async function inBatches(work: (change: Change, after: string) => Promise<string | null>): Promise<void> {
    for (let after: string | null = ""; after !== null && !stopping.signal.aborted; ) {
      if (lease.held(5_000) === null) return;
      const from: string = after;
      after = await deps.changer.change("all", ourselves, (change) => work(change, from));
      if (after !== null) await pause(betweenBatchesMs);
    }
  }

  function tell({
    rehashed,
    kept,
    ...done
  }: Record<"rewrapped" | "unreadable" | "rehashed" | "kept", number>): void {
    const { id: pepper } = deps.rehash.newestPepper;
    if (rehashed > 0) deps.log.info({ rehashed, pepper }, "callback secrets hashed anew");
    // Said once, not each minute: it is for people to do something about.
    if (kept > 0 && kept !== keptBefore)
      deps.log.warn({ kept, pepper }, "callback secrets that must be sent again");
    keptBefore = kept;
    if (done.rewrapped > 0) deps.log.info({ ...done, ring_key: deps.newest }, "credentials rewrapped");
    if (done.unreadable > 0)
      deps.log.warn({ ...done, ring_key: deps.newest }, "credentials of a ring key that is not known here");
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      const held = lease.held(5_000) !== null;
      if (held) await round().catch((err: unknown) => deps.log.warn({ err }, "rewrapping was interrupted"));
      await pause(held ? betweenRoundsMs : betweenBatchesMs);
    }
  }

  const running = loop();
  return {
    async stop() {
      stopping.abort();
      await running;
      await lease.stop();
    },
  };
}
