/** What a scenario shows in the terminal. Pure: figures in, text out. */
import { standing } from "../check/standing.ts";
import type { Judgement } from "../judge.ts";

/** A line per figure that is a number or a text; lists and objects are for the report. */
export function table(report: Record<string, unknown>): string {
  const rows = Object.entries(report).filter(
    ([, value]) => typeof value === "number" || typeof value === "string",
  );
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}   ${value}`).join("\n");
}

/** The first ten breaks, with where each ledger stands. */
export function findingsInWords({ evidence, findings }: Judgement): string[] {
  return findings
    .slice(0, 10)
    .flatMap(({ kind, id, what }) => [
      `  ${kind}: ${id ?? ""} ${what}`,
      ...(id === null ? [] : standing(evidence, id).map((line) => `      ${line}`)),
    ]);
}
