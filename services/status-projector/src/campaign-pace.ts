/** How fast a campaign leaves, and when it will have left. Pure. */

import { curveMs } from "./tallies/campaign-curve.ts";
import { bucketOf } from "./tally.ts";

/** Long enough to be steady, short enough to follow a change of pace. */
const windowMs = 60_000;

/** The whole ten seconds of the last minute, from and before; epoch ms. */
export function paceWindow(now: number): { from: number; before: number } {
  const before = bucketOf(now, curveMs);
  return { from: before - windowMs, before };
}

/** `sent` in that window. A campaign that began within it is judged by the time since. */
export function leavingPerS(sent: number, startedAt: number | null, now: number): number {
  const { from, before } = paceWindow(now);
  const began = startedAt === null ? from : Math.max(from, bucketOf(startedAt, curveMs));
  const seconds = Math.max(curveMs, before - began) / 1_000;
  return Math.round((sent / seconds) * 100) / 100;
}

export type Standing = {
  state: string;
  total: number | null;
  expanded: number;
  skipped: number;
  /** Messages that are accepted, queued or claimed. */
  waiting: number;
};

/** Seconds; null while nobody can know: it stands still, or has ended. */
export function etaS(campaign: Standing, perS: number): number | null {
  if (campaign.state !== "expanding" && campaign.state !== "processing") return null;
  const notMade = Math.max(0, (campaign.total ?? 0) - campaign.expanded - campaign.skipped);
  const left = campaign.waiting + notMade;
  if (left === 0) return 0;
  return perS === 0 ? null : Math.ceil(left / perS);
}
