/** JSON Schema of what a webhook carries of an Avro record. Pure. */
import type { Field } from "../src/worker/deliveries/payload.ts";

export type JsonSchema = { [keyword: string]: unknown };
type Avro = string | Avro[] | AvroType;
type AvroType = {
  type: Avro;
  logicalType?: string;
  symbols?: string[];
  items?: Avro;
  fields?: { name: string; doc: string; type: Avro }[];
};

const primitives: Record<string, string> = {
  string: "string",
  int: "integer",
  long: "integer",
  float: "number",
  double: "number",
  boolean: "boolean",
};

/** `avro` is a record's schema with every type written out where it is used. */
export function payloadSchema<Record_>(avro: AvroType, fields: readonly Field<Record_>[]): JsonSchema {
  return objectOf(
    fields.map(({ name, from, only }) => {
      const field = avro.fields?.find((one) => one.name === (from ?? name));
      if (field === undefined) throw new Error(`the record has no ${from ?? name}`);
      return [name, { ...schemaOf(field.type, only), description: field.doc }];
    }),
  );
}

/** All are there, null or not. More may come: a receiver ignores what it does not know. */
export function objectOf(properties: [string, JsonSchema][]): JsonSchema {
  return {
    type: "object",
    required: properties.map(([name]) => name),
    properties: Object.fromEntries(properties),
  };
}

function schemaOf(type: Avro, only?: readonly string[]): JsonSchema {
  if (typeof type === "string") {
    const name = primitives[type];
    if (name === undefined) throw new Error(`${type} has no JSON Schema here`);
    return { type: name };
  }
  if (Array.isArray(type)) {
    const [inner] = type.filter((one) => one !== "null");
    const schema = schemaOf(inner!, only);
    return { ...schema, type: [schema.type, "null"] };
  }
  if (type.logicalType === "timestamp-millis") return { type: "string", format: "date-time" };
  // Not "enum": a later release may have more, and a receiver that checks by the schema of today should live on.
  if (type.type === "enum")
    return { type: "string", examples: type.symbols?.filter((symbol) => symbol !== "UNKNOWN") };
  if (type.type === "array") return { type: "array", items: schemaOf(type.items!) };
  if (type.type === "record")
    return objectOf(
      (type.fields ?? [])
        .filter(({ name }) => only?.includes(name) ?? true)
        .map((field) => [field.name, { ...schemaOf(field.type), description: field.doc }]),
    );
  return schemaOf(type.type, only);
}
