/** Three tenants on three shards, two of Cloud API and one of WasenderApi, at rates that leave work waiting when a fault strikes. */
import { partition, topics } from "@wamesh/events";
import type { Mesh } from "@wamesh/local";
import {
  type Api,
  addCloudSessions,
  addWasenderSessions,
  openApi,
  type Receiver,
  type Session,
  sessionsBy,
  untilConnected,
} from "@wamesh/testing/outside";

export type Tenant = {
  id: string;
  provider: "cloud_api" | "wasender";
  /** Of its standard lane; the other lanes keep the default. */
  doubtPolicy: "fail_unknown" | "resend";
  /** Its part of the traffic. */
  share: number;
  api: Api;
  senders: readonly string[];
};

const webhookEvents = ["message.sent", "message.delivered", "message.read", "message.failed"];
const template = { name: "welcome", language: "en_US", category: "UTILITY", body_params: 1 };

export async function provision(mesh: Mesh, receiver: Receiver): Promise<Tenant[]> {
  const [north, south, west] = apart(["north", "south", "west"]) as [string, string, string];
  return [
    await newTenant(
      mesh,
      receiver,
      { id: north, provider: "cloud_api", doubtPolicy: "fail_unknown", share: 0.5 },
      (api) =>
        addCloudSessions(mesh, sessionsBy(api), {
          wabaId: "201000000000001",
          token: "token-of-north",
          ratePerS: 9,
          numbers: [
            { phoneNumberId: "301000000000001", phone: "+15559990001" },
            { phoneNumberId: "301000000000002", phone: "+15559990002" },
          ],
          templates: [template],
        }),
    ),
    await newTenant(
      mesh,
      receiver,
      { id: south, provider: "cloud_api", doubtPolicy: "resend", share: 0.32 },
      (api) =>
        addCloudSessions(mesh, sessionsBy(api), {
          wabaId: "201000000000002",
          token: "token-of-south",
          ratePerS: 10,
          numbers: [{ phoneNumberId: "301000000000003", phone: "+15559990003" }],
          templates: [template],
        }),
    ),
    await newTenant(
      mesh,
      receiver,
      { id: west, provider: "wasender", doubtPolicy: "fail_unknown", share: 0.18 },
      (api) =>
        addWasenderSessions(mesh, sessionsBy(api), {
          token: "token-of-west",
          ratePerS: 4,
          limit: { count: 256, seconds: 60 },
          numbers: [
            { name: "west-support", phone: "+447700900901" },
            { name: "west-sales", phone: "+447700900902" },
          ],
        }),
    ),
  ];
}

/** Numbers are added to the names until each tenant has a shard of its own, so that a fault of one leaves the others alone. */
function apart(names: readonly string[]): string[] {
  const taken = new Set<number>();
  return names.map((name) => {
    for (let n = 1; ; n++) {
      const shard = partition(`${name}-${n}`, topics.outboundStandard.partitions.local);
      if (taken.has(shard)) continue;
      taken.add(shard);
      return `${name}-${n}`;
    }
  });
}

async function newTenant(
  mesh: Mesh,
  receiver: Receiver,
  facts: Pick<Tenant, "id" | "provider" | "doubtPolicy" | "share">,
  addSessions: (api: Api) => Promise<Session[]>,
): Promise<Tenant> {
  const { origin, operatorKey } = mesh;
  await openApi({ origin, key: operatorKey }).call("POST", "/v1/tenants", { id: facts.id, name: facts.id });
  const { key } = await openApi({ origin, key: operatorKey, tenant: facts.id }).call<{ key: string }>(
    "POST",
    "/v1/keys",
    {
      label: "drill",
    },
  );
  // Longer than any fault lasts: a client that gives up would only make the drill blind.
  const api = openApi({ origin, key, patienceMs: 90_000 });
  const sessions = await addSessions(api);
  await untilConnected(sessionsBy(api), sessions.length);
  const endpoint = await api.call<{ secret: string }>("POST", "/v1/endpoints", {
    url: receiver.url(facts.id),
    events: webhookEvents,
  });
  receiver.expect(facts.id, endpoint.secret);
  return { ...facts, api, senders: sessions.map(({ sender }) => sender) };
}
