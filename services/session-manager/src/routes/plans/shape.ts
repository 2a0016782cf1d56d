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
  requests_per_s: count
    .nullable()
    .default(null)
    .describe("Requests per second of each key at ingest; null: 500, and twice as many at once."),
  otp_per_recipient: count
    .nullable()
    .default(null)
    .describe("One-time passwords to one recipient in ten minutes; null: 5."),
  otp_per_prefix: count
    .nullable()
    .default(null)
    .describe(
      "One-time passwords to numbers that begin with the same seven digits, in ten minutes; null: 200.",
    ),
});

export const planExample = {
  weight: 10,
  per_minute: null,
  per_day: 100_000,
  max_queued: 1_000_000,
  bulk: true,
  requests_per_s: null,
  otp_per_recipient: null,
  otp_per_prefix: null,
};

export const plan = planLimits
  .extend({ id: planId })
  .openapi("Plan", { example: { id: "starter", ...planExample } });
