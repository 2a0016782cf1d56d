/** The SQL of redrives; as in letters-store.ts every query names its tenant. */
import type { Tx } from "@wamesh/store";
import type { RedriveFilter } from "./filter.ts";
import type { NotRedrivable } from "./letters-store.ts";

export type Redrive = {
  tenant: string;
  id: string;
  state: "running" | "done" | "cancelled";
  filter: RedriveFilter;
  dry_run: boolean;
  session: string | null;
  rate_per_s: number;
  found: number;
  redriven: number;
  skipped: number;
  /** Letters by the code of what kept them. */
  skips: Record<string, number>;
  not_redrivable: NotRedrivable[];
  actor_tenant: string;
  actor_key: string;
  created_at: Date;
  changed_at: Date;
};

export type NewRedrive = Omit<Redrive, "redriven" | "skipped" | "skips" | "created_at" | "changed_at">;

/** False when there is one of this id: the same request was here before. */
export async function insertRedrive(tx: Tx, redrive: NewRedrive): Promise<boolean> {
  const { filter, not_redrivable, ...plain } = redrive;
  const row = { ...plain, filter: tx.json(filter), not_redrivable: tx.json(not_redrivable) };
  const made = await tx`insert into redrive ${tx(row)} on conflict (tenant, id) do nothing returning 1`;
  return made.length === 1;
}

export async function findRedrive(tx: Tx, tenant: string, id: string): Promise<Redrive | undefined> {
  const [row] = await tx<Redrive[]>`select * from redrive where tenant = ${tenant} and id = ${id}`;
  return row;
}

/** As `findRedrive`, locked until the transaction ends. */
export async function lockRedrive(tx: Tx, tenant: string, id: string): Promise<Redrive | undefined> {
  const [row] = await tx<Redrive[]>`select * from redrive where tenant = ${tenant} and id = ${id} for update`;
  return row;
}

/** The newest first, after this one. */
export async function listRedrives(
  tx: Tx,
  tenant: string,
  after: { createdAt: string; id: string } | null,
  limit: number,
): Promise<Redrive[]> {
  return await tx<Redrive[]>`
    select * from redrive where tenant = ${tenant}
      ${after === null ? tx`` : tx`and (date_trunc('milliseconds', created_at), id) < (${after.createdAt}, ${after.id})`}
    order by date_trunc('milliseconds', created_at) desc, id desc limit ${limit}`;
}

export async function runningRedrives(tx: Tx): Promise<{ tenant: string; id: string }[]> {
  return await tx<{ tenant: string; id: string }[]>`
    select tenant, id from redrive where state = 'running' order by created_at limit 1000`;
}

export type Progress = { redriven: number; skips: Record<string, number>; state: Redrive["state"] };

export async function saveProgress(tx: Tx, redrive: Redrive, { redriven, skips, state }: Progress) {
  const skipped = Object.values(skips).reduce((sum, count) => sum + count, 0);
  await tx`
    update redrive set redriven = ${redriven}, skipped = ${skipped}, skips = ${tx.json(skips)}, state = ${state},
      version = version + 1, changed_at = clock_timestamp()
    where tenant = ${redrive.tenant} and id = ${redrive.id}`;
}
