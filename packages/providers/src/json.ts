/** Tolerant reading of other people's JSON: wrong shapes read as null or empty, never as an exception. */

export type JsonObject = Record<string, unknown>;

/**
 * undefined when it isn't JSON. Integers too big for a double become strings: Meta sends ids of up to 17 digits and more as
 * JSON numbers, and a rounded id is another template.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(hugeInteger.test(text) ? quoteHugeIntegers(text) : text);
  } catch {
    return undefined;
  }
}

/** Seen only where 16 digits stand outside a string, or seem to. */
const hugeInteger = /[:[,]\s*-?\d{16}/;
const stringOrInteger = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/gs;

/** Not with a reviver: it goes down into what is nested, and without end it would cost the whole text. */
function quoteHugeIntegers(text: string): string {
  return text.replace(stringOrInteger, (piece) =>
    piece.startsWith('"') || Number.isSafeInteger(Number(piece)) ? piece : `"${piece}"`,
  );
}

export function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

export function objectAt(value: unknown, key: string): JsonObject | null {
  const inner = isObject(value) ? value[key] : null;
  return isObject(inner) ? inner : null;
}

/** The list under `key`; empty when there is none. */
export function listAt(value: unknown, key: string): unknown[] {
  const inner = isObject(value) ? value[key] : null;
  return Array.isArray(inner) ? inner : [];
}

/** WhatsApp takes no more. A text stands in a record beside the payload that holds it, and both must fit into Kafka. */
const MAX_TEXT_CHARS = 65_536;
/** Longer ones are none: ids are keys of tables, and one is repeated in every item of a batch. */
const MAX_ID_CHARS = 512;

/** A string of at most 65,536 characters, or a number as it would be written. Without NUL, which no database takes. */
export function textAt(value: unknown, key: string): string | null {
  const inner = isObject(value) ? value[key] : null;
  if (typeof inner === "string") return inner.slice(0, MAX_TEXT_CHARS).replaceAll("\0", "");
  return typeof inner === "number" ? String(inner) : null;
}

/** As textAt, of 1 to 512 characters. */
export function idAt(value: unknown, key: string): string | null {
  const text = textAt(value, key);
  return text === null || text === "" || text.length > MAX_ID_CHARS ? null : text;
}

/** The first of the keys that holds an id. */
export function firstIdAt(value: unknown, ...keys: string[]): string | null {
  for (const key of keys) {
    const id = idAt(value, key);
    if (id !== null) return id;
  }
  return null;
}

/** A list as it is, anything else but null as a list of one: providers write both for the same thing. */
export function asList(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return value === null || value === undefined ? [] : [value];
}
