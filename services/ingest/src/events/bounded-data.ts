/** An event's data as expressions see it: bounded, whoever wrote it, so that what an expression costs can be told when it is saved. Pure. */

/** Items of a list, entries of an object. */
export const largestList = 1_000;
/** Characters; twice what the longest message can say. */
export const longestText = 8_192;
export const deepest = 12;

/**
 * What exceeds a bound is not there: a value of an object is absent, an item of a list null. Objects become maps: none of their
 * names means anything to JavaScript then.
 */
export function boundedData(data: object): Map<string, unknown> {
  return bounded(data, 0) as Map<string, unknown>;
}

function bounded(value: unknown, depth: number): unknown {
  if (typeof value === "string") return value.length > longestText ? undefined : value.replaceAll("\0", "");
  if (typeof value !== "object" || value === null) return value;
  if (depth === deepest) return undefined;
  if (Array.isArray(value))
    return value.length > largestList ? undefined : value.map((item) => bounded(item, depth + 1) ?? null);
  const entries = Object.entries(value);
  if (entries.length > largestList && depth > 0) return undefined;
  const map = new Map<string, unknown>();
  for (const [name, inner] of entries.slice(0, largestList)) {
    const kept = bounded(inner, depth + 1);
    if (kept !== undefined) map.set(name, kept);
  }
  return map;
}
