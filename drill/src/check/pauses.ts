/** Silences: how long nothing was accepted or sent although there was traffic all the time. Pure. */
import type { Accepted, Arrival } from "../ledgers.ts";

/** The longest time without any of these moments between `from` and `to`, the ends included; all in epoch ms. */
export function longestGapMs(moments: readonly number[], from: number, to: number): number {
  const inside = moments.filter((at) => at >= from && at <= to).sort((a, b) => a - b);
  let longest = 0;
  let last = from;
  for (const at of [...inside, to]) {
    longest = Math.max(longest, at - last);
    last = at;
  }
  return longest;
}

export type Pauses = { accept_pause_s_max: number; send_pause_s_max: number };

/** Of the tenant that it was longest for: each lies on another partition, with another leader. */
export function pauses(
  ledgers: { accepted: readonly Accepted[]; arrivals: readonly Arrival[] },
  { from, to }: { from: number; to: number },
): Pauses {
  const tenantOf = new Map(ledgers.accepted.map(({ id, tenant }) => [id, tenant]));
  const accepted = Map.groupBy(ledgers.accepted, ({ tenant }) => tenant);
  const sent = Map.groupBy(ledgers.arrivals, ({ id }) => tenantOf.get(id));
  const longest = (moments: number[][]) =>
    seconds(Math.max(0, ...moments.map((all) => longestGapMs(all, from, to))));
  return {
    accept_pause_s_max: longest([...accepted.values()].map((all) => all.map(({ acceptedAt }) => acceptedAt))),
    send_pause_s_max: longest(
      [...accepted.keys()].map((tenant) =>
        (sent.get(tenant) ?? []).flatMap(({ receivedAt }) => receivedAt ?? []),
      ),
    ),
  };
}

export function seconds(ms: number): number {
  return Number((ms / 1000).toFixed(2));
}
