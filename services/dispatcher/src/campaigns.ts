/** Where each campaign stands, in the memory of every process: its topic read whole, the highest version of each kept. */
import { type CampaignPhase, type CampaignState, type Codec, compactedKey, topics } from "@wamesh/events";
import type { Kafka } from "@wamesh/kafka";

export type Campaigns = {
  /** Undefined for one of which nothing was heard yet. */
  phase(tenant: string, campaign: string): CampaignPhase | undefined;
  /** Null: as fast as its sessions may. */
  ratePerS(tenant: string, campaign: string): number | null;
};

/** A record counts only if its version is higher, so order and repetition do not matter. Returns whether it did. */
export function foldCampaign(known: Map<string, CampaignState>, record: CampaignState): boolean {
  const key = compactedKey(record.tenant, "campaign", record.campaign);
  if ((known.get(key)?.version ?? Number.NEGATIVE_INFINITY) >= record.version) return false;
  known.set(key, record);
  return true;
}

export async function openCampaigns({ kafka, codec }: { kafka: Kafka; codec: Codec }) {
  const known = new Map<string, CampaignState>();
  const listeners = new Set<(tenant: string) => void>();
  const table = await kafka.table({
    topic: topics.campaignState,
    codec,
    apply: (_key, record) => {
      if (!foldCampaign(known, record)) return;
      for (const listener of listeners) listener(record.tenant);
    },
  });
  const of = (tenant: string, campaign: string) => known.get(compactedKey(tenant, "campaign", campaign));
  return {
    phase: (tenant: string, campaign: string): CampaignPhase | undefined => of(tenant, campaign)?.state,
    ratePerS: (tenant: string, campaign: string): number | null => of(tenant, campaign)?.rate_per_s ?? null,
    onChange: (listener: (tenant: string) => void) => listeners.add(listener),
    ready: table.ready,
    freshMs: () => table.freshMs(),
    stop: () => table.stop(),
  };
}
