/** Which faults strike in which round: pure, by seed. */
import { seededRandom } from "@wamesh/testing/outside";

/** This share of the rounds has two faults at once. */
const doubleShare = 0.25;

/**
 * The kinds are dealt from a shuffled deck, which is shuffled anew when it is used up: every kind comes as often as any other,
 * and a campaign of as many rounds as there are kinds has them all.
 */
export function schedule(seed: number, rounds: number, kinds: readonly string[]): string[][] {
  const random = seededRandom(seed);
  let deck: string[] = [];
  const deal = (but?: string): string => {
    if (deck.length === 0) deck = shuffled(kinds, random);
    const at = deck.findLastIndex((kind) => kind !== but);
    return deck.splice(at, 1)[0] as string;
  };
  return Array.from({ length: rounds }, () => {
    const first = deal();
    const second = random() < doubleShare && deck.some((kind) => kind !== first) ? [deal(first)] : [];
    return [first, ...second];
  });
}

function shuffled(kinds: readonly string[], random: () => number): string[] {
  return kinds
    .map((kind) => ({ kind, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ kind }) => kind);
}
