/** A schema as a table of its fields. */
import { nameOfRef, type Schema } from "./document.ts";
import { type Html, html } from "./html.ts";

/** Deeper, a reader looks into openapi.json. */
const deepest = 4;

type Field = { path: string; schema: Schema; required: boolean };

export function fieldTable(schema: Schema): Html | null {
  const fields = fieldsOf(schema, "", 0);
  if (fields.length === 0) return null;
  return html`<table><tr><th>field<th>type<th>${fields.map(
    ({ path, schema, required }) =>
      html`<tr><td><code>${path}</code>${required ? html` <b>required</b>` : null}<td>${typeOf(schema)}<td>${schema.description ?? null}${limitsOf(schema)}`,
  )}</table>`;
}

function fieldsOf(schema: Schema, before: string, depth: number): Field[] {
  if (depth > deepest) return [];
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, inner]): Field[] => {
    const path = `${before}${name}`;
    const required = schema.required?.includes(name) === true;
    return [{ path, schema: inner, required }, ...fieldsOf(inner, `${path}.`, depth + 1)];
  });
  const items =
    schema.items === undefined ? [] : fieldsOf(schema.items, `${before}[].`.replace(".[]", "[]"), depth + 1);
  const variants = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])];
  return [...own, ...items, ...variants.flatMap((one) => fieldsOf(one, before, depth + 1))];
}

/** In words: `string`, `a list of Message`, `one of otp, bulk`. References are links. */
export function typeOf(schema: Schema): Html {
  if (schema.$ref !== undefined) {
    const name = nameOfRef(schema.$ref);
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum !== undefined)
    return html`one of ${listed(schema.enum.map((one) => html`<code>${String(one)}</code>`))}`;
  const variants = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (variants !== undefined)
    return listed(variants.map(typeOf), schema.allOf === undefined ? " or " : " and ");
  if (schema.items !== undefined) return html`a list of ${typeOf(schema.items)}`;
  const type = Array.isArray(schema.type) ? schema.type.join(" or ") : (schema.type ?? "anything");
  return html`${type}${schema.format === undefined ? null : html` (${schema.format})`}`;
}

function listed(parts: readonly Html[], between = ", "): Html {
  return { html: parts.map(({ html }) => html).join(between) };
}

function limitsOf(schema: Schema): Html | null {
  const said = [
    schema.minLength !== undefined && `at least ${schema.minLength} characters`,
    schema.maxLength !== undefined && `at most ${schema.maxLength} characters`,
    schema.minimum !== undefined && schema.minimum > Number.MIN_SAFE_INTEGER && `from ${schema.minimum}`,
    schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER && `to ${schema.maximum}`,
    schema.maxItems !== undefined && `at most ${schema.maxItems} items`,
    schema.pattern !== undefined && schema.pattern.length <= 60 && `as ${schema.pattern}`,
    schema.default !== undefined && `default ${JSON.stringify(schema.default)}`,
  ].filter((one) => one !== false);
  return said.length === 0 ? null : html` <i>${said.join("; ")}</i>`;
}
