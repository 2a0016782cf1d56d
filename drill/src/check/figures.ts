/** Counts and times of a campaign, from the same ledgers. Pure. */
import type { Accepted, Evidence, StatusRecord } from "../ledgers.ts";

/** Messages that ever were in doubt. */
export function inDoubt(statuses: readonly StatusRecord[]): Set<string> {
  return new Set(statuses.filter((one) => one.status === "in_doubt").map((one) => one.message_id));
}

/** Of those, the ones whose doubtful claim a receipt told the end of. */
export function settledByEcho(statuses: readonly StatusRecord[]): number {
  const doubts = new Set(
    statuses.filter((one) => one.status === "in_doubt").map((one) => `${one.message_id} ${one.claim}`),
  );
  const settled = statuses.filter(
    (one) =>
      one.origin === "mesh" &&
      (one.status === "sent" || one.status === "failed") &&
      doubts.has(`${one.message_id} ${one.claim}`),
  );
  return new Set(settled.map((one) => one.message_id)).size;
}

/** From the client's 202 to the provider. 0 for those that were there before their 202 was. */
export function dwellMs(evidence: Pick<Evidence, "accepted" | "arrivals">): number[] {
  const arrived = new Map(evidence.arrivals.map((arrival) => [arrival.id, arrival.receivedAt]));
  return evidence.accepted.flatMap(({ id, acceptedAt }) => {
    const receivedAt = arrived.get(id) ?? null;
    return receivedAt === null ? [] : [Math.max(0, receivedAt - acceptedAt)];
  });
}

/** Nearest-rank percentile in whole numbers; 0 for no values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0);
}

/** A silence that begins later than this after something went away has another cause. */
const aftermathMs = 20_000;

/**
 * Seconds that a sender with work waiting was silent after something went away at `at`, the longest of all senders; null when none
 * had work. What waits behind a doubt in its conversation has a reason of its own and does not count.
 */
export function resumeS(
  evidence: Pick<Evidence, "accepted" | "arrivals" | "topics">,
  at: number,
): number | null {
  const doubtful = inDoubt(evidence.topics.statuses);
  const conversation = ({ tenant, to }: Accepted) => `${tenant} ${to}`;
  const held = new Set(evidence.accepted.filter(({ id }) => doubtful.has(id)).map(conversation));
  const acceptedAt = new Map(
    evidence.accepted
      .filter((message) => !held.has(conversation(message)))
      .map((message) => [message.id, message.acceptedAt]),
  );
  const gaps = [...Map.groupBy(evidence.arrivals, (arrival) => arrival.sender).values()].flatMap(
    (arrivals) => {
      const later = arrivals
        .flatMap(({ id, receivedAt }) => (receivedAt !== null && receivedAt > at ? [{ id, receivedAt }] : []))
        .sort((a, b) => a.receivedAt - b.receivedAt);
      return later.flatMap(({ receivedAt: to }, i) => {
        const waiting = later.slice(i).flatMap(({ id }) => acceptedAt.get(id) ?? []);
        const from = Math.max(later[i - 1]?.receivedAt ?? at, Math.min(...waiting));
        return from < to && from < at + aftermathMs ? [to - from] : [];
      });
    },
  );
  return gaps.length === 0 ? null : Math.max(...gaps) / 1000;
}
