/** Tenants on shards of their own, with their sessions at both providers: a small world for rounds, a wide one for load. */
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
import { until } from "@wamesh/testing/until";

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

type Kind = { provider: "cloud_api" | "wasender"; numbers: number; ratePerS: number };
export type World = readonly (Kind & Pick<Tenant, "doubtPolicy" | "share"> & { name: string })[];

/** At rates that leave work waiting when a fault strikes. */
export const smallWorld: World = [
  {
    name: "north",
    provider: "cloud_api",
    numbers: 2,
    ratePerS: 9,
    doubtPolicy: "fail_unknown",
    share: 0.5,
  },
  { name: "south", provider: "cloud_api", numbers: 1, ratePerS: 10, doubtPolicy: "resend", share: 0.32 },
  { name: "west", provider: "wasender", numbers: 2, ratePerS: 4, doubtPolicy: "fail_unknown", share: 0.18 },
];

/** A tenant on each shard, with more numbers than this machine can keep busy. */
export const wideWorld: World = Array.from({ length: topics.outboundStandard.partitions.local }, (_, i) => ({
  name: `tenant${i + 1}`,
  provider: "cloud_api",
  numbers: 2,
  ratePerS: 80,
  doubtPolicy: "fail_unknown",
  share: 1 / topics.outboundStandard.partitions.local,
}));

/** Resolves when every session is connected and every tenant hears of its messages. */
export async function provision(mesh: Mesh, receiver: Receiver, world: World): Promise<Tenant[]> {
  const ids = apart(world.map(({ name }) => name));
  const tenants: Tenant[] = [];
  for (const [i, plan] of world.entries())
    tenants.push(
      await newTenant(mesh, receiver, { ...plan, id: ids[i] as string }, (api) =>
        addSessions(mesh, api, plan, i + 1),
      ),
    );
  return tenants;
}

/** `ordinal`: of the tenant, from 1; makes its account and numbers its own. */
function addSessions(mesh: Mesh, api: Api, plan: World[number], ordinal: number): Promise<Session[]> {
  const { name, provider, ratePerS } = plan;
  const token = `token-of-${name}`;
  const serials = Array.from({ length: plan.numbers }, (_, i) => String(ordinal * 100 + i + 1));
  if (provider === "wasender")
    return addWasenderSessions(mesh, sessionsBy(api), {
      token,
      ratePerS,
      limit: { count: 256, seconds: 60 },
      numbers: serials.map((serial) => ({
        name: `${name}-${serial}`,
        phone: `+447700900${serial.padStart(3, "0")}`,
      })),
    });
  return addCloudSessions(mesh, sessionsBy(api), {
    wabaId: `2010000000${String(ordinal).padStart(5, "0")}`,
    token,
    ratePerS,
    numbers: serials.map((serial) => ({
      phoneNumberId: `3010000000${serial.padStart(5, "0")}`,
      phone: `+1555999${serial.padStart(4, "0")}`,
    })),
    templates: [template],
  });
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
  // The key was made a moment ago, and is refused until this service has heard of it.
  const endpoint = await until(
    () =>
      api.call<{ secret: string }>("POST", "/v1/endpoints", {
        url: receiver.url(facts.id),
        events: webhookEvents,
      }),
    { withinMs: 30_000, everyMs: 200, what: `an endpoint of ${facts.id}` },
  );
  receiver.expect(facts.id, endpoint.secret);
  return { ...facts, api, senders: sessions.map(({ sender }) => sender) };
}
