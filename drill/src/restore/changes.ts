/** What people change before and after the copy is made, and whether it still holds when the copy is all there is. */
import { type Api, openApi } from "@wamesh/testing/outside";
import type { Drill } from "../drill.ts";

const people = 300;
const stoppedPeople = 120;

export type Changes = {
  /** After the copy. */
  since(): Promise<void>;
  /** When everything runs again. In words, what no longer holds. */
  wrong(): Promise<string[]>;
  campaign(): Promise<Record<string, unknown>>;
};

type Key = { id: string; key: string };
type Campaign = { campaign_id: string; state: string; expanded: number };

/** Two campaigns under way and a key; `since` cancels one of them, revokes the key and makes another. */
export async function changeThings(drill: Drill): Promise<Changes> {
  const tenant = drill.tenants.find(({ provider }) => provider === "cloud_api");
  if (tenant === undefined) throw new Error("this scenario needs a tenant of the Cloud API");
  const { origin, operatorKey } = drill.mesh;
  const operator = openApi({ origin, key: operatorKey, tenant: tenant.id });
  const make = (label: string) => operator.call<Key>("POST", "/v1/keys", { label });
  const begin = async (name: string, count: number, ratePerS: number, serial: string) => {
    const { campaign_id: id } = await tenant.api.call<Campaign>("POST", "/v1/campaigns", {
      name,
      rate_per_s: ratePerS,
      template: { name: "welcome", language: "en_US", variables: [{ column: "name" }] },
      recipients: Array.from({ length: count }, (_, i) => ({
        to: `+15559${serial}${String(i).padStart(4, "0")}`,
        variables: { name: `${name} ${i}` },
      })),
    });
    await tenant.api.call("POST", `/v1/campaigns/${id}/start`, {});
    return id;
  };
  const read = (id: string) => tenant.api.call<Campaign>("GET", `/v1/campaigns/${id}`);
  const old = await make("revoked after the copy");
  const whole = await begin("whole", people, 5, "81");
  const stopped = await begin("stopped", stoppedPeople, 1, "82");
  let young: Key | null = null;

  return {
    async since() {
      young = await make("made after the copy");
      await operator.call("DELETE", `/v1/keys/${old.id}`);
      await tenant.api.call("POST", `/v1/campaigns/${stopped}/cancel`);
    },
    async wrong() {
      const { state } = await read(stopped);
      const asked = (key: string) => mayRead(openApi({ origin, key, patienceMs: 10_000 }));
      return [
        ...(state === "cancelled" ? [] : [`a campaign that was cancelled after the copy is ${state}`]),
        ...((await asked(old.key)) ? ["a key that was revoked after the copy opens again"] : []),
        ...(young !== null && (await asked(young.key))
          ? []
          : ["a key that was made after the copy is unknown"]),
      ];
    },
    async campaign() {
      const { state, expanded } = await read(whole);
      const [found] = await drill.sql<{ ended: number; left: number }[]>`
        select count(*) filter (where status not in ('accepted', 'queued', 'claimed', 'in_doubt'))::int as ended,
          count(*) filter (where status in ('sent', 'delivered', 'read', 'played'))::int as left
        from projection.message where campaign = ${whole}`;
      return { state, people, expanded, ...found };
    },
  };
}

function mayRead(api: Api): Promise<boolean> {
  return api.call("GET", "/v1/sessions").then(
    () => true,
    () => false,
  );
}
