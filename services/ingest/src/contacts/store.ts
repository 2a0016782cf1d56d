/** The SQL of contacts. Row-level security guards below it; every query names its tenants all the same, or no index is used. */
import type { Tx } from "@wamesh/store";
import type { Scope } from "./consent.ts";

export type Wrote = { tenant: string; person: string; session: string; at: number };

const iso = (epochMs: number) => new Date(epochMs).toISOString();

/** Keeps the later time of each; in the order of the key, so that two transactions wait for each other and do not deadlock. */
export async function noteWrote(tx: Tx, wrote: readonly Wrote[]): Promise<void> {
  if (wrote.length === 0) return;
  await tx`
    insert into contact_session as c (tenant, person, session, last_inbound_at)
    select tenant, person, session, max(at) from unnest(
      ${wrote.map((one) => one.tenant)}::text[], ${wrote.map((one) => one.person)}::text[],
      ${wrote.map((one) => one.session)}::text[], ${wrote.map((one) => iso(one.at))}::timestamptz[]
    ) as w (tenant, person, session, at)
    group by tenant, person, session order by tenant, person, session
    on conflict (tenant, person, session) do update
    set last_inbound_at = greatest(c.last_inbound_at, excluded.last_inbound_at)`;
}

/** Rows of these pairs that are not older than `sinceMs`, the latest first. */
export async function lastWrote(
  tx: Tx,
  pairs: readonly { tenant: string; person: string }[],
  sinceMs: number,
): Promise<Wrote[]> {
  if (pairs.length === 0) return [];
  const rows = await tx<(Omit<Wrote, "at"> & { last_inbound_at: Date })[]>`
    select c.tenant, c.person, c.session, c.last_inbound_at
    from unnest(${pairs.map((pair) => pair.tenant)}::text[], ${pairs.map((pair) => pair.person)}::text[])
      as asked (tenant, person)
    join contact_session c on c.tenant = asked.tenant and c.person = asked.person
    where c.last_inbound_at > ${iso(sinceMs)}
    order by c.last_inbound_at desc, c.session`;
  return rows.map(({ last_inbound_at, ...row }) => ({ ...row, at: last_inbound_at.getTime() }));
}

/** How many were removed. */
export async function forgetOld(tx: Tx, beforeMs: number): Promise<number> {
  return (await tx`delete from contact_session where last_inbound_at < ${iso(beforeMs)}`).count;
}

export type ConsentRow = {
  tenant: string;
  person: string;
  scope: Scope;
  version: number;
  optedOut: boolean;
  source: string;
  proof: string;
  /** Epoch ms; 0: never. */
  occurredAt: number;
  recordedAt: number;
  changedAt: number;
};

type StoredConsent = Omit<ConsentRow, "optedOut" | "occurredAt" | "recordedAt" | "changedAt"> & {
  opted_out: boolean;
  occurred_at: Date;
  recorded_at: Date;
  changed_at: Date;
};

function consentRow({ opted_out, occurred_at, recorded_at, changed_at, ...row }: StoredConsent): ConsentRow {
  return {
    ...row,
    optedOut: opted_out,
    occurredAt: occurred_at.getTime(),
    recordedAt: recorded_at.getTime(),
    changedAt: changed_at.getTime(),
  };
}

export async function readConsents(
  tx: Tx,
  tenant: string,
  persons: readonly string[],
): Promise<ConsentRow[]> {
  const rows = await tx<StoredConsent[]>`
    select tenant, person, scope, version, opted_out, source, proof, occurred_at, recorded_at, changed_at from contact_consent
    where tenant = ${tenant} and person = any(${[...persons]}) order by scope, person`;
  return rows.map(consentRow);
}

/**
 * The rows of this person and scope, locked, under whichever token they are kept. The first token gets one where there is none:
 * whoever comes at the same moment waits for it.
 */
export async function lockConsents(
  tx: Tx,
  of: { tenant: string; tokens: readonly string[]; scope: Scope },
): Promise<ConsentRow[]> {
  const select = async () => {
    const rows = await tx<StoredConsent[]>`
      select tenant, person, scope, version, opted_out, source, proof, occurred_at, recorded_at, changed_at from contact_consent
      where tenant = ${of.tenant} and person = any(${[...of.tokens]}) and scope = ${of.scope} order by person for update`;
    return rows.map(consentRow);
  };
  const found = await select();
  if (found.length > 0) return found;
  await tx`
    insert into contact_consent (tenant, person, scope)
    values (${of.tenant}, ${of.tokens[0]!}, ${of.scope}) on conflict do nothing`;
  return select();
}

export async function saveConsent(tx: Tx, row: ConsentRow): Promise<void> {
  await tx`
    update contact_consent set version = ${row.version}, opted_out = ${row.optedOut}, source = ${row.source},
      proof = ${row.proof}, occurred_at = ${iso(row.occurredAt)}, recorded_at = ${iso(row.recordedAt)}, changed_at = ${iso(row.changedAt)}
    where tenant = ${row.tenant} and person = ${row.person} and scope = ${row.scope}`;
}
