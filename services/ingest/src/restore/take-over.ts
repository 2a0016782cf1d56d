/**
 * Campaigns and consents after a restore: the topics hold what was changed since. What stopped a campaign stops it again, what a
 * person said is kept, and versions go on above all that readers have seen.
 *
 * For a command, while no ingest runs. Twice changes nothing: a row that has a record's version is left alone.
 */
import type { CampaignState, ContactConsent } from "@wamesh/events";
import type { Tx } from "@wamesh/store";
import { type CampaignRow, type CampaignTakeOver, campaignAfter } from "./campaign-after.ts";

export type Taken = {
  campaigns: number;
  consents: number;
  /** Campaigns that a person has to look at, and why. */
  ask: { tenant: string; campaign: string; name: string; why: string }[];
};

/** Consents of one statement. */
const partSize = 2_000;

/** The newest record of each thing, in any order. */
export async function takeOverIntake(
  tx: Tx,
  { campaigns, consents }: { campaigns: readonly CampaignState[]; consents: readonly ContactConsent[] },
): Promise<Taken> {
  const taken: Taken = { campaigns: 0, consents: 0, ask: [] };
  for (const record of campaigns) {
    const [row] = await tx<CampaignRow[]>`
      select version, state, run from campaign where id = ${record.campaign} for update`;
    const after = campaignAfter(row ?? null, record);
    if (after.ask !== null) {
      const { tenant, campaign, name } = record;
      taken.ask.push({ tenant, campaign, name, why: after.ask });
    }
    if (after.take === null) continue;
    await takeCampaign(tx, record.campaign, after.take);
    taken.campaigns++;
  }
  for (let first = 0; first < consents.length; first += partSize)
    taken.consents += await takeConsents(tx, consents.slice(first, first + partSize));
  return taken;
}

async function takeCampaign(tx: Tx, id: string, { version, state, reason }: CampaignTakeOver): Promise<void> {
  await tx`
    update campaign set version = ${version}, state = coalesce(${state}, state),
      reason = case when ${state}::text is null then reason else ${reason} end
    where id = ${id}`;
}

async function takeConsents(tx: Tx, consents: readonly ContactConsent[]): Promise<number> {
  const rows = consents.filter(({ scope }) => scope !== "UNKNOWN");
  const { count } = await tx`
    insert into contact_consent as kept (tenant, person, scope, version, opted_out, source, proof, occurred_at, recorded_at)
    select tenant, person, scope, version, opted_out::boolean, source, proof, to_timestamp(occurred_ms / 1000.0),
      to_timestamp(changed_ms / 1000.0)
    from unnest(${rows.map((row) => row.tenant)}::text[], ${rows.map((row) => row.recipient_token)}::text[],
      ${rows.map((row) => row.scope)}::text[], ${rows.map((row) => row.version)}::bigint[],
      ${rows.map((row) => String(row.opted_out))}::text[], ${rows.map((row) => row.source)}::text[],
      ${rows.map((row) => row.proof)}::text[], ${rows.map((row) => row.occurred_at)}::float8[],
      ${rows.map((row) => row.changed_at)}::float8[])
      c (tenant, person, scope, version, opted_out, source, proof, occurred_ms, changed_ms)
    on conflict (tenant, person, scope) do update set version = excluded.version, opted_out = excluded.opted_out,
      source = excluded.source, proof = excluded.proof, occurred_at = excluded.occurred_at,
      recorded_at = excluded.recorded_at
      where kept.version < excluded.version`;
  return count;
}
