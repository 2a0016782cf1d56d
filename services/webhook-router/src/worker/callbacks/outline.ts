/** What something unknown looks like, without a word of what it says: pure. */

const MAX_DEPTH = 5;
const MAX_MEMBERS = 20;
const MAX_CHARS = 2_000;
/** Names of members are a provider's words; one with digits or signs may be a person's number or address. */
const plainName = /^[A-Za-z_]{1,40}$/;

/**
 * The shape of a JSON text: names of members, kinds of values, and of a list its first element and length. Session events are
 * read by everybody, and what a provider newly sends may hold numbers and texts of people. Empty for what is no JSON.
 */
export function outlineOf(json: string): string {
  try {
    const outline = JSON.stringify(shapeOf(JSON.parse(json), 0));
    return outline.length > MAX_CHARS ? "" : outline;
  } catch {
    return "";
  }
}

function shapeOf(value: unknown, depth: number): unknown {
  if (value === null || typeof value !== "object") return value === null ? null : typeof value;
  if (depth >= MAX_DEPTH) return "…";
  if (Array.isArray(value))
    return value.length === 0 ? [] : [shapeOf(value[0], depth + 1), `${value.length} in all`];
  const members = Object.entries(value).slice(0, MAX_MEMBERS);
  return Object.fromEntries(
    members.map(([name, inner], index) => [
      plainName.test(name) ? name : `member ${index}`,
      shapeOf(inner, depth + 1),
    ]),
  );
}
