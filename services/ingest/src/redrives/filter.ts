/** Which letters a redrive is about, as the API spells it. */
import { z } from "@hono/zod-openapi";

const moment = z.iso.datetime({ offset: true });

export const redriveFilter = z.strictObject({
  reason: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe("Stable reason code, for example attempts_exhausted."),
  fault_class: z
    .enum(["recipient", "content", "policy", "credentials", "provider", "pace", "platform"])
    .optional(),
  campaign: z.string().min(1).max(64).optional(),
  since: moment.optional().describe("Given up then or later."),
  until: moment.optional().describe("Given up before."),
  message_ids: z.array(z.uuid().toLowerCase()).min(1).max(1_000).optional(),
});

export type RedriveFilter = z.output<typeof redriveFilter>;
