/** How long items of a lane waited from being due to being written: quantiles over the last ones. */

export type Dwell = { samples: number[]; at: number };

const kept = 1024;

export function newDwell(): Dwell {
  return { samples: [], at: 0 };
}

export function addDwell(dwell: Dwell, ms: number): void {
  dwell.samples[dwell.at] = Math.max(0, ms);
  dwell.at = (dwell.at + 1) % kept;
}

export function dwellQuantiles(dwell: Dwell): { p50: number; p99: number } | null {
  if (dwell.samples.length === 0) return null;
  const sorted = [...dwell.samples].sort((a, b) => a - b);
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
  return { p50: at(0.5), p99: at(0.99) };
}
