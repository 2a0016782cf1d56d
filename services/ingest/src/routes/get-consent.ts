import { type ApiRoute, route } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import {
  type ContactApiDeps,
  consentList,
  contactParams,
  personNamed,
  viewConsent,
} from "../contacts/contact-api.ts";
import { readConsents } from "../contacts/store.ts";

export function getConsent(deps: ContactApiDeps): ApiRoute {
  return route({
    method: "get",
    path: "/v1/contacts/{recipient}/consent",
    scope: "contacts:read",
    summary: "Read whether a person wants messages",
    params: contactParams,
    success: { status: 200, description: "What was said, by scope.", body: consentList },
    handle: async ({ caller: { tenant }, params }) => {
      const tokens = personNamed(deps, tenant, params.recipient);
      const rows = await withTenants(deps.sql, [tenant], (tx) => readConsents(tx, tenant, tokens));
      return { body: { consent: rows.filter(({ version }) => version > 0).map(viewConsent) } };
    },
  });
}
