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
    // The one before the last signs too, until its overlap ends.
    for (const column of ["secret", "previous_secret"] as const) await rewrapColumn(column);
  } catch (err) {
    log.warn({ err, ...done }, "wrapping endpoint secrets anew was interrupted");
    return;
  }
  if (done.rewrapped > 0) log.info({ ...done, ring_key: newest }, "endpoint secrets rewrapped");
  if (done.unreadable > 0)
    log.warn({ ...done, ring_key: newest }, "endpoint secrets of a ring key that is not known here");

  async function rewrapColumn(column: "secret" | "previous_secret"): Promise<void> {
    for (let after: string | undefined = ""; after !== undefined; ) {
      const rows: { id: string; tenant: string; sealed: string }[] = await sql`
        select id, tenant, ${sql(column)} as sealed from endpoint
        where id > ${after} and ${sql(column)}::jsonb ->> 'key_ring_id' <> ${newest}
        order by id limit ${batchRows}`;
      for (const { id, tenant, sealed } of rows) {
        const next = rewrapText(vault, { tenant, id }, sealed);
        if (next === null) {
          done.unreadable++;
          continue;
        }
        await sql`update endpoint set ${sql(column)} = ${next} where id = ${id} and ${sql(column)} = ${sealed}`;
        done.rewrapped++;
      }
      after = rows.length < batchRows ? undefined : rows.at(-1)!.id;
    }
  }
}
