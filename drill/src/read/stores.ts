/** The fourth ledger: the dispatcher's and the status-projector's tables. */
import type postgres from "postgres";
import type { Stores } from "../ledgers.ts";

export async function readStores(sql: postgres.Sql): Promise<Stores> {
  const ids = async (table: string) =>
    new Set((await sql<{ id: string }[]>`select id from ${sql(table)}`).map(({ id }) => id));
  const done = await sql<{ id: string; outcome: string }[]>`select id, outcome from dispatch.done`;
  const shown = await sql<{ message_id: string; tenant: string; status: string | null }[]>`
    select message_id, tenant, status from projection.message`;
  return {
    pending: await ids("dispatch.pending"),
    attempts: await ids("dispatch.attempt"),
    done: new Map(done.map(({ id, outcome }) => [id, outcome])),
    projection: new Map(
      shown.map(({ message_id, tenant, status }) => [
        message_id,
        { tenant, status: (status ?? "UNKNOWN") as "UNKNOWN" },
      ]),
    ),
  };
}

/** Whether everything accepted so far has an end in the schedule and in the read model: cheap enough to ask often. */
export async function isSettled(sql: postgres.Sql, ids: readonly string[]): Promise<boolean> {
  const [found] = await sql<{ waiting: boolean; ended: number }[]>`
    select exists (select from dispatch.pending) or exists (select from dispatch.attempt) as waiting,
      (select count(*)::int from projection.message
        where message_id = any(${sql.array([...ids])}::uuid[]) and status not in ('accepted', 'queued', 'claimed', 'in_doubt')) as ended`;
  return found !== undefined && !found.waiting && found.ended === new Set(ids).size;
}
