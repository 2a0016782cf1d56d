/** Runs one seed, and says what is to be said of it. */
import { check } from "./check.ts";
import type { Violation } from "./life.ts";
import { planOf } from "./plan.ts";
import { run, type Sabotage } from "./world.ts";

export type Figures = { messages: number; writes: number; faults: number; violations: Violation[] };

export function runSeed(seed: number, sabotage: Sabotage = {}): Figures {
  const plan = planOf(seed);
  const history = run(plan, { sabotage });
  return {
    messages: history.accepted.length,
    writes: history.writes.length,
    faults: plan.faults.length,
    violations: check(plan, history),
  };
}

const tailLines = 60;

/** The whole story of a seed: its faults, what it broke, and the last lines that speak of it. */
export function explain(seed: number): string {
  const plan = planOf(seed);
  const history = run(plan, { trace: true });
  const violations = check(plan, history);
  const { kind, shards, processes, members, records, faults } = plan;
  const lines = [
    `seed ${seed}: ${kind}, ${shards} shards, ${processes} processes, ${members.length} members, ${records.length} records`,
    ...faults.map((fault) => `  fault ${JSON.stringify(fault)}`),
  ];
  if (violations.length === 0) return [...lines, "every promise was kept"].join("\n");
  const named = new Set(violations.flatMap(({ detail }) => detail.match(/\b(i\d+|m\d+\.\d+)\b/g) ?? []));
  const speaks = (line: string) =>
    [...named].some((id) => new RegExp(`\\b${id.replace(".", "\\.")}\\b`).test(line));
  const tail = history.trace.filter(
    (line) => speaks(line) || /fault|shard_(acquired|lost)|wakes|starts/.test(line),
  );
  return [
    ...lines,
    ...violations.map(({ promise, detail }) => `  BROKEN ${promise}: ${detail}`),
    ...tail.slice(-tailLines).map((line) => line.slice(0, 200)),
  ].join("\n");
}
