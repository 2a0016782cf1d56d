/**
 * Parameters that hold a column of many rows. The client would write arrays element by element, and bytes as an array of hex
 * texts, which Postgres reads character by character, twice; for a batch that costs both sides more than the statement's work.
 */
import type { Fragment, Sql } from "postgres";

type Value = string | number | boolean | null;

/** For `unnest(…::text[])` and arrays of numbers. JSON's quotes are those of an array literal as long as nothing is escaped. */
export function column(values: readonly Value[]): string | Value[] {
  const json = JSON.stringify(values);
  return json.includes("\\") ? [...values] : `{${json.slice(1, -1)}}`;
}

/** One bytea, to be cut up by `substring`, which costs nothing there; `begins` counts from one as SQL does, null is no bytes. */
export type Packed = { bytes: Fragment; begins: (number | null)[]; sizes: (number | null)[] };

/** In a select of its own the parameter is converted once, not for each row. The client would write bytes as hex. */
export function pack(sql: Sql, parts: readonly (Uint8Array | null)[]): Packed {
  const text = Buffer.concat(parts.filter((part) => part !== null)).toString("base64");
  return {
    ...placesOf(parts.map((part) => part?.byteLength ?? null)),
    bytes: sql`(select decode(${text}, 'base64'))`,
  };
}

/** Texts without NUL, for `convert_from(substring(…), 'UTF8')`: to cut up a text itself would count its characters each time. */
export function packText(sql: Sql, parts: readonly string[]): Packed {
  return {
    ...placesOf(parts.map((part) => Buffer.byteLength(part))),
    bytes: sql`(select convert_to(${parts.join("")}, 'UTF8'))`,
  };
}

function placesOf(sizes: (number | null)[]): Omit<Packed, "bytes"> {
  let end = 1;
  const begins = sizes.map((size) => {
    if (size === null) return null;
    end += size;
    return end - size;
  });
  return { begins, sizes };
}
