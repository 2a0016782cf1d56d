/**
 * Writes packages/events/src/generated/records.ts and the pages of docs/data from the Avro files and what lies beside them:
 * `npm run schemas`. A test fails when one is stale.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { documents, documentsFolder, leftOver } from "./documents.ts";
import { type Avro, type AvroNamed, readSchema, records, root, versionsOf } from "./read.ts";

export const target = fileURLToPath(new URL("../packages/events/src/generated/records.ts", import.meta.url));

const primitives: Record<string, string> = {
  string: "string",
  int: "number",
  long: "number",
  float: "number",
  double: "number",
  boolean: "boolean",
  bytes: "Uint8Array",
  null: "null",
};

/** TypeScript source for every record: named types are exported once, shared names must be identical everywhere. */
export function generate(): string {
  const named = new Map<string, string>();

  function typeOf(schema: Avro): string {
    if (typeof schema === "string") return primitives[schema] ?? schema;
    if (Array.isArray(schema)) return schema.map(typeOf).reverse().join(" | ");
    if (schema.type === "array") return `${wrap(typeOf(schema.items ?? "null"))}[]`;
    if (schema.type === "map") return `Record<string, ${typeOf(schema.values ?? "null")}>`;
    if (schema.type === "enum")
      return define(schema, `${schema.symbols?.map((symbol) => `"${symbol}"`).join(" | ")}`);
    if (schema.type === "record") {
      const fields = (schema.fields ?? []).map(
        (field) => `  /** ${field.doc} */\n  ${field.name}: ${typeOf(field.type)};`,
      );
      return define(schema, `{\n${fields.join("\n")}\n}`);
    }
    return typeOf(schema.type);
  }
  const wrap = (type: string) => (type.includes("|") ? `(${type})` : type);
  function define(schema: AvroNamed, body: string): string {
    const name = schema.name as string;
    const source = `/** ${schema.doc} */\nexport type ${name} = ${body};\n`;
    const known = named.get(name);
    if (known !== undefined && known !== source)
      throw new Error(`${name} is defined differently in two records`);
    named.set(name, source);
    return name;
  }

  const latest = records().map((record) => {
    const version = versionsOf(record).at(-1);
    if (version === undefined) throw new Error(`${record} has no version file`);
    const schema = readSchema(record, version);
    typeOf(schema);
    return { record, version, name: schema.name as string, schema };
  });
  const catalogue = JSON.parse(readFileSync(`${root}topics.json`, "utf8"));
  return [
    "// Generated from schemas/ by `npm run schemas`. Do not edit.\n",
    ...named.values(),
    "/** Record folder name -> its TypeScript type. */",
    `export type RecordTypes = {\n${latest.map((l) => `  "${l.record}": ${l.name};`).join("\n")}\n};\n`,
    "/** Latest schema of every record, as registered. */",
    `export const latestSchemas = ${JSON.stringify(Object.fromEntries(latest.map((l) => [l.record, { version: l.version, schema: l.schema }])), null, 2)} as const;\n`,
    "/** schemas/topics.json, typed. */",
    `export const topicCatalogue = ${JSON.stringify(catalogue.topics, null, 2)} as const;\n`,
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(target, generate());
  mkdirSync(documentsFolder, { recursive: true });
  const pages = documents();
  for (const [file, text] of pages) writeFileSync(documentsFolder + file, text);
  for (const file of leftOver()) rmSync(documentsFolder + file);
  console.log(`wrote ${records().length} records, ${pages.size} documents`);
}
