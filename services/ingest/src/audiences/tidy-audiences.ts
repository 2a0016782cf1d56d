/**
 * Removes lists that nobody uses any more, what earlier uploads left, and how messages of long ended campaigns ended. Several
 * processes may do it at once: it only deletes what is void.
 */
import { type Sql, withTenants } from "@wamesh/store";

const everyMs = 60_000;
/** A list is kept so long after it was last uploaded or last used by a campaign. */
export const keptMs = 30 * 24 * 3_600_000;
/** An upload of which nothing came for so long has broken off with its process. */
const brokenMs = 5 * 60_000;
/** Rows in one transaction: a million at once would take longer than a statement may. */
const chunkRows = 5_000;

export async function tidyAudiences(sql: Sql, nowMs: number): Promise<number> {
  const broken = new Date(nowMs - brokenMs);
  const old = new Date(nowMs - keptMs);
  await withTenants(sql, "all", async (tx) => {
    await tx`
      update audience set state = 'failed', problem = 'The upload broke off. Put the file again.', changed_at = clock_timestamp()
      where state = 'reading' and changed_at < ${broken}`;
    await tx`
      update audience a set state = 'deleted', changed_at = clock_timestamp()
      where state <> 'deleted' and changed_at < ${old} and not exists (
        select 1 from campaign c where c.audience = a.id
          and (c.state not in ('draft', 'completed', 'cancelled') or c.changed_at >= ${old}))`;
  });
  const over = await withTenants(
    sql,
    "all",
    (tx) => tx<{ id: string; upload: number; state: string }[]>`
      select id, upload, state from audience where state = 'deleted' or removed < upload - 1 limit 100`,
  );
  let removed = 0;
  for (const { id, upload, state } of over) {
    const upTo = state === "deleted" ? upload : upload - 1;
    removed += await inChunks(
      sql,
      (tx) => tx`
      delete from audience_member where (audience, upload, line) in (
        select audience, upload, line from audience_member where audience = ${id} and upload <= ${upTo} limit ${chunkRows})`,
    );
    await withTenants(sql, "all", async (tx) => {
      await tx`delete from audience_error where audience = ${id} and upload <= ${upTo}`;
      if (state === "deleted") await tx`delete from audience where id = ${id} and state = 'deleted'`;
      else await tx`update audience set removed = greatest(removed, ${upTo}) where id = ${id}`;
    });
  }
  const ended = await withTenants(
    sql,
    "all",
    (tx) => tx<{ id: string }[]>`
      select id from campaign c where state in ('completed', 'cancelled') and changed_at < ${old}
        and (exists (select 1 from campaign_outcome o where o.campaign = c.id) or exists (select 1 from campaign_skip s where s.campaign = c.id))
      limit 100`,
  );
  for (const { id } of ended) {
    removed += await inChunks(
      sql,
      (tx) => tx`
      delete from campaign_outcome where campaign = ${id} and message in (
        select message from campaign_outcome where campaign = ${id} limit ${chunkRows})`,
    );
    await withTenants(sql, "all", (tx) => tx`delete from campaign_skip where campaign = ${id}`);
  }
  return removed;
}

async function inChunks(
  sql: Sql,
  remove: (tx: Parameters<Parameters<typeof withTenants>[2]>[0]) => PromiseLike<{ count: number }>,
): Promise<number> {
  let removed = 0;
  for (;;) {
    const { count } = await withTenants(sql, "all", async (tx) => await remove(tx));
    removed += count;
    if (count < chunkRows) return removed;
  }
}

export function startTidying(deps: {
  sql: Sql;
  now: () => number;
  log: { info(facts: object, message: string): void; error(facts: object, message: string): void };
}): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(async () => {
      try {
        const removed = await tidyAudiences(deps.sql, deps.now());
        if (removed > 0) deps.log.info({ removed }, "recipients of unused lists removed");
      } catch (error) {
        deps.log.error({ err: error }, "could not remove unused lists");
      }
    });
  }, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
