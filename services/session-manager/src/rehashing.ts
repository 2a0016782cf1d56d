/**
 * Rotation of the callback peppers: hashes of callback secrets under an older pepper are made anew under the newest, from the
 * secret that is sealed with the session's credentials, and each session is published again. What providers were given, address and
 * secret, stays as it is. A second time is harmless: what is under the newest is left alone.
 */
import type { CallbackPepper } from "@wamesh/providers";
import type { Tx } from "@wamesh/store";
import type { Change } from "./change.ts";
import type { Open } from "./credentials.ts";
import type { SessionRow } from "./rows.ts";
import { announce, findCredentials, isPending } from "./session-change.ts";

export type RehashDeps = {
  open: Open;
  newestPepper: CallbackPepper;
  hashCallbackSecret(secret: string): string;
};

/** The next few sessions after `after`. Those locked by a change at this moment are left to the next round. */
export async function rehashBatch(
  change: Change,
  { open, newestPepper, hashCallbackSecret }: RehashDeps,
  after: string,
  limit: number,
): Promise<{ rehashed: number /** Their secret is not ours to see. */; kept: number; after: string | null }> {
  const { tx } = change;
  const rows = await tx<SessionRow[]>`
    select * from session
    where status <> 'deleted' and split_part(callback_secret_hash, ':', 1) <> ${newestPepper.id} and id > ${after}
    order by id limit ${limit}
    for update skip locked`;
  let rehashed = 0;
  for (const row of rows) {
    const sealed = await findCredentials(tx, row.id);
    const opened = open(sealed, { tenant: row.tenant, session: row.id });
    if (opened.kind !== "opened" || opened.plain.kind !== "wasender") continue;
    const { callbackSecret } = opened.plain;
    if (callbackSecret === undefined) continue;
    const [raised] = await tx<SessionRow[]>`
      update session set callback_secret_hash = ${hashCallbackSecret(callbackSecret)}, version = version + 1,
        changed_at = clock_timestamp()
      where id = ${row.id}
      returning *`;
    announce(change, raised!, isPending(raised!) ? null : (sealed ?? null), null);
    rehashed++;
  }
  return { rehashed, kept: rows.length - rehashed, after: rows.length < limit ? null : rows.at(-1)!.id };
}

/** How many sessions' secrets are hashed under each pepper; under the name "", those from before peppers had names. */
export async function pepperUse(tx: Tx): Promise<Map<string, number>> {
  const rows = await tx<{ id: string; count: number }[]>`
    select case when callback_secret_hash like '%:%' then split_part(callback_secret_hash, ':', 1) else '' end as id,
      count(*)::int as count
    from session where status <> 'deleted' and callback_secret_hash is not null group by 1`;
  return new Map(rows.map(({ id, count }) => [id, count]));
}
