/** A small value that a schema takes: its own example where it has one, else made up from the shape. The same each time. */
import fc from "fast-check";
import { resolved, type Schema, type Schemas } from "./schema.ts";

/** The example that a schema says itself, as a whole. */
export function ownExample(schema: Schema, schemas: Schemas): unknown {
  const { example, examples } = resolved(schema, schemas);
  return schema.example ?? example ?? examples?.[0];
}

export type Wishes = {
  hints?: Hints;
  /** Fields that the schema does not require and the route does, by their paths: `message.text`, `messages.0.text`. */
  also?: ReadonlySet<string>;
  /** Fields that the schema allows and the route does not take beside the others, by their paths. */
  without?: ReadonlySet<string>;
};

/** Values by the name of their field, used wherever the schema has such a field and takes text there. */
export type Hints = Readonly<Record<string, string>>;

export function exampleOf(schema: Schema, schemas: Schemas, wishes: Wishes = {}, path = ""): unknown {
  const shape = resolved(schema, schemas);
  const inner = (part: Schema, name: string | number) =>
    exampleOf(part, schemas, wishes, path === "" ? `${name}` : `${path}.${name}`);
  const isWanted = ([name]: [string, unknown]) =>
    wishes.without?.has(path === "" ? name : `${path}.${name}`) !== true;
  const hints = () =>
    Object.fromEntries(Object.entries(hinted(shape, schemas, wishes.hints ?? {})).filter(isWanted));
  const wanted = () => ({ ...hints(), ...wished(shape, path, wishes, inner) });
  const own = shape.example ?? shape.examples?.[0];
  if (own !== undefined)
    return isObject(own)
      ? { ...wanted(), ...withHints(own, shape, schemas, wishes.hints ?? {}), ...hints() }
      : own;
  if (shape.const !== undefined) return shape.const;
  if (shape.enum !== undefined) return shape.enum.find((value) => value !== null);
  const [choice] = shape.oneOf ?? shape.anyOf ?? [];
  if (choice !== undefined) return exampleOf(choice, schemas, wishes, path);
  if (shape.allOf !== undefined)
    return Object.assign({}, ...shape.allOf.map((part) => exampleOf(part, schemas, wishes, path)));
  switch (typeOf(shape)) {
    case "object":
      return objectOf(shape, wanted(), inner);
    case "array":
      return Array.from({ length: shape.minItems ?? 1 }, (_, n) => inner(shape.items ?? {}, n));
    case "string":
      return textOf(shape);
    case "integer":
    case "number":
      return shape.minimum ?? (shape.exclusiveMinimum === undefined ? 1 : shape.exclusiveMinimum + 1);
    case "boolean":
      return true;
    default:
      return null;
  }
}

type Inner = (part: Schema, name: string | number) => unknown;

/** What is required and what is wanted; where that is nothing, the first field, so that a change changes something. */
function objectOf(shape: Schema, wanted: Record<string, unknown>, inner: Inner): Record<string, unknown> {
  const properties = shape.properties ?? {};
  const required = shape.required ?? [];
  const made = {
    ...Object.fromEntries(required.map((name) => [name, inner(properties[name] ?? {}, name)])),
    ...wanted,
  };
  const [first] = Object.keys(properties);
  return Object.keys(made).length === 0 && first !== undefined
    ? { [first]: inner(properties[first]!, first) }
    : made;
}

function wished(shape: Schema, path: string, { also }: Wishes, inner: Inner): Record<string, unknown> {
  const names = Object.keys(shape.properties ?? {});
  return Object.fromEntries(
    names
      .filter((name) => also?.has(path === "" ? name : `${path}.${name}`))
      .map((name) => [name, inner(shape.properties![name]!, name)]),
  );
}

function hinted(shape: Schema, schemas: Schemas, hints: Hints): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, schema] of Object.entries(shape.properties ?? {})) {
    const hint = hints[name];
    const field = resolved(schema, schemas);
    if (hint === undefined || !takesText(field, schemas)) continue;
    if (field.pattern === undefined || new RegExp(field.pattern).test(hint)) found[name] = hint;
  }
  return found;
}

/** The example with its inner objects hinted too: what it names inside is to be the caller's as well. */
function withHints(
  own: Record<string, unknown>,
  shape: Schema,
  schemas: Schemas,
  hints: Hints,
): Record<string, unknown> {
  const properties = variantOf(shape, own, schemas).properties ?? {};
  return Object.fromEntries(
    Object.entries(own).map(([name, value]) => {
      if (!isObject(value) || properties[name] === undefined) return [name, value];
      const inner = variantOf(resolved(properties[name], schemas), value, schemas);
      return [
        name,
        { ...withHints(value, inner, schemas, hints), ...onlyKnown(hinted(inner, schemas, hints), value) },
      ];
    }),
  );
}

/** Inside an example a hint replaces what is there, and adds nothing. */
function onlyKnown(hints: Record<string, string>, value: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(hints).filter(([name]) => name in value));
}

/** Of several shapes the one whose fixed values the example has. */
function variantOf(shape: Schema, own: Record<string, unknown>, schemas: Schemas): Schema {
  const variants = (shape.oneOf ?? shape.anyOf ?? []).map((one) => resolved(one, schemas));
  return (
    variants.find(({ properties }) =>
      Object.entries(properties ?? {}).every(
        ([name, { const: only, enum: some = [only] }]) =>
          (only === undefined && some[0] === undefined) || some.includes(own[name]),
      ),
    ) ?? shape
  );
}

function takesText(schema: Schema, schemas: Schemas): boolean {
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) return choices.some((one) => takesText(resolved(one, schemas), schemas));
  return typeOf(schema) === "string" && schema.enum === undefined && schema.const === undefined;
}

function textOf(shape: Schema): string {
  const known: Record<string, string> = {
    "date-time": "2099-01-01T00:00:00Z",
    date: "2099-01-01",
    time: "12:00:00Z",
    uri: "https://example.com/a",
    email: "a@example.com",
    uuid: "018f0000-0000-7000-8000-000000000001",
  };
  const ready = known[shape.format ?? ""];
  const fits = shape.pattern === undefined ? null : new RegExp(shape.pattern);
  if (ready !== undefined && (fits === null || fits.test(ready))) return ready;
  const { minLength = 1, maxLength = Number.POSITIVE_INFINITY } = shape;
  if (fits === null) return "x".repeat(Math.max(1, minLength));
  // Of some that fit, one of a fair length: too short to be unique is as bad as too long.
  const fitting = fc
    .sample(fc.stringMatching(fits), { numRuns: 200, seed: 7 })
    .filter((text) => text.length >= minLength && text.length <= maxLength);
  const plain = fitting.filter((text) => /^[\w.:/+@-]*$/.test(text));
  const [text] = (plain.length > 0 ? plain : fitting).sort(
    (a, b) => Math.abs(a.length - 12) - Math.abs(b.length - 12),
  );
  if (text === undefined) throw new Error(`nothing was found that matches ${shape.pattern}`);
  return text;
}

function typeOf(shape: Schema): string | undefined {
  const type = Array.isArray(shape.type) ? shape.type.find((one) => one !== "null") : shape.type;
  return type ?? (shape.properties === undefined ? undefined : "object");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
