/** A whole request for an operation: the path filled, what is required in query and headers, a body that the schema takes. */
import { exampleOf, type Wishes } from "./example.ts";
import type { Operation } from "./operations.ts";

export type Call = { method: string; path: string; headers: Record<string, string>; body?: unknown };

export function callOf(
  operation: Operation,
  options: Wishes & {
    /** The real id for a path parameter, given what stands before it; undefined: a made-up one. */
    idAt?: (before: string, parameter: string) => string | undefined;
  } = {},
): Call {
  const { method, parameters, body, schemas } = operation;
  const made = (parameter: Operation["parameters"][number]) =>
    String(exampleOf(parameter.schema ?? { type: "string" }, schemas));
  let path = "";
  for (const part of operation.path.split(/(\{[^}]+\})/)) {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name === undefined) {
      path += part;
      continue;
    }
    const parameter = parameters.find((one) => one.in === "path" && one.name === name);
    const id = options.idAt?.(path.replace(/\/$/, ""), name);
    path += encodeURIComponent(id ?? made(parameter ?? { name, in: "path" }));
  }
  const query = new URLSearchParams();
  const headers: Record<string, string> = {};
  for (const parameter of parameters) {
    if (parameter.required !== true) continue;
    const value = options.hints?.[parameter.name] ?? made(parameter);
    if (parameter.in === "query") query.set(parameter.name, value);
    if (parameter.in === "header") headers[parameter.name.toLowerCase()] = value;
  }
  if (body !== null) headers["content-type"] = body.type;
  return {
    method,
    path: query.size === 0 ? path : `${path}?${query}`,
    headers,
    ...(body !== null && { body: exampleOf(body.schema, schemas, options) }),
  };
}
