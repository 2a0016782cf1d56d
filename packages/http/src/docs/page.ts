/**
 * The API description as a page: everything of /openapi.json in plain HTML, made once on the server. No script, nothing from
 * elsewhere; a browser may load nothing but the style inside it.
 */
import { createHash } from "node:crypto";
import { errorCodes } from "../error-codes.ts";
import { type Document, type Operation, resolved, type Schema } from "./document.ts";
import { type Html, html } from "./html.ts";
import { fieldTable, typeOf } from "./schema.ts";

const style = `
:root { color-scheme: light dark; --line: #8885; --soft: #8882; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
h1 { margin-bottom: 0; } h2 { margin-top: 2.5rem; text-transform: capitalize; }
section { border-top: 1px solid var(--line); padding: .5rem 0 1rem; } h3 { margin: .6rem 0 .2rem; font-size: 1.05rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-size: .9rem; }
td, th { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); }
code, pre { font: .9em/1.45 ui-monospace, monospace; } pre { background: var(--soft); padding: .75rem; overflow-x: auto; border-radius: 4px; }
b { font-weight: 600; font-size: .8em; } i { opacity: .75; font-style: normal; } summary { cursor: pointer; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700; } nav ul { columns: 2; padding-left: 1rem; }
`;

export const docsHeaders = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; ` +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

/** `links`: the descriptions of other services, from the same origin. */
export function docsPage(
  document: Document,
  { openapi, links }: { openapi: string; links: readonly { name: string; href: string }[] },
): string {
  const { info, components } = document;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, said]) => ({ method: method.toUpperCase(), path, said })),
  );
  const byTag = [...Map.groupBy(operations, ({ said }) => said.tags?.[0] ?? "other")];
  const page = html`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${info.title}</title><style>${{ html: style }}</style>
<h1>${info.title}</h1><p>Version ${info.version}. <a href="${openapi}">openapi.json</a>${links.map(
    ({ name, href }) => html` · <a href="${href}">${name}</a>`,
  )}
${(info.description ?? "").split("\n\n").map((one) => html`<p>${one}`)}
<nav><ul>${operations.map(
    ({ method, path, said }) =>
      html`<li><a href="#${idOf(method, path)}"><code>${method} ${path}</code></a> ${said.summary ?? ""}`,
  )}</ul></nav>
${byTag.map(([tag, some]) => html`<h2>${tag}</h2>${some.map((one) => operationSection(one, document))}`)}
<h2>Schemas</h2>${Object.entries(components?.schemas ?? {}).map(
    ([name, schema]) => html`<section id="schema-${name}"><h3>${name}</h3>${schemaOf(schema)}</section>`,
  )}
<h2>Errors</h2><p>Each is a problem document (RFC 9457) with a stable <code>code</code>.${errorTable()}</html>`;
  return page.html;
}

type Named = { method: string; path: string; said: Operation };

function operationSection({ method, path, said }: Named, document: Document): Html {
  const [body] = Object.entries(said.requestBody?.content ?? {});
  const { parameters = [], responses } = said;
  return html`<section id="${idOf(method, path)}"><h3><span class="method">${method}</span> <code>${path}</code></h3>
<p><strong>${said.summary ?? ""}</strong>${said["x-scope"] === undefined ? null : html` · scope <code>${said["x-scope"]}</code>`}
${said.description === undefined ? null : html`<p>${said.description}`}
${parameters.length === 0 ? null : html`<table><tr><th>parameter<th>in<th>type<th>${parameters.map((one) => html`<tr><td><code>${one.name}</code>${one.required === true ? html` <b>required</b>` : null}<td>${one.in}<td>${typeOf(one.schema ?? {})}<td>${one.description ?? one.schema?.description ?? null}`)}</table>`}
${body === undefined ? null : html`<details open><summary>Body, ${body[0]}</summary>${schemaOf(body[1].schema)}</details><pre>${curlOf(method, path, body[0], exampleIn(body[1].schema, document))}</pre>`}
${Object.entries(responses)
  .filter(([status]) => status !== "default")
  .map(([status, { description, content }]) => {
    const [answer] = Object.values(content ?? {});
    return html`<details><summary>${status}: ${description}</summary>${answer === undefined ? null : schemaOf(answer.schema)}</details>`;
  })}</section>`;
}

function schemaOf(schema: Schema): Html {
  return fieldTable(schema) ?? html`<p>${typeOf(schema)}`;
}

export function exampleIn(schema: Schema, document: Document): unknown {
  const { example, examples } = resolved(schema, document);
  return schema.example ?? example ?? examples?.[0];
}

function curlOf(method: string, path: string, type: string, example: unknown): string {
  const head = `curl -X ${method} "$WAMESH${path}" -H "authorization: Bearer $KEY"`;
  if (example === undefined) return head;
  // A quote inside ends the shell's text, says itself and begins it again.
  const json = JSON.stringify(example, null, 2).replaceAll("'", `'\\''`);
  return `${head} \\\n  -H "content-type: ${type}" -d '${json}'`;
}

function idOf(method: string, path: string): string {
  return `${method.toLowerCase()}${path.replace(/[^a-z0-9]+/gi, "-")}`;
}

function errorTable(): Html {
  return html`<table><tr><th>code<th>status<th>what it means<th>what to do${Object.entries(errorCodes).map(
    ([code, { status, title, remedy }]) =>
      html`<tr><td><code>${code}</code><td>${status}<td>${title}<td>${remedy}`,
  )}</table>`;
}
