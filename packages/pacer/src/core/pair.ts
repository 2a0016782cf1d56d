/**
 * The pace between one member and one person, where a provider has such a limit: GCRA with a large burst that is borrowed from
 * the future. Only who gets many messages in a row is ever concerned, so pairs are kept in memory, and only the indebted ones
 * are stored.
 */

export type PairLimit = { intervalMs: number; burst: number };

/** `tat`: theoretical arrival time. `inHand`: claimed and not answered. */
export type Pair = { tat: number; inHand: number };

/** The least recently written first. */
export type Pairs = Map<string, Pair>;

/** So many of one pair at once: what a crash can leave unstored. */
export const inHandMost = 4;
/** A pair with this many messages in debt is stored with the next claim. */
export const storedFrom = 8;
/** What is assumed of a pair that the last owner did not store. */
const unknownDebt = storedFrom + inHandMost;

/** When one more may be written, after those in hand. `since` is the take-over before which nothing is known. */
export function pairMayWriteAt(
  limit: PairLimit,
  pair: Pair | undefined,
  since: number,
  nowMs: number,
): number {
  const tat = Math.max(pair?.tat ?? assumedTat(limit, since), nowMs);
  return tat + ((pair?.inHand ?? 0) - (limit.burst - 1)) * limit.intervalMs;
}

function assumedTat(limit: PairLimit, since: number): number {
  return since + Math.min(unknownDebt, limit.burst) * limit.intervalMs;
}

export function pairOf(pairs: Pairs, key: string, limit: PairLimit, since: number): Pair {
  let pair = pairs.get(key);
  if (pair === undefined) {
    pair = { tat: assumedTat(limit, since), inHand: 0 };
    pairs.set(key, pair);
  }
  return pair;
}

/** One was written; forgets a few pairs that owe nothing any more. */
export function pairWritten(pairs: Pairs, key: string, limit: PairLimit, since: number, nowMs: number): Pair {
  const pair = pairOf(pairs, key, limit, since);
  pair.tat = Math.max(pair.tat, nowMs) + limit.intervalMs;
  pairs.delete(key);
  pairs.set(key, pair);
  let looked = 0;
  for (const [other, { tat, inHand }] of pairs) {
    if (++looked > 3 || tat > nowMs) break;
    if (inHand === 0) pairs.delete(other);
  }
  return pair;
}

export function isIndebted(limit: PairLimit, pair: Pair, nowMs: number): boolean {
  return pair.tat - nowMs >= storedFrom * limit.intervalMs;
}
