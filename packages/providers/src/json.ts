/** Tolerant reading of other people's JSON: wrong shapes read as null or empty, never as an exception. */

export type JsonObject = Record<string, unknown>;

/**
 * undefined when it isn't JSON. Integers too big for a double become strings: Meta sends ids of up to 17 digits and more as
 * JSON numbers, and a rounded id is another template.
 */
export function parseJson(text: string): unknown {
  try {
    return hugeInteger.test(text) ? JSON.parse(text, exactIntegers as Reviver) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Reviver = (key: string, value: unknown) => unknown;

/** A reviver costs several times the parsing, so it runs only where 16 digits stand outside a string (or seem to). */
const hugeInteger = /[:[,]\s*-?\d{16}/;

function exactIntegers(_key: string, value: unknown, context: { source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  return /^-?\d+$/.test(context.source ?? "") ? context.source : value;
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

/** A string, or a number as it would be written. */
export function textAt(value: unknown, key: string): string | null {
  const inner = isObject(value) ? value[key] : null;
  if (typeof inner === "string") return inner;
  return typeof inner === "number" ? String(inner) : null;
}

/** As textAt, without the empty string. */
export function idAt(value: unknown, key: string): string | null {
  return textAt(value, key) || null;
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
