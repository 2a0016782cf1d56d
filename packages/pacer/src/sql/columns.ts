/**
 * Parameters that hold a column of many rows. The client would write arrays element by element, and bytes as an array of hex
 * texts, which Postgres reads character by character, twice; for a batch that costs both sides more than the statement's work.
 */
import { isUtf8 } from "node:buffer";
import type { Fragment, Sql } from "postgres";

type Value = string | number | boolean | null;

/** For `unnest(…::text[])` and arrays of numbers. JSON's quotes are those of an array literal as long as nothing is escaped. */
export function column(values: readonly Value[]): string | Value[] {
  const json = JSON.stringify(values);
  return json.includes("\\") ? [...values] : `{${json.slice(1, -1)}}`;
}

/**
 * All of them as one bytea, to be cut up by `substring`, which costs nothing there; `begins` counts from one as SQL does, null
 * is no bytes. The client knows bytea as hex only: twice the size, so what is text anyway travels as text.
 */
export function pack(
  sql: Sql,
  parts: readonly (Uint8Array | null)[],
): { bytes: Fragment; begins: (number | null)[]; sizes: (number | null)[] } {
  let end = 1;
  const begins = parts.map((part) => {
    if (part === null) return null;
    end += part.byteLength;
    return end - part.byteLength;
  });
  const bytes = Buffer.concat(parts.filter((part) => part !== null));
  return {
    begins,
    sizes: parts.map((part) => part?.byteLength ?? null),
    bytes:
      isUtf8(bytes) && !bytes.includes(0)
        ? // In a select of its own it is converted once, not for each row.
          sql`(select convert_to(${bytes.toString()}, 'UTF8'))`
        : sql`${bytes}::bytea`,
  };
}
