/** The figures of a campaign. Pure. */
import { dwellMs, inDoubt, percentile, settledByEcho } from "./check/figures.ts";
import type { Finding } from "./check/index.ts";
import type { Round } from "./round.ts";

export type Report = {
  messages: number;
  faults: Record<string, number>;
  lost: number;
  doubled: number;
  order_breaks: number;
  rate_breaks: number;
  cross_tenant: number;
  /** Messages that ever were in doubt, and those of them that a receipt settled. */
  in_doubt: number;
  settled_by_echo: number;
  /** The longest silence of a sender with work waiting, after a process or server went away. */
  resume_s_max: number;
  /** From the client's 202 to the provider. */
  dwell_p99_ms: number;
  /** Faults that did not strike as they were meant to, because another was in their way; not among `faults`. */
  cut_short: number;
  /** Processes and servers found ended after a round's faults, and started again. */
  ended: number;
};

export function makeReport(rounds: readonly Round[], findings: readonly Finding[]): Report {
  const evidence = rounds.at(-1)?.evidence;
  const statuses = evidence?.topics.statuses ?? [];
  const kinds = Map.groupBy(
    rounds.flatMap((round) => round.struck),
    (kind) => kind,
  );
  const count = (kind: Finding["kind"]) => findings.filter((finding) => finding.kind === kind).length;
  return {
    messages: new Set(evidence?.accepted.map(({ id }) => id)).size,
    faults: Object.fromEntries([...kinds].map(([kind, times]) => [kind, times.length])),
    lost: count("lost"),
    doubled: count("doubled"),
    order_breaks: count("order"),
    rate_breaks: count("rate"),
    cross_tenant: count("cross_tenant"),
    in_doubt: inDoubt(statuses).size,
    settled_by_echo: settledByEcho(statuses),
    resume_s_max: Number(Math.max(0, ...rounds.map((round) => round.resumeS ?? 0)).toFixed(1)),
    dwell_p99_ms: evidence === undefined ? 0 : percentile(dwellMs(evidence), 0.99),
    cut_short: rounds.reduce((sum, { kinds: all, struck }) => sum + all.length - struck.length, 0),
    ended: rounds.reduce((sum, round) => sum + round.ended.length, 0),
  };
}

/** What makes the drill fail, in words; empty when every promise held. */
export function broken(report: Report): string[] {
  const counts: [number, string][] = [
    [report.lost, "lost"],
    [report.doubled, "doubled"],
    [report.order_breaks, "out of order"],
    [report.rate_breaks, "above a rate"],
    [report.cross_tenant, "at the wrong tenant"],
  ];
  return counts.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []));
}
