/** Campaigns: how fast a list is read and becomes messages, and what that takes of ingest's memory. */
import { type CampaignFigures, fullSizes, noFigures, quickSizes, targets } from "./campaigns/figures.ts";
import { type Rig, startRig } from "./campaigns/rig.ts";
import { benchOfParts } from "./parts.ts";

const secondsOf = async (work: () => Promise<unknown>) => {
  const startedAt = performance.now();
  await work();
  return Number(((performance.now() - startedAt) / 1000).toFixed(1));
};

/** The second of two: the first has warmed up what the process will run again and again. */
async function broadcast(rig: Rig): Promise<Partial<CampaignFigures>> {
  const { broadcast: people, lineBytes } = rig.sizes;
  await rig.expanded(await rig.upload(Math.ceil(people / 10), lineBytes));
  const audience = await rig.upload(people, lineBytes);
  let campaign = "";
  const idle = rig.cpuUs();
  const seconds = await secondsOf(async () => {
    campaign = await rig.expanded(audience);
  });
  const before = rig.cpuUs();
  await rig.ended(campaign, people);
  return {
    expand_50k_s: seconds,
    expand_cpu_us: Math.round((before - idle) / people),
    outcome_cpu_us: Math.round((rig.cpuUs() - before) / people),
  };
}

async function million(rig: Rig): Promise<Partial<CampaignFigures>> {
  const { million: people, lineBytes } = rig.sizes;
  let audience = "";
  let uploadS = 0;
  let expandS = 0;
  const uploadMb = await rig.rssGrowthMb(async () => {
    uploadS = await secondsOf(async () => {
      audience = await rig.upload(people, lineBytes);
    });
  });
  const expandMb = await rig.rssGrowthMb(async () => {
    expandS = await secondsOf(() => rig.expanded(audience));
  });
  return {
    upload_100mb_s: uploadS,
    upload_100mb_rss_growth_mb: uploadMb,
    expand_1m_s: expandS,
    expand_1m_rss_growth_mb: expandMb,
  };
}

export const campaigns = benchOfParts({
  about: "lists uploaded, campaigns expanded, and the memory of it",
  parts: { broadcast, million },
  targets,
  none: noFigures,
  startRig: ({ log, quick }) => startRig({ log, sizes: quick ? quickSizes : fullSizes }),
});
