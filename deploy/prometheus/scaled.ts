/** The same rules in shorter time, for a drill: windows, offsets and patience divided by a factor. Pure. */
import type { Group, Rule } from "./rules.ts";

const secondsOf: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };
/** Below this a window of a scrape per second holds too little for a rate. */
const leastWindowS = 5;
const leastForS = 1;

export function scaled(groups: readonly Group[], factor: number): Group[] {
  const shorter = (duration: string, leastS: number) => {
    const [, count, unit] = /^(\d+)([smhd])$/.exec(duration) ?? [];
    if (count === undefined || unit === undefined) throw new Error(`not a plain duration: ${duration}`);
    return `${Math.max(leastS, Math.round((Number(count) * (secondsOf[unit] as number)) / factor))}s`;
  };
  const rule = (one: Rule): Rule => {
    const expr = one.expr
      .replace(/\[(\w+)\]/g, (_, window: string) => `[${shorter(window, leastWindowS)}]`)
      .replace(/\boffset (\w+)/g, (_, by: string) => `offset ${shorter(by, leastWindowS)}`);
    return "alert" in one
      ? { ...one, expr, ...(one.for !== undefined && { for: shorter(one.for, leastForS) }) }
      : { ...one, expr };
  };
  return groups.map((group) => ({ ...group, rules: group.rules.map(rule) }));
}

/** A threshold that a drill could only reach in hours or by harm, lowered. Throws when the rule does not hold it any more. */
export function softened(
  groups: readonly Group[],
  changes: readonly { alert: string; from: string; to: string }[],
): Group[] {
  const missing = new Set(changes);
  const rule = (one: Rule): Rule => {
    let { expr } = one;
    for (const change of changes) {
      if (!("alert" in one) || one.alert !== change.alert || !expr.includes(change.from)) continue;
      missing.delete(change);
      expr = expr.replaceAll(change.from, change.to);
    }
    return { ...one, expr };
  };
  const changed = groups.map((group) => ({ ...group, rules: group.rules.map(rule) }));
  for (const { alert, from } of missing) throw new Error(`${alert} has no "${from}" to be lowered`);
  return changed;
}
