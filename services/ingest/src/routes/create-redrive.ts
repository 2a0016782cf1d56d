import { z } from "@hono/zod-openapi";
import { type ApiRoute, route } from "@wamesh/http";
import { sessionId } from "../message-request.ts";
import { keyHeader, oncePerKey } from "../once-per-key.ts";
import { type RedriveDeps, startRedrive } from "../redrives/changes.ts";
import { redriveFilter } from "../redrives/filter.ts";
import { redriveView, viewRedrive } from "./redrive-view.ts";

const endpoint = "/v1/redrives";

const body = redriveFilter
  .extend({
    rate_per_s: z.int().min(1).max(200).default(10).describe("How many a second are sent anew."),
    session_id: sessionId
      .optional()
      .describe("Send them through this session. Without it: each through its own."),
    dry_run: z.boolean().default(false).describe("Count only."),
  })
  .openapi("NewRedrive", { example: { reason: "attempts_exhausted", rate_per_s: 20, dry_run: true } });

export function createRedrive(deps: RedriveDeps): ApiRoute {
  return route({
    method: "post",
    path: endpoint,
    scope: "messages:write",
    summary: "Send messages anew that were given up",
    description:
      "Of the last 30 days, those that match all that is named, at a pace. Each is judged as if it came today (consent, template, " +
      "session), gets its time to live anew, and is a new message whose retry_of names the old one. A message is sent anew once, " +
      "by whichever redrive; what becomes of the new one is its own history.",
    headers: keyHeader,
    body,
    success: { status: 202, description: "It is under way.", body: redriveView },
    handle: ({ caller, headers, body: { rate_per_s, session_id, dry_run, ...filter }, note }) => {
      const key = headers["idempotency-key"];
      const asked = { filter, rate_per_s, session_id: session_id ?? null, dry_run };
      return oncePerKey(deps, { caller, endpoint, key, body: asked, note }, async () => {
        const wish = { filter, session: asked.session_id, ratePerS: rate_per_s, dryRun: dry_run, key };
        const redrive = await startRedrive(deps, caller, wish);
        note({ redrive: redrive.id, found: redrive.found });
        return { status: 202, location: `${endpoint}/${redrive.id}`, body: viewRedrive(redrive) };
      });
    },
  });
}
