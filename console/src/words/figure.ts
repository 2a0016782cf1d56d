/** Numbers, durations and sizes as people read them. Pure. */

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });
const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

export function count(value: number | null | undefined): string {
  return value == null ? "–" : whole.format(value);
}

/** 1234567 → 1.2M; for tight places, with the exact figure beside it. */
export function compact(value: number | null | undefined): string {
  return value == null ? "–" : value < 10_000 ? whole.format(value) : short.format(value);
}

/** Ratio 0…1. Never 100 % while something is missing, never 0 % while something is there. */
export function percent(part: number | null | undefined, of: number | null | undefined = 1): string {
  if (part == null || of == null || of === 0) return "–";
  const value = (part / of) * 100;
  if (value > 0 && value < 0.1) return "< 0.1 %";
  if (value < 100 && value > 99.9) return "> 99.9 %";
  return `${one.format(value)} %`;
}

export function perSecond(value: number | null | undefined): string {
  if (value == null) return "–";
  if (value > 0 && value < 1) return `1 in ${one.format(1 / value)} s`;
  return `${one.format(value)}/s`;
}

/** Two units at most: `2 h 5 min`. */
export function duration(seconds: number | null | undefined): string {
  if (seconds == null) return "–";
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  const units = [
    [86_400, "d"],
    [3_600, "h"],
    [60, "min"],
    [1, "s"],
  ] as const;
  const first = units.findIndex(([size]) => s >= size);
  const [size, name] = units[first]!;
  const [nextSize, nextName] = units[first + 1]!;
  const rest = Math.floor((s % size) / nextSize);
  return rest === 0
    ? `${Math.floor(s / size)} ${name}`
    : `${Math.floor(s / size)} ${name} ${rest} ${nextName}`;
}

export function bytes(value: number): string {
  if (value < 1_000) return `${value} B`;
  if (value < 1_000_000) return `${one.format(value / 1_000)} kB`;
  return `${one.format(value / 1_000_000)} MB`;
}

export function plural(n: number, word: string, many = `${word}s`): string {
  return `${count(n)} ${n === 1 ? word : many}`;
}
