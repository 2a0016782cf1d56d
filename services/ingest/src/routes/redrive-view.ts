/** How a redrive reads in answers. */
import { z } from "@hono/zod-openapi";
import { redriveFilter } from "../redrives/filter.ts";
import type { Redrive } from "../redrives/store.ts";

export const redriveView = z
  .object({
    redrive_id: z.string(),
    state: z.enum(["running", "done", "cancelled"]),
    filter: redriveFilter,
    dry_run: z.boolean(),
    session_id: z.string().nullable().describe("null: each message's own."),
    rate_per_s: z.int(),
    found: z.int().describe("Messages that matched when it was made; later ones are not part of it."),
    redriven: z.int().describe("Sent anew, each as a new message with retry_of."),
    skipped: z.int().describe("Kept by what the door says of them today; free for another redrive."),
    skips: z.array(z.object({ code: z.string(), count: z.int() })),
    not_redrivable: z
      .array(z.object({ origin: z.string(), reason: z.string(), count: z.int() }))
      .describe("What matched and is no message: it can't be sent."),
    created_at: z.iso.datetime(),
    changed_at: z.iso.datetime(),
  })
  .openapi("Redrive");

export const redriveParams = z.strictObject({ id: z.string().min(1).max(64) });

export function viewRedrive(redrive: Redrive): z.output<typeof redriveView> {
  const { id, state, filter, dry_run, session, rate_per_s, found, redriven, skipped, not_redrivable } =
    redrive;
  return {
    ...{ redrive_id: id, state, filter, dry_run, session_id: session, rate_per_s, found, redriven, skipped },
    skips: Object.entries(redrive.skips).map(([code, count]) => ({ code, count })),
    not_redrivable,
    created_at: redrive.created_at.toISOString(),
    changed_at: redrive.changed_at.toISOString(),
  };
}
