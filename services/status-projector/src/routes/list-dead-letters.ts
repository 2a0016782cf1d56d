import { z } from "@hono/zod-openapi";
import { type ApiRoute, page, pageOf, pageQuery, route } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";
import { type DeadLetterRow, listDeadLetters as readDeadLetters } from "../reads/dead-letters.ts";
import { afterOf, periodQuery } from "./by-time.ts";
import { reasonShape, viewReason } from "./shapes.ts";
import { unplacedQuery, whoseLetters } from "./whose-dead-letters.ts";

const name = z.string().min(1).max(64).optional();

const deadLetterShape = z
  .object({
    id: z.string(),
    tenant: z.string().describe("Empty: not known."),
    service: z.string().describe("That gave up."),
    origin: z
      .object({ topic: z.string(), partition: z.int(), offset: z.int() })
      .describe("Where the record was read."),
    message_id: z.string().nullable(),
    reason: reasonShape.nullable(),
    attempts: z.int(),
    occurred_at: z.iso.datetime(),
  })
  .openapi("DeadLetter");

export function listDeadLetters({ sql }: { sql: Sql }): ApiRoute {
  return route({
    method: "get",
    path: "/v1/status/dead-letters",
    scope: "status:read",
    summary: "List records that were given up, newest first",
    query: pageQuery.extend({ reason: name, fault_class: name, ...unplacedQuery, ...periodQuery }),
    success: { status: 200, description: "Without their bytes.", body: pageOf(deadLetterShape) },
    handle: async ({ caller, query }) => {
      const { tenant, scope } = whoseLetters(caller, query.unplaced);
      const { cursor, limit, fault_class: faultClass, reason, since, until } = query;
      const filter = { reason, faultClass, since, until };
      const rows = await withTenants(sql, scope, (tx) =>
        readDeadLetters(tx, tenant, filter, afterOf(cursor), limit + 1),
      );
      const sortKey = (row: DeadLetterRow) => [row.occurred_at.getTime(), row.dead_id];
      return { body: page(rows, limit, sortKey, viewDeadLetter) };
    },
  });
}

function viewDeadLetter(row: DeadLetterRow): z.output<typeof deadLetterShape> {
  return {
    id: row.dead_id,
    tenant: row.tenant,
    service: row.service,
    origin: { topic: row.origin_topic, partition: row.origin_partition, offset: row.origin_offset },
    message_id: row.message_id,
    reason: viewReason(row),
    attempts: row.attempts,
    occurred_at: row.occurred_at.toISOString(),
  };
}
