import type { AuditEntry } from "@wamesh/events";
import { type ApiRoute, route } from "@wamesh/http";
import { enqueue, withTenants } from "@wamesh/store";
import { changeConsent } from "../contacts/change-consent.ts";
import type { Said } from "../contacts/consent.ts";
import {
  type ContactApiDeps,
  consentRequest,
  consentView,
  contactParams,
  personNamed,
  viewConsent,
} from "../contacts/contact-api.ts";

/**
 * The word, its record and the audit entry in one transaction. Twice is harmless: what holds is the same, with the next
 * version.
 */
export function putConsent(deps: ContactApiDeps): ApiRoute {
  return route({
    method: "put",
    path: "/v1/contacts/{recipient}/consent",
    scope: "contacts:write",
    summary: "Say whether a person wants messages",
    description:
      "It holds within a second or so: at the door, where the message is refused as recipient_opted_out, and for messages that " +
      "wait, which end failed. What the person says later (STOP, START, a setting at the provider) overrules it.",
    params: contactParams,
    body: consentRequest,
    success: { status: 200, description: "What holds now.", body: consentView },
    handle: async ({ caller, params, body, note }) => {
      const { tenant } = caller;
      const tokens = personNamed(deps, tenant, params.recipient);
      const occurredAt = deps.now();
      const entryId = deps.newId();
      const said: Said = {
        scope: body.scope,
        optedOut: body.opted_out,
        source: "api",
        proof: body.proof ?? entryId,
        occurredAt,
        recordedAt: occurredAt,
      };
      const row = await withTenants(deps.sql, [tenant], async (tx) => {
        const changed = await changeConsent(tx, deps, tenant, tokens, said);
        const entry: AuditEntry = {
          event_id: entryId,
          tenant,
          service: "ingest",
          actor_tenant: caller.actorTenant,
          actor_key: caller.keyId,
          action: body.opted_out ? "contact.opted_out" : "contact.opted_in",
          object_kind: "contact",
          object_id: changed.person,
          detail: JSON.stringify({ scope: body.scope, version: changed.version, proof: said.proof }),
          occurred_at: occurredAt,
        };
        await enqueue(tx, [deps.records.audit(entry)]);
        return changed;
      });
      note({ recipient: row.person, scope: row.scope, opted_out: row.optedOut });
      return { body: viewConsent(row) };
    },
  });
}
