import { z } from "@hono/zod-openapi";
import { type ApiRoute, route } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";
import { readDeadReasons } from "../reads/dead-letters.ts";
import { unplacedQuery, whoseLetters } from "./whose-dead-letters.ts";

const reasonsShape = z
  .object({
    items: z.array(
      z.object({
        reason: z.string(),
        fault_class: z.string().describe("Whose fault it is."),
        count: z.int(),
        last_at: z.iso.datetime(),
      }),
    ),
  })
  .openapi("DeadReasons");

export function getDeadReasons({ sql }: { sql: Sql }): ApiRoute {
  return route({
    method: "get",
    path: "/v1/status/dead-letters/reasons",
    scope: "status:read",
    summary: "Why records were given up",
    query: z.strictObject(unplacedQuery),
    success: { status: 200, description: "The most frequent reason first.", body: reasonsShape },
    handle: async ({ caller, query }) => {
      const { tenant, scope } = whoseLetters(caller, query.unplaced);
      const rows = await withTenants(sql, scope, (tx) => readDeadReasons(tx, tenant));
      return { body: { items: rows.map((row) => ({ ...row, last_at: row.last_at.toISOString() })) } };
    },
  });
}
