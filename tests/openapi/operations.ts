/** The operations of a service, as its own OpenAPI document names them. */
import type { Schema, Schemas } from "./schema.ts";

export type Parameter = {
  name: string;
  in: "path" | "query" | "header" | "cookie";
  required?: boolean;
  schema?: Schema;
};

export type Operation = {
  service: string;
  /** Upper case. */
  method: string;
  /** `/v1/rules/{id}`. */
  path: string;
  /** Null: anyone may call it. */
  scope: string | null;
  parameters: readonly Parameter[];
  body: { type: string; schema: Schema } | null;
  schemas: Schemas;
};

type Document = {
  paths: Record<
    string,
    Record<
      string,
      {
        security?: Record<string, string[]>[];
        parameters?: Parameter[];
        requestBody?: { content: Record<string, { schema: Schema }> };
      }
    >
  >;
  components?: { schemas?: Schemas };
};

export function operationsOf(service: string, document: unknown): Operation[] {
  const { paths, components } = document as Document;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, said]) => {
      const [body] = Object.entries(said.requestBody?.content ?? {});
      return {
        service,
        method: method.toUpperCase(),
        path,
        scope: said.security?.flatMap((one) => Object.values(one).flat())[0] ?? null,
        parameters: said.parameters ?? [],
        body: body === undefined ? null : { type: body[0], schema: body[1].schema },
        schemas: components?.schemas ?? {},
      };
    }),
  );
}

export function nameOf({ method, path }: Pick<Operation, "method" | "path">): string {
  return `${method} ${path}`;
}
