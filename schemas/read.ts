/** The schemas as they lie here: `<record>/v<N>.avsc`. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export type Avro = string | Avro[] | AvroNamed;
export type AvroNamed = {
  type: Avro;
  name?: string;
  doc?: string;
  symbols?: string[];
  items?: Avro;
  values?: Avro;
  logicalType?: string;
  default?: unknown;
  fields?: AvroField[];
};

export type AvroField = { name: string; doc?: string; type: Avro; default?: unknown };

export const root = fileURLToPath(new URL("./", import.meta.url));

/** Latest version file of a record folder, for example message-status -> 1. Versions count from 1 without gaps. */
export function versionsOf(record: string): number[] {
  return readdirSync(`${root}${record}`)
    .map((file) => /^v(\d+)\.avsc$/.exec(file)?.[1])
    .filter((version) => version !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

export function records(): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

export function readSchema(record: string, version: number): AvroNamed {
  return JSON.parse(readFileSync(`${root}${record}/v${version}.avsc`, "utf8"));
}
