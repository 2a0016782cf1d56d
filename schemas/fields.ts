/** The fields of a record as one list, each with its class and unit from classification.json. Pure but for reading that file. */
import { readFileSync } from "node:fs";
import { type Avro, type AvroNamed, root } from "./read.ts";

export type FieldClass = "identifier" | "personal" | "content" | "operational" | "secret";

/** `path`: `reason.code`, `skips[].count`. A field that consists of others has no class: they have. */
export type FieldRow = {
  path: string;
  type: string;
  unit: string;
  class: FieldClass | null;
  doc: string;
};

type Classified = FieldClass | { class: FieldClass; unit: string };
export type Classification = {
  classes: Record<FieldClass, string>;
  types: Record<string, Record<string, Classified>>;
};

export function readClassification(): Classification {
  return JSON.parse(readFileSync(`${root}classification.json`, "utf8"));
}

const numbers = ["int", "long", "float", "double"];

/** Throws for a field that nobody has classified, or a number without a unit. Named types are known once they are read. */
export function fieldsOf(schema: AvroNamed, classification: Classification): FieldRow[] {
  const known = new Map<string, AvroNamed>();

  function within(type: Avro, path: string): FieldRow[] {
    const record = recordIn(type);
    if (record === null) return [];
    return (record.schema.fields ?? []).flatMap((field): FieldRow[] => {
      const at = `${path}${record.list ? "[]" : ""}${path === "" ? "" : "."}${field.name}`;
      const inner = within(field.type, at);
      const row = { path: at, type: typeName(field.type), doc: field.doc ?? "" };
      if (recordIn(field.type) !== null) return [{ ...row, unit: "", class: null }, ...inner];
      const name = `${record.schema.name}.${field.name}`;
      const found = classification.types[record.schema.name ?? ""]?.[field.name];
      if (found === undefined) throw new Error(`${name} has no class in schemas/classification.json`);
      const given = typeof found === "string" ? { class: found, unit: "" } : found;
      const unit = row.type.startsWith("time") ? "ms since 1970, UTC" : given.unit;
      if (unit === "" && numbers.includes(row.type.split(" ")[0]!))
        throw new Error(`${name} is a number and has no unit in schemas/classification.json`);
      return [{ ...row, unit, class: given.class }];
    });
  }

  /** The record that a type is, or is a list of, or may be null instead of. */
  function recordIn(type: Avro): { schema: AvroNamed; list: boolean } | null {
    if (typeof type === "string") {
      const schema = known.get(type);
      return schema === undefined ? null : { schema, list: false };
    }
    if (Array.isArray(type)) return type.map(recordIn).find((found) => found !== null) ?? null;
    if (type.type === "array") {
      const item = recordIn(type.items ?? "null");
      return item === null ? null : { schema: item.schema, list: true };
    }
    if (type.type !== "record") return null;
    known.set(type.name ?? "", type);
    return { schema: type, list: false };
  }

  return within(schema, "");
}

/** Names of types and fields that classification.json knows and no schema has. */
export function unknownToSchemas(schemas: readonly AvroNamed[], classification: Classification): string[] {
  const fields = new Set<string>();
  const note = (type: Avro): void => {
    if (typeof type === "string") return;
    if (Array.isArray(type)) {
      type.forEach(note);
      return;
    }
    for (const field of type.fields ?? []) {
      fields.add(`${type.name}.${field.name}`);
      note(field.type);
    }
    if (type.items !== undefined) note(type.items);
    if (type.values !== undefined) note(type.values);
  };
  schemas.forEach(note);
  return Object.entries(classification.types)
    .flatMap(([type, of]) => Object.keys(of).map((field) => `${type}.${field}`))
    .filter((name) => !fields.has(name));
}

/** As a reader needs it: `text or null`, `one of …` as `enum`, times as `time`. */
function typeName(type: Avro): string {
  if (Array.isArray(type)) {
    const [some] = type.filter((one) => one !== "null");
    return `${typeName(some ?? "null")} or null`;
  }
  if (typeof type === "string") return type;
  if (type.logicalType === "timestamp-millis") return "time";
  if (type.type === "array") return `list of ${typeName(type.items ?? "null")}`;
  if (type.type === "map") return `map of ${typeName(type.values ?? "null")}`;
  if (type.type === "enum") return `enum ${(type.symbols ?? []).join(" ")}`;
  if (type.type === "record") return type.name ?? "record";
  return typeName(type.type);
}
