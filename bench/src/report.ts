/** What a bench gives: flat figures, units at the end of their names. The machine is added by the command. */
export type Figures = Record<string, number | null>;

export type RunOptions = { log: (line: string) => void; quick: boolean; only: readonly string[] | null };

export type Bench = {
  about: string;
  /** What `--only` can choose from; a bench without them knows neither `--only` nor `--quick`. */
  parts?: readonly string[];
  /** By figure, for the table at the end. */
  targets?: Readonly<Record<string, string>>;
  run(options: RunOptions): Promise<Figures>;
};

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

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
