/** The spells of a session in SQL: written with each change of state, read when somebody asks how available it was. */
import type { Tx } from "@wamesh/store";
import { type Counts, countsOf, type Spell } from "./availability.ts";
import type { SessionRow } from "./rows.ts";

const keptDays = 31;

/** A state that counts as the one before begins no spell, so a session that flaps between two bad states writes nothing. */
export async function recordSpell(tx: Tx, row: SessionRow): Promise<void> {
  const counts = countsOf(row.status);
  const [last] = await tx<{ from_at: Date; counts: Counts }[]>`
    select from_at, counts from spell where session = ${row.id} order by from_at desc limit 1`;
  if (last?.counts === counts) return;
  // Observations carry the observer's time, orders ours: a spell never begins before the one that it ends.
  const fromAt = new Date(Math.max(row.status_since.getTime(), last?.from_at.getTime() ?? 0));
  await tx`
    insert into spell (session, tenant, from_at, counts) values (${row.id}, ${row.tenant}, ${fromAt}, ${counts})
    on conflict (session, from_at) do update set counts = excluded.counts`;
  // The last one before the window says what the window begins with.
  await tx`
    delete from spell where session = ${row.id} and from_at < (
      select max(from_at) from spell
      where session = ${row.id} and from_at < clock_timestamp() - ${keptDays} * interval '1 day')`;
}

export async function spellsOf(tx: Tx, session: string): Promise<Spell[]> {
  const rows = await tx<{ from_at: Date; counts: Counts }[]>`
    select from_at, counts from spell where session = ${session} order by from_at`;
  return rows.map(({ from_at, counts }) => ({ fromMs: from_at.getTime(), counts }));
}

export async function forgetSpells(tx: Tx, session: string): Promise<void> {
  await tx`delete from spell where session = ${session}`;
}
