import { median } from "./statistics.ts";

/** What a bench gives: flat figures, units at the end of their names. The machine is added by the command. */
export type Figures = Record<string, number | boolean | null>;

export type RunOptions = { log: (line: string) => void; quick: boolean; only: readonly string[] | null };

export type Bench = {
  about: string;
  /** What `--only` can choose from; a bench without them knows neither `--only` nor `--quick`. */
  parts?: readonly string[];
  /** By figure, for the table at the end. */
  targets?: Readonly<Record<string, string>>;
  run(options: RunOptions): Promise<Figures>;
};

/** Runs `a` and `b` in turn, A B A B …; returns the median of the ratios a/b of each pair. One pair before them warms up. */
export async function pairedRatio(
  pairs: number,
  a: () => Promise<number>,
  b: () => Promise<number>,
): Promise<{ a: number; b: number; ratio: number }> {
  await a();
  await b();
  const runs: { a: number; b: number }[] = [];
  for (let i = 0; i < pairs; i++) runs.push({ a: await a(), b: await b() });
  return {
    a: median(runs.map((run) => run.a)),
    b: median(runs.map((run) => run.b)),
    ratio: median(runs.map((run) => run.a / run.b)),
  };
}
