/** Errands in SQL. The one row per session is intention, lease and history of tries in one. */
import type { Tx } from "@wamesh/store";
import type { ErrandKind } from "./errand.ts";

export type ErrandRow = {
  session: string;
  tenant: string;
  kind: ErrandKind;
  step: string;
  facts: { account_protection?: boolean };
  tries: number;
  due_at: Date | null;
  detail: string;
  turn: number;
  begun_at: Date;
};

/** Longer than all calls of a try with their deadlines, and the transaction after them. */
export const errandLeaseMs = 60_000;

type Planned = Pick<ErrandRow, "session" | "tenant" | "kind" | "step"> & { facts?: ErrandRow["facts"] };

/** Takes the place of whatever errand the session had. */
export async function plantErrand(tx: Tx, errand: Planned, inMs: number): Promise<void> {
  await tx`
    insert into errand (session, tenant, kind, step, facts, due_at)
    values (${errand.session}, ${errand.tenant}, ${errand.kind}, ${errand.step},
      ${tx.json(errand.facts ?? {})}, clock_timestamp() + ${inMs} * interval '1 millisecond')
    on conflict (session) do update set kind = excluded.kind, step = excluded.step, facts = excluded.facts,
      tries = 0, due_at = excluded.due_at, detail = '', turn = excluded.turn, begun_at = clock_timestamp()`;
}

/** Unless the session has one. */
export async function plantErrandOnce(tx: Tx, errand: Planned, inMs: number): Promise<void> {
  await tx`
    insert into errand (session, tenant, kind, step, facts, due_at)
    values (${errand.session}, ${errand.tenant}, ${errand.kind}, ${errand.step},
      ${tx.json(errand.facts ?? {})}, clock_timestamp() + ${inMs} * interval '1 millisecond')
    on conflict (session) do nothing`;
}

export async function findErrand(tx: Tx, session: string): Promise<ErrandRow | undefined> {
  const [row] = await tx<ErrandRow[]>`select * from errand where session = ${session}`;
  return row;
}

/** Takes up to `limit` that are due, counts the try, and moves them `leaseMs` ahead. */
export async function takeDueErrands(tx: Tx, limit: number, leaseMs: number): Promise<ErrandRow[]> {
  return await tx<ErrandRow[]>`
    update errand set tries = tries + 1, turn = nextval('errand_turn'), due_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    where session in (
      select session from errand where due_at <= clock_timestamp()
      order by due_at limit ${limit}
      for update skip locked)
    returning *`;
}

/** Whether the errand is still the one that was taken: not ended, replaced, armed anew or taken again meanwhile. */
export async function isStillOurs(tx: Tx, taken: ErrandRow): Promise<boolean> {
  const rows = await tx`
    select 1 from errand where session = ${taken.session} and turn = ${taken.turn} for update`;
  return rows.length === 1;
}

/** Null: not again by itself. */
export async function settleErrand(
  tx: Tx,
  session: string,
  inMs: number | null,
  detail: string,
): Promise<void> {
  await tx`
    update errand set detail = ${detail},
      due_at = case when ${inMs === null} then null
        else clock_timestamp() + ${inMs ?? 0} * interval '1 millisecond' end
    where session = ${session}`;
}

/** Somebody changed something: what had stopped is tried at once, as if for the first time. */
export async function armErrand(tx: Tx, session: string): Promise<void> {
  await tx`
    update errand set tries = 0, turn = nextval('errand_turn'), due_at = clock_timestamp(), begun_at = clock_timestamp()
    where session = ${session}`;
}

export async function endErrand(tx: Tx, session: string, kind: ErrandKind): Promise<void> {
  await tx`delete from errand where session = ${session} and kind = ${kind}`;
}
