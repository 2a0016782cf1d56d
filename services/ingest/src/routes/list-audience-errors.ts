import { z } from "@hono/zod-openapi";
import { type ApiRoute, decodeCursor, page, pageOf, pageQuery, problem, route } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import { type AudienceDeps, audienceParams } from "../audiences/audience-api.ts";
import { findAudience, listErrors } from "../audiences/audience-store.ts";

const sortKey = z.tuple([z.number()]);

const lineError = z
  .object({
    line: z.int().describe("Of the file, from 1; or the place among the request's recipients."),
    column: z.string().nullable(),
    code: z.string(),
    problem: z.string(),
  })
  .openapi("AudienceError");

export function listAudienceErrors({ sql }: Pick<AudienceDeps, "sql">): ApiRoute {
  return route({
    method: "get",
    path: "/v1/audiences/{id}/errors",
    scope: "campaigns:read",
    summary: "List the lines that were left out",
    params: audienceParams,
    query: pageQuery,
    success: { status: 200, description: "In order; the first thousand or so.", body: pageOf(lineError) },
    handle: async ({ caller: { tenant }, params: { id }, query: { limit, cursor } }) => {
      const after = decodeCursor(cursor, sortKey)?.[0] ?? 0;
      const rows = await withTenants(sql, [tenant], async (tx) => {
        const audience = await findAudience(tx, tenant, id);
        return audience && listErrors(tx, audience, after, limit + 1);
      });
      if (rows === undefined) throw problem("not_found");
      return {
        body: page(
          rows,
          limit,
          ({ line }) => [line],
          (row) => row,
        ),
      };
    },
  });
}
