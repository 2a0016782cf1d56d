/**
 * Deficit round robin over tenants, then round robin over a tenant's members. Every pick costs one; a tenant's turn is worth
 * its weight. Who is not enrolled has nothing to pick and saves up nothing.
 */

export type Fair<M> = {
  enrol(tenant: string, weight: number, member: M): void;
  withdraw(tenant: string, member: M): void;
  /** The next member in turn, of the tenants that `admit` accepts; null when none of them is enrolled. */
  next(admit: (tenant: string) => boolean): M | null;
  size(): number;
};

type Turn<M> = { weight: number; deficit: number; members: Set<M> };

/** A weight that is zero, negative or absurd would stop the round or never end a turn. */
const leastWeight = 0.1;
const greatestWeight = 100;

export function createFair<M>(): Fair<M> {
  // Maps and sets keep the order of insertion: the first is next, and who has had its turn is put in again.
  const tenants = new Map<string, Turn<M>>();

  function toBack(tenant: string, turn: Turn<M>): void {
    tenants.delete(tenant);
    tenants.set(tenant, turn);
  }

  return {
    enrol(tenant, weight, member) {
      const known = tenants.get(tenant);
      const bounded = Math.min(greatestWeight, Math.max(leastWeight, Number.isFinite(weight) ? weight : 1));
      if (known === undefined)
        tenants.set(tenant, { weight: bounded, deficit: 0, members: new Set([member]) });
      else {
        known.weight = bounded;
        known.members.add(member);
      }
    },

    withdraw(tenant, member) {
      const turn = tenants.get(tenant);
      if (turn === undefined) return;
      turn.members.delete(member);
      if (turn.members.size === 0) tenants.delete(tenant);
    },

    next(admit) {
      // A tenant put to the back during the loop is met again. Each round adds a weight of at least 0.1, so within ten
      // rounds the deficit of somebody admitted reaches one; usually the first is it.
      let steps = (1 / leastWeight + 1) * tenants.size;
      for (const [tenant, turn] of tenants) {
        if (steps-- <= 0) break;
        if (!admit(tenant)) continue;
        if (turn.deficit < 1) turn.deficit += turn.weight;
        if (turn.deficit < 1) {
          toBack(tenant, turn);
          continue;
        }
        turn.deficit -= 1;
        if (turn.deficit < 1) toBack(tenant, turn);
        const [member] = turn.members;
        turn.members.delete(member!);
        turn.members.add(member!);
        return member!;
      }
      return null;
    },

    size: () => tenants.size,
  };
}
