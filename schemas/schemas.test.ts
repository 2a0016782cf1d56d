import { readFileSync } from "node:fs";
import avro from "avsc";
import { describe, expect, test } from "vitest";
import { generate, target } from "./generate.ts";
import { readSchema, records, versionsOf } from "./read.ts";

type Named = {
  type: unknown;
  name?: string;
  doc?: string;
  symbols?: string[];
  default?: unknown;
  fields?: Field[];
  items?: unknown;
  values?: unknown;
};
type Field = { name: string; type: unknown; doc?: string };

function typeOf(schema: unknown): avro.Type {
  return avro.Type.forSchema(schema as avro.Schema, { wrapUnions: false });
}

/** Null when `reader` can read everything that `writer` writes, else why not. */
function whyNot(reader: unknown, writer: unknown): string | null {
  try {
    typeOf(reader).createResolver(typeOf(writer));
    return null;
  } catch (error) {
    return String(error);
  }
}

function namedTypes(schema: unknown): Named[] {
  if (Array.isArray(schema)) return schema.flatMap(namedTypes);
  if (typeof schema !== "object" || schema === null) return [];
  const named = schema as Named;
  const inner = [named.items, named.values, ...(named.fields ?? []).map(({ type }) => type)];
  return [...(named.name === undefined ? [] : [named]), ...inner.flatMap(namedTypes)];
}

test("the generated types are those of the schemas: otherwise run `npm run schemas`", () => {
  expect(readFileSync(target, "utf8")).toBe(generate());
});

describe.each(records())("%s", (record) => {
  const versions = versionsOf(record);

  test("versions count from 1 without gaps", () => {
    expect(versions).toEqual(versions.map((_, i) => i + 1));
    expect(versions.length).toBeGreaterThan(0);
  });

  test("every version reads every other", () => {
    for (const reader of versions)
      for (const writer of versions)
        expect([reader, writer, whyNot(readSchema(record, reader), readSchema(record, writer))]).toEqual([
          reader,
          writer,
          null,
        ]);
  });

  test("a field added after the first version has a default", () => {
    const [first, ...later] = versions.map((version) => readSchema(record, version));
    const known = new Set(first?.fields?.map(({ name }) => name));
    for (const { fields } of later)
      for (const field of fields ?? []) if (!known.has(field.name)) expect(field).toHaveProperty("default");
  });

  test("everything is described, and every enum begins with UNKNOWN as its default", () => {
    for (const named of versions.flatMap((version) => namedTypes(readSchema(record, version)))) {
      expect(named.doc, named.name).toBeTruthy();
      for (const field of named.fields ?? []) expect(field.doc, `${named.name}.${field.name}`).toBeTruthy();
      if (named.type === "enum")
        expect([named.symbols?.[0], named.default], named.name).toEqual(["UNKNOWN", "UNKNOWN"]);
    }
  });
});

test("the compatibility check sees what it is there for", () => {
  const schema = readSchema("message-status", 1);
  const fields = schema.fields ?? [];
  const missing = { ...schema, fields: fields.slice(1) };
  const retyped = {
    ...schema,
    fields: fields.map((field, i) => (i === 0 ? { ...field, type: "boolean" } : field)),
  };
  expect(whyNot(schema, missing)).not.toBeNull();
  expect(whyNot(schema, retyped)).not.toBeNull();
  expect(whyNot(missing, schema)).toBeNull();
});
