/**
 * Rotation of the ring of endpoint keys: at the start, signing secrets that an older key wraps are wrapped by the newest.
 * Several processes may do it at once, and again: each row is written only as it was read, and one that is done is left alone.
 */
import type { Sql } from "@wamesh/store";
import type { Vault } from "@wamesh/vault";
import { rewrapText } from "../sealed-text.ts";

const batchRows = 200;

type Log = { info(facts: object, text: string): void; warn(facts: object, text: string): void };

/** `sql` sees all tenants. Never rejects: what could not be done is done at the next start. */
export async function rewrapSecrets(deps: {
  sql: Sql;
  vault: Pick<Vault, "rewrap">;
  /** Id of the newest ring key. */
  newest: string;
  log: Log;
}): Promise<void> {
  const { sql, vault, newest, log } = deps;
  const done = { rewrapped: 0, unreadable: 0 };
  try {
    for (let after: string | undefined = ""; after !== undefined; ) {
      const rows: { id: string; tenant: string; secret: string }[] = await sql`
        select id, tenant, secret from endpoint
        where id > ${after} and secret::jsonb ->> 'key_ring_id' <> ${newest}
        order by id limit ${batchRows}`;
      for (const { id, tenant, secret } of rows) {
        const next = rewrapText(vault, { tenant, id }, secret);
        if (next === null) {
          done.unreadable++;
          continue;
        }
        await sql`update endpoint set secret = ${next} where id = ${id} and secret = ${secret}`;
        done.rewrapped++;
      }
      after = rows.length < batchRows ? undefined : rows.at(-1)!.id;
    }
  } catch (err) {
    log.warn({ err, ...done }, "wrapping endpoint secrets anew was interrupted");
    return;
  }
  if (done.rewrapped > 0) log.info({ ...done, ring_key: newest }, "endpoint secrets rewrapped");
  if (done.unreadable > 0)
    log.warn({ ...done, ring_key: newest }, "endpoint secrets of a ring key that is not known here");
}
