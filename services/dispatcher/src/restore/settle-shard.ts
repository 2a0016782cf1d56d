/** What is to become of everything that a shard of a schedule set back to an older state has, or will read again. Pure. */
import {
  type Echo,
  type Loss,
  type NewItem,
  type Recovery,
  type RestoredRow,
  recover,
  type Settlement,
} from "@wamesh/pacer";
import { type Heard, nothingHeard } from "./told.ts";

export type Since = {
  shard: number;
  /** What the schedule has. */
  rows: readonly RestoredRow[];
  /** What was accepted since, as it would be admitted, and what of it the schedule has ended already. */
  accepted: readonly { item: NewItem; acceptedAt: number }[];
  ended: ReadonlySet<string>;
  heard: ReadonlyMap<string, Heard>;
};

export function settleShard(
  { shard, rows, accepted, ended, heard }: Since,
  loss: Loss,
): { settlements: Settlement[]; echoes: Echo[] } {
  const known = new Set(rows.map(({ id }) => id));
  const of = (id: string) => heard.get(id) ?? nothingHeard;
  const settlements: Settlement[] = [];
  for (const row of rows) {
    const { trace, sentAt } = of(row.id);
    const recovery = recover(row, trace, loss);
    if (!isAsItWas(row, recovery))
      settlements.push({ id: row.id, tenant: row.tenant, recovery, item: null, sentAt });
  }
  for (const { item, acceptedAt } of accepted) {
    const { id, tenant, nextAt } = item;
    // Accepted after the loss it was never admitted; and whoever repeats an id is told from it at admission.
    if (known.has(id) || ended.has(id) || acceptedAt > loss.lostAt) continue;
    known.add(id);
    const { trace, sentAt } = of(id);
    const recovery = recover({ n: 0, claimed: null, nextAt, isKnown: false }, trace, loss);
    if (recovery.kind !== "wait") settlements.push({ id, tenant, recovery, item, sentAt });
  }
  const echoes = settlements.flatMap(({ id, recovery }) => {
    if (recovery.kind !== "doubt") return [];
    const receipt = of(id).receipts.get(recovery.n);
    return receipt === undefined ? [] : [{ ...receipt, shard }];
  });
  return { settlements, echoes };
}

function isAsItWas(row: RestoredRow, recovery: Recovery): boolean {
  return (
    recovery.kind === "wait" &&
    row.claimed === null &&
    recovery.n === row.n &&
    recovery.nextAt === row.nextAt &&
    recovery.attempts === null
  );
}
