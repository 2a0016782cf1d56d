import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventTypes } from "../src/worker/deliveries/event-types.ts";
import { catalogue, contents, targets } from "./generate.ts";
import type { JsonSchema } from "./json-schema.ts";

const { data, types } = catalogue();

it("the catalogue is that of the records: otherwise run `npm run schemas`", () => {
  const made = contents();
  expect(readFileSync(targets.json, "utf8")).toBe(made.json);
  expect(readFileSync(targets.page, "utf8")).toBe(made.page);
});

it("lists everything an endpoint can ask for, and the test event", () => {
  expect(types.map(({ type }) => type)).toEqual([...eventTypes, "endpoint.test"]);
});

/** Where a value does not fit a schema, as dotted paths; knows the keywords that the catalogue uses. */
function misfits(schema: JsonSchema, value: unknown, path = "data"): string[] {
  const types = [schema.type].flat() as string[];
  const type =
    value === null
      ? "null"
      : Array.isArray(value)
        ? "array"
        : Number.isInteger(value)
          ? "integer"
          : typeof value;
  if (!types.includes(type)) return [`${path} is ${type}, not ${types.join(" or ")}`];
  if (type === "array")
    return (value as unknown[]).flatMap((one, at) =>
      misfits(schema.items as JsonSchema, one, `${path}.${at}`),
    );
  if (type !== "object") return [];
  const properties = schema.properties as Record<string, JsonSchema>;
  const given = value as Record<string, unknown>;
  return [
    ...Object.keys(given)
      .filter((name) => !Object.hasOwn(properties, name))
      .map((name) => `${path}.${name} is not in the schema`),
    ...Object.entries(properties).flatMap(([name, inner]) => misfits(inner, given[name], `${path}.${name}`)),
  ];
}

describe.each(types)("$type", ({ type, version, data: family, example }) => {
  it("has an example that fits its schema, field by field", () => {
    expect(example).toMatchObject({ type, version, timestamp: expect.stringMatching(/Z$/) });
    expect(misfits(data[family], (example as { data: unknown }).data)).toEqual([]);
  });
});

it("the check of examples sees a missing field, a wrong type and one too many", () => {
  const { example } = types[0]!;
  const good = (example as { data: Record<string, unknown> }).data;
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(good)), (name) => {
      const { [name]: _, ...missing } = good;
      expect(misfits(data.message, missing)).toHaveLength(1);
      expect(misfits(data.message, { ...good, [name]: [] })).toHaveLength(1);
    }),
  );
  expect(misfits(data.message, { ...good, more: 1 })).toEqual(["data.more is not in the schema"]);
});

it("no payload of a message names its recipient", () => {
  expect(
    Object.keys(data.message.properties as object).filter((name) => /recipient|phone|to$/.test(name)),
  ).toEqual([]);
});
