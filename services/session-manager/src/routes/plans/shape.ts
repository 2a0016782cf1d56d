/** Plans as the API spells them; the same going in and coming out. */
import { z } from "@hono/zod-openapi";

const count = z.int().min(1).max(1_000_000_000);

export const planId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,39}$/, "2 to 40 lower-case letters, digits and hyphens, beginning with a letter");

export const planLimits = z.strictObject({
  weight: z.int().min(1).max(10_000).describe("Share against other tenants when they wait."),
  per_minute: count.nullable().describe("Messages per minute over all sessions; null: no cap."),
  per_day: count.nullable().describe("Messages per day over all sessions; null: no cap."),
  max_queued: count.describe("How many messages may wait."),
  bulk: z.boolean().describe("Whether the bulk lane may be used."),
});

export const plan = planLimits.extend({ id: planId }).openapi("Plan");
