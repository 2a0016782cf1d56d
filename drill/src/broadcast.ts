/** A campaign as a tenant's marketing makes it: a list from a CSV file, one template, a message for everybody on the list. */
import { derivedUuid } from "@wamesh/events";
import { until } from "@wamesh/testing/until";
import type { Drill } from "./drill.ts";
import type { Tenant } from "./world.ts";

/** Serials of the flow's people are below. */
const firstPerson = 100_000;

type Campaign = { campaign_id: string; total: number | null; expanded: number; skipped: number };

/** Resolves with its id when it is started; its messages count as accepted from then on. Cloud API only, for its template. */
export async function startCampaign(drill: Drill, tenant: Tenant, recipients: number): Promise<string> {
  const people = nextPeople(drill, tenant, recipients);
  const { api } = tenant;
  const { audience_id } = await api.call<{ audience_id: string }>("POST", "/v1/audiences", {});
  const csv = `phone,first_name\n${people.map((to, n) => `${to},Name ${n}\n`).join("")}`;
  await api.call("PUT", `/v1/audiences/${audience_id}/csv`, csv, { "content-type": "text/csv" });
  const { campaign_id: id } = await api.call<Campaign>("POST", "/v1/campaigns", {
    name: "drill",
    audience_id,
    template: { name: "welcome", language: "en_US", variables: [{ column: "first_name" }] },
  });
  await api.call("POST", `/v1/campaigns/${id}/start`, {});
  const acceptedAt = Date.now();
  for (const to of people)
    drill.accepted.push({
      id: derivedUuid("campaign", id, 1, `phone ${to}`),
      request: `campaign-${id}/${to}`,
      tenant: tenant.id,
      lane: "bulk",
      to,
      doubtPolicy: "fail_unknown",
      acceptedAt,
    });
  return id;
}

/** Resolves when all its messages are in Kafka. */
export async function untilMade(tenant: Tenant, id: string, withinMs: number): Promise<void> {
  const isMade = async () => {
    const { total, expanded, skipped } = await tenant.api.call<Campaign>("GET", `/v1/campaigns/${id}`);
    return total !== null && expanded + skipped >= total;
  };
  await until(isMade, { withinMs, everyMs: 250, what: `the messages of campaign ${id}` });
}

/** Nobody is on two lists. */
function nextPeople({ accepted, tenants }: Drill, { id }: Tenant, count: number): string[] {
  const listed = accepted.filter(({ tenant, request }) => tenant === id && request.startsWith("campaign-"));
  const ordinal = tenants.findIndex((tenant) => tenant.id === id) + 1;
  return Array.from(
    { length: count },
    (_, i) => `+1555${ordinal}${String(firstPerson + listed.length + i).padStart(6, "0")}`,
  );
}
