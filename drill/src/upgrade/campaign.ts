/** A paced campaign that goes out all the while. Its list is the client's side of the ledger: nobody is answered 202 for each message. */
import { until } from "@wamesh/testing/until";
import type { Drill } from "../drill.ts";
import type { Tenant } from "../world.ts";

const refOf = (i: number) => `upgrade-campaign-${i + 1}`;
/** Serials of the flow's people are below. */
const firstPerson = 500_000;

export type PacedCampaign = {
  id: string;
  /** How many it has made, as it says itself. */
  state(): Promise<{ state: string; expanded: number; skipped: number }>;
  /** Notes its messages in the drill's ledger; resolves to how many of its people have none. */
  note(): Promise<number>;
};

export async function startCampaign(
  drill: Drill,
  tenant: Tenant,
  { people, ratePerS }: { people: number; ratePerS: number },
): Promise<PacedCampaign> {
  const startedAt = Date.now();
  const list = Array.from({ length: people }, (_, i) => ({
    to: `+15551${firstPerson + i}`,
    external_ref: refOf(i),
    variables: { ref: refOf(i) },
  }));
  const { campaign_id: id } = await tenant.api.call<{ campaign_id: string }>("POST", "/v1/campaigns", {
    name: "over the upgrade",
    recipients: list,
    rate_per_s: ratePerS,
    template: { name: "welcome", language: "en_US", variables: [{ column: "ref" }] },
  });
  await tenant.api.call("POST", `/v1/campaigns/${id}/preflight`);
  await tenant.api.call("POST", `/v1/campaigns/${id}/start`, {});
  const state = () =>
    tenant.api.call<{ state: string; expanded: number; skipped: number }>("GET", `/v1/campaigns/${id}`);
  return {
    id,
    state,
    async note() {
      await until(async () => (await state()).expanded === people, {
        withinMs: 60_000,
        everyMs: 500,
        what: "all messages of the campaign",
      }).catch((error: Error) => drill.say(error.message));
      const { outbound } = await drill.topics.catchUp();
      const made = new Map(outbound.map((record) => [record.external_ref, record]));
      const missing = list.filter(({ external_ref }) => !made.has(external_ref));
      for (const { external_ref, to } of list) {
        const record = made.get(external_ref);
        if (record === undefined) continue;
        drill.accepted.push({
          id: record.message_id,
          request: external_ref,
          tenant: tenant.id,
          lane: record.lane as "bulk",
          to,
          doubtPolicy: "fail_unknown",
          acceptedAt: startedAt,
        });
      }
      return missing.length;
    },
  };
}
