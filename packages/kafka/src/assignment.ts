/** Who reads which partition numbers: balanced, and moving as few as possible. Pure. */

export type Member = {
  id: string;
  /** Numbers it read until now. */
  owned: readonly number[];
  /** Since when; of two that claim the same number the later one is right, the other has not noticed its loss. */
  sinceMs: number;
};

/**
 * Lays the numbers 0 … count − 1 over the members. Nobody gets more than one number more than another; a member keeps as many
 * of its own as that allows, for each move costs the dispatcher a lease and the loss of its windows. The same for the same
 * input, in whatever order the members come.
 */
export function assignNumbers(members: readonly Member[], count: number): Map<string, number[]> {
  const assigned = new Map<string, number[]>();
  if (members.length === 0) return assigned;
  const owner = ownersOf(members, count);
  const share = Math.floor(count / members.length);
  let larger = count % members.length;

  const kept = members.map(({ id }) => ({ id, numbers: owner.get(id) ?? [] }));
  // Those who have most keep the larger shares.
  kept.sort((a, b) => b.numbers.length - a.numbers.length || compare(a.id, b.id));
  const taken = new Set<number>();
  for (const { id, numbers } of kept) {
    const mayKeep = numbers.length > share && larger-- > 0 ? share + 1 : share;
    const mine = numbers.slice(0, mayKeep);
    for (const number of mine) taken.add(number);
    assigned.set(id, mine);
  }
  for (let number = 0; number < count; number++) {
    if (taken.has(number)) continue;
    let least = kept[0]!.id;
    for (const { id } of kept) if (assigned.get(id)!.length < assigned.get(least)!.length) least = id;
    assigned.get(least)!.push(number);
  }
  for (const numbers of assigned.values()) numbers.sort((a, b) => a - b);
  return assigned;
}

function ownersOf(members: readonly Member[], count: number): Map<string, number[]> {
  const latestFirst = [...members].sort((a, b) => b.sinceMs - a.sinceMs || compare(a.id, b.id));
  const claimed = new Set<number>();
  const owners = new Map<string, number[]>();
  for (const { id, owned } of latestFirst) {
    const mine = [...new Set(owned)].filter(
      (number) => number >= 0 && number < count && !claimed.has(number),
    );
    mine.sort((a, b) => a - b);
    for (const number of mine) claimed.add(number);
    owners.set(id, mine);
  }
  return owners;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
