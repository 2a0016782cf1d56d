// What docs/data promises to readers of the topics: complete, valid, not stale, and unchanged once released.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import avro from "avsc";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { addedBy } from "./changes.ts";
import { topicContracts } from "./contracts.ts";
import { documents, documentsFolder, leftOver } from "./documents.ts";
import { fieldsOf, readClassification, unknownToSchemas } from "./fields.ts";
import { type Avro, type AvroNamed, readSchema, records, versionsOf } from "./read.ts";
import { asItStands, broken, readReleased } from "./released.ts";

const latest = records().map((record) => readSchema(record, versionsOf(record).at(-1)!));
const contracts = topicContracts();

/** Bytes, which JSON spells as text, as bytes. */
function withBytes(type: Avro, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  if (type === "bytes") return Buffer.from(String(value), "latin1");
  if (typeof type === "string") return value;
  if (Array.isArray(type)) return withBytes(type.find((one) => one !== "null") ?? "null", value);
  if (type.type === "map")
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withBytes(type.values!, one)]));
  if (type.type !== "record") return value;
  const fields = type.fields ?? [];
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      withBytes(fields.find((field) => field.name === name)?.type ?? "null", one),
    ]),
  );
}

test.each([...documents()])(
  "docs/data/%s is made of the schemas as they are: otherwise run `npm run schemas`",
  (file, text) => {
    expect(existsSync(documentsFolder + file) && readFileSync(documentsFolder + file, "utf8")).toBe(text);
  },
);

test("no page is left of a topic that is no more", () => {
  expect(leftOver()).toEqual([]);
});

describe("classification", () => {
  const classification = readClassification();

  test("a field without a class, or a number without a unit, is refused", () => {
    const [schema] = latest;
    const { event_id, ...rest } = classification.types[schema!.name!]!;
    const less = { ...classification, types: { ...classification.types, [schema!.name!]: rest } };
    expect(event_id).toBeDefined();
    expect(() => fieldsOf(schema!, less)).toThrow("AuditEntry.event_id has no class");
    const usage = latest.find(({ name }) => name === "Usage")!;
    const unitless = { ...classification.types.Usage, billable: "operational" as const };
    const other = { ...classification, types: { ...classification.types, Usage: unitless } };
    expect(() => fieldsOf(usage, other)).toThrow("Usage.billable is a number and has no unit");
  });

  test("it names no field that is no more, and uses every class and no other", () => {
    expect(unknownToSchemas(latest, classification)).toEqual([]);
    const used = new Set(contracts.flatMap(({ fields }) => fields.map((row) => row.class ?? "")));
    used.delete("");
    expect([...used].sort()).toEqual(Object.keys(classification.classes).sort());
  });

  test("what the schemas call personal data or content is not classed as less", () => {
    const careless = contracts
      .flatMap(({ record, fields }) => fields.map((row) => ({ ...row, path: `${record} ${row.path}` })))
      .filter((row) => row.class === "operational" || row.class === "identifier")
      .filter(({ doc }) => /(Personal data|Content|Content: may hold personal data)\.$/.test(doc));
    expect(careless.map(({ path }) => path)).toEqual([]);
  });
});

test.each(contracts)(
  "$name: its example is a record of its schema, with every field of it",
  ({ schema, example }) => {
    const type = avro.Type.forSchema(schema as avro.Schema, { wrapUnions: false });
    const wrong: string[] = [];
    const errorHook = (path: string[], value: unknown) => wrong.push(`${path.join(".")}: ${String(value)}`);
    type.isValid(withBytes(schema, example), { errorHook, noUndeclaredFields: true });
    expect(wrong).toEqual([]);
    expect(Object.keys(example)).toEqual(schema.fields?.map(({ name }) => name));
  },
);

test("two names of a schema's additions: a field, and a symbol; what a new field consists of is not told again", () => {
  const before = {
    type: "record",
    name: "R",
    fields: [{ name: "k", type: { type: "enum", name: "K", symbols: ["A"] } }],
  };
  const part = { type: "record", name: "P", fields: [{ name: "inner", type: "string" }] };
  const next = {
    type: "record",
    name: "R",
    fields: [
      { name: "k", type: { type: "enum", name: "K", symbols: ["A", "B"] } },
      { name: "parts", type: { type: "array", items: part } },
      { name: "parts_more", type: "string" },
    ],
  };
  expect(addedBy(next as AvroNamed, before as AvroNamed)).toEqual(["k=B", "parts", "parts_more"]);
});

describe("asyncapi.yaml", () => {
  const document = parse(documents().get("asyncapi.yaml")!);
  const specification = createRequire(import.meta.url)("@asyncapi/specs/schemas/3.0.0.json");
  // The specification brings the draft it is written in along.
  const ajv = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false });
  const validate = ajv.compile(specification);

  test("is valid AsyncAPI 3, Avro schemas included", () => {
    expect(validate(document) ? [] : validate.errors).toEqual([]);
  });

  test("the validator sees what it is there for", () => {
    const wrong = structuredClone(document);
    wrong.channels["wa.usage.v1"].bindings.kafka.partitions = "many";
    expect(validate(wrong)).toBe(false);
    const odd = structuredClone(document);
    odd.components.messages.usage.payload.schema.fields[0].type = { type: "no such type" };
    expect(validate(odd)).toBe(false);
  });

  test("has a channel for every topic, and every reference leads somewhere", () => {
    expect(Object.keys(document.channels)).toEqual(contracts.map(({ name }) => name));
    const lost: string[] = [];
    const walk = (value: unknown) => {
      if (typeof value !== "object" || value === null) return;
      if ("$ref" in value && typeof value.$ref === "string") {
        const steps = value.$ref.slice(2).split("/");
        if (steps.reduce((at, step) => at?.[step], document) === undefined) lost.push(value.$ref);
      }
      Object.values(value).forEach(walk);
    };
    walk(document);
    expect(lost).toEqual([]);
  });
});

describe("released.json", () => {
  test("what was released is still so", () => {
    expect(broken(readReleased(), asItStands(null))).toEqual([]);
  });

  test("a changed or removed file, and a topic with another key or number of partitions, is named with the remedy", () => {
    const was = asItStands("1.0.0");
    const { "usage/v1.avsc": _, ...schemas } = was.schemas;
    const usage = { ...was.topics["wa.usage.v1"]!, partitions: { production: 128, local: 8 } };
    const now = {
      ...was,
      schemas: { ...schemas, "audit-entry/v1.avsc": "0" },
      migrations: { ...was.migrations, "services/ingest/migrations/0001_rules.sql": "0" },
      topics: { ...was.topics, "wa.usage.v1": usage },
    };
    expect(broken(was, now)).toEqual([
      "schemas/audit-entry/v1.avsc is of release 1.0.0: put it back and add the next version",
      "schemas/usage/v1.avsc is of release 1.0.0: put it back and add the next version",
      "services/ingest/migrations/0001_rules.sql is of release 1.0.0: put it back and add the next number",
      "wa.usage.v1 is of release 1.0.0: put it back and add a topic with the next number",
    ]);
    expect(broken(was, { ...was, schemas: { ...was.schemas, "usage/v2.avsc": "1" } })).toEqual([]);
  });
});
