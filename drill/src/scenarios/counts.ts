/** What every scenario's report says of the promises. Pure. */
import { inDoubt } from "../check/figures.ts";
import type { Judgement } from "../judge.ts";

export type Counts = {
  messages: number;
  lost: number;
  doubled: number;
  order_breaks: number;
  rate_breaks: number;
  cross_tenant: number;
  in_doubt: number;
};

export function countsOf({ evidence, findings }: Judgement): Counts {
  const count = (kind: Judgement["findings"][number]["kind"]) =>
    findings.filter((finding) => finding.kind === kind).length;
  return {
    messages: new Set(evidence.accepted.map(({ id }) => id)).size,
    lost: count("lost"),
    doubled: count("doubled"),
    order_breaks: count("order"),
    rate_breaks: count("rate"),
    cross_tenant: count("cross_tenant"),
    in_doubt: inDoubt(evidence.topics.statuses).size,
  };
}

/** What must be nought, in words. */
export function brokenCounts(counts: Counts): string[] {
  const promises = [
    [counts.lost, "lost"],
    [counts.doubled, "doubled"],
    [counts.order_breaks, "out of order"],
    [counts.rate_breaks, "above a rate"],
    [counts.cross_tenant, "at the wrong tenant"],
  ] as const;
  return promises.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []));
}
