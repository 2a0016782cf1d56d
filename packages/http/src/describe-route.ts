/** A route's entry in the API description. */
import type { OpenAPIHono, z } from "@hono/zod-openapi";
import { problemDocument } from "./problem.ts";
import type { ApiRoute } from "./route.ts";

export function registerRoute(registry: OpenAPIHono["openAPIRegistry"], one: ApiRoute): void {
  if (!registry.definitions.some((known) => known.type === "component" && known.name === "key"))
    registry.registerComponent("securitySchemes", "key", {
      type: "http",
      scheme: "bearer",
      description:
        "API key, wam_<key id>_<secret>. Its tenant is the call's, unless wamesh-tenant names another it reaches.",
    });
  const { params, query, headers, body, upload, success } = one;
  registry.registerPath({
    method: one.method,
    path: one.path,
    summary: one.summary,
    tags: [one.tag ?? one.path.split("/")[2] ?? "other"],
    ...(one.description !== undefined && { description: one.description }),
    ...(one.scope !== null && {
      security: [{ key: [one.scope] }],
      "x-scope": one.scope,
    }),
    request: {
      ...(params && { params: params as z.ZodObject }),
      ...(query && { query: query as z.ZodObject }),
      ...(headers && { headers: headers as z.ZodObject }),
      ...(upload && {
        body: {
          required: true,
          description: upload.description,
          content: { [upload.mediaType]: { schema: { type: "string", example: upload.example } } },
        },
      }),
      ...(body && {
        body: {
          required: true,
          content: Object.fromEntries(
            ["application/json", ...(one.mediaTypes ?? [])].map((type) => [type, { schema: body }]),
          ),
        },
      }),
    },
    responses: {
      [success.status]: {
        description: success.description,
        ...(success.body && { content: { "application/json": { schema: success.body } } }),
      },
      default: {
        description: "A problem document (RFC 9457).",
        content: { "application/problem+json": { schema: problemDocument } },
      },
    },
  });
}
