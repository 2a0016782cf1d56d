import { z } from "@hono/zod-openapi";
import { type ApiRoute, route } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import { type AudienceDeps, audienceView, auditAudience, viewAudience } from "../audiences/audience-api.ts";
import { insertAudience } from "../audiences/audience-store.ts";
import { makeAudience } from "../audiences/make-audience.ts";
import { recipientList } from "../campaigns/campaign-request.ts";

const body = z
  .strictObject({
    name: z.string().trim().min(1).max(128).optional(),
    recipients: recipientList.optional(),
  })
  .openapi("AudienceRequest", { example: { name: "customers" } });

export function createAudience(deps: AudienceDeps): ApiRoute {
  return route({
    method: "post",
    path: "/v1/audiences",
    scope: "campaigns:write",
    summary: "Make a list of recipients",
    description:
      "With recipients (up to 1,000) it is ready at once; else empty, until a file is put at /v1/audiences/{id}/csv. The list and " +
      "all its numbers are removed thirty days after it was last used.",
    maxBodyBytes: 4 * 1024 * 1024,
    body,
    success: { status: 201, description: "The list.", body: audienceView },
    handle: async ({ caller, body: { name = null, recipients }, note }) => {
      const id = deps.newAudienceId();
      const audience = await withTenants(deps.sql, [caller.tenant], async (tx) => {
        const made =
          recipients === undefined
            ? await insertAudience(tx, { id, tenant: caller.tenant, name })
            : await makeAudience(tx, caller, { id, name, recipients });
        await auditAudience(tx, deps, caller, "audience.created", id, { recipients: made.recipients });
        return made;
      });
      note({ audience: id, recipients: audience.recipients });
      return { body: viewAudience(audience), headers: { location: `/v1/audiences/${id}` } };
    },
  });
}
