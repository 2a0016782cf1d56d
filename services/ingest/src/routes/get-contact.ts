import { z } from "@hono/zod-openapi";
import { serviceWindow } from "@wamesh/events";
import { type ApiRoute, route } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import {
  type ContactApiDeps,
  consentList,
  contactParams,
  personNamed,
  viewConsent,
} from "../contacts/contact-api.ts";
import { recentMs } from "../contacts/last-sessions.ts";
import { lastWrote, readConsents, type Wrote } from "../contacts/store.ts";

const sessionView = z
  .object({
    session_id: z.string(),
    last_inbound_at: z.iso.datetime(),
    window_closes_at: z.iso
      .datetime()
      .nullable()
      .describe(
        "Until then anything may be sent to them; later, templates only. null: this provider has no such window.",
      ),
    window_left_s: z.int().nullable().describe("Seconds until then; 0: closed."),
  })
  .openapi("ContactSession");

export function getContact(deps: ContactApiDeps): ApiRoute {
  return route({
    method: "get",
    path: "/v1/contacts/{recipient}",
    scope: "contacts:read",
    summary: "Read what is known of a person",
    description:
      "Which of your sessions they wrote to in the last month, the latest first, how long each 24-hour window is still open, and what " +
      "they said of messages. A person of whom nothing is known has empty lists.",
    params: contactParams,
    success: {
      status: 200,
      description: "As far as read from the log, which is some tenths of a second.",
      body: z.object({ sessions: z.array(sessionView), ...consentList.shape }).openapi("Contact"),
    },
    handle: async ({ caller: { tenant }, params }) => {
      const tokens = personNamed(deps, tenant, params.recipient);
      const now = deps.now();
      const pairs = tokens.map((person) => ({ tenant, person }));
      const [wrote, consents] = await withTenants(deps.sql, [tenant], (tx) =>
        Promise.all([lastWrote(tx, pairs, now - recentMs), readConsents(tx, tenant, tokens)]),
      );
      return {
        body: {
          sessions: [...latestOfEach(wrote)].flatMap(([id, at]) => viewSession(deps, tenant, id, at, now)),
          consent: consents.filter(({ version }) => version > 0).map(viewConsent),
        },
      };
    },
  });
}

/** A person known under two keys of the ring may have written to one session under both; the latest comes first. */
function latestOfEach(wrote: readonly Wrote[]): Map<string, number> {
  const latest = new Map<string, number>();
  for (const { session, at } of wrote) if (!latest.has(session)) latest.set(session, at);
  return latest;
}

function viewSession(
  { world }: Pick<ContactApiDeps, "world">,
  tenant: string,
  id: string,
  at: number,
  now: number,
): z.output<typeof sessionView>[] {
  const session = world.session(id);
  if (session === undefined || session.tenant !== tenant || session.status === "deleted") return [];
  const window = serviceWindow(session.provider);
  const closesAt = window === null ? null : at + window.openMs;
  return [
    {
      session_id: id,
      last_inbound_at: new Date(at).toISOString(),
      window_closes_at: closesAt === null ? null : new Date(closesAt).toISOString(),
      window_left_s: closesAt === null ? null : Math.max(0, Math.floor((closesAt - now) / 1000)),
    },
  ];
}
