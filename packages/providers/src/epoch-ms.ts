const MS_FROM = 1e12;
/** 2200-01-01: beyond it a number is no time of a message. */
const TOO_LATE = 7_258_118_400_000;

/** Seconds or milliseconds, number or string, as milliseconds; from 10^12 on it is milliseconds. null if it is no time. */
export function epochMs(value: unknown): number | null {
  if (typeof value === "string" && !/^\d{1,16}(\.\d+)?$/.test(value)) return null;
  if (typeof value !== "number" && typeof value !== "string") return null;
  const number = Number(value);
  if (!Number.isFinite(number) || number <= 0) return null;
  const ms = Math.round(number >= MS_FROM ? number : number * 1000);
  return ms < TOO_LATE ? ms : null;
}
