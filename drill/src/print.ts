/** What the terminal shows: a row per round and the figures at the end. Pure: text in, text out. */

import { inDoubt, settledByEcho } from "./check/figures.ts";
import { foldStatuses } from "./check/lost.ts";
import type { Report } from "./report.ts";
import type { Round } from "./round.ts";

const widths = [7, 44, 10, 10, 9, 13, 8, 10, 9, 8] as const;
const line = (cells: readonly (string | number)[]) =>
  `  ${cells.map((cell, i) => String(cell).padEnd(widths[i] ?? 0)).join("")}`.trimEnd();

export const heading = line([
  "round",
  "faults",
  "messages",
  "in doubt",
  "by echo",
  "unconfirmed",
  "failed",
  "resumed",
  "took",
  "breaks",
]);

export function row(round: Round, breaks: number): string {
  const mine = new Set(round.messageIds);
  const statuses = round.evidence.topics.statuses.filter((status) => mine.has(status.message_id));
  const states = [...foldStatuses(statuses).values()].map(({ status }) => status);
  return line([
    round.number,
    round.kinds.join(" + "),
    mine.size,
    inDoubt(statuses).size,
    settledByEcho(statuses),
    states.filter((status) => status === "unconfirmed").length,
    states.filter((status) => status === "failed").length,
    round.resumeS === null ? "–" : `${round.resumeS.toFixed(1)} s`,
    `${round.tookS.toFixed(0)} s`,
    breaks,
  ]);
}

export function summary(report: Report, faults: readonly string[]): string {
  const rows: [string, string | number][] = [
    ["messages", report.messages],
    ["faults", Object.values(report.faults).reduce((sum, times) => sum + times, 0)],
    ["faults cut short", report.cut_short],
    ["processes that ended by themselves", report.ended],
    ["lost", report.lost],
    ["doubled", report.doubled],
    ["out of order", report.order_breaks],
    ["sends above a rate", report.rate_breaks],
    ["reached the wrong tenant", report.cross_tenant],
    ["ever in doubt / settled by a receipt", `${report.in_doubt} / ${report.settled_by_echo}`],
    ["longest until sending resumed", `${report.resume_s_max} s`],
    ["from the 202 to the provider, p99", `${report.dwell_p99_ms} ms`],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return [
    "",
    ...rows.map(([label, value]) => `  ${label.padEnd(width)}   ${value}`),
    "",
    faults.length === 0 ? "  Every promise held." : `  A promise did not hold: ${faults.join("; ")}.`,
  ].join("\n");
}
