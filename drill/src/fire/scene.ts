/** Three tenants with steady traffic, and an endpoint that behaves as it is told. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Mesh } from "@wamesh/local";
import {
  type Api,
  addCloudSessions,
  addWasenderSessions,
  openApi,
  type Session,
  sessionsBy,
  untilConnected,
} from "@wamesh/testing/outside";

export type Tenant = { id: string; api: Api; sessions: readonly Session[] };
export type Manners = "answers" | "fails" | "hangs";

export type Scene = {
  /** Cloud API, two numbers. */
  north: Tenant;
  /** WasenderApi, four sessions, few messages a second. */
  west: Tenant;
  /** Cloud API, one fast number, no traffic of its own. */
  east: Tenant;
  endpoint: { behave(manners: Manners): void };
  send(tenant: Tenant, lane: "otp" | "standard", count: number, more?: object): Promise<void>;
  close(): Promise<void>;
};

const template = { name: "welcome", language: "en_US", category: "UTILITY", body_params: 1 };

export async function setScene(mesh: Mesh): Promise<Scene> {
  const endpoint = await startEndpoint();
  const tenant = async (id: string, sessionsOf: (api: Api) => Promise<Session[]>): Promise<Tenant> => {
    const { origin, operatorKey } = mesh;
    await openApi({ origin, key: operatorKey }).call("POST", "/v1/tenants", { id, name: id });
    const { key } = await openApi({ origin, key: operatorKey, tenant: id }).call<{ key: string }>(
      "POST",
      "/v1/keys",
      { label: "fire drill" },
    );
    // A call that is refused while a server is away is dropped: the next one comes soon.
    const api = openApi({ origin, key, patienceMs: 20_000 });
    const sessions = await sessionsOf(api);
    await untilConnected(sessionsBy(api), sessions.length);
    await api.call("POST", "/v1/endpoints", {
      url: endpoint.url,
      events: ["message.sent", "message.delivered", "message.read"],
    });
    return { id, api, sessions };
  };
  const cloud = (waba: string, ratePerS: number, numbers: readonly string[]) => (api: Api) =>
    addCloudSessions(mesh, sessionsBy(api), {
      wabaId: `2010000000001${waba}`,
      token: `token-of-${waba}`,
      ratePerS,
      numbers: numbers.map((digits) => ({
        phoneNumberId: `3010000000001${digits}`,
        phone: `+155599901${digits}`,
      })),
      templates: [template],
    });
  const north = await tenant("north", cloud("01", 40, ["01", "02"]));
  const east = await tenant("east", cloud("02", 80, ["03"]));
  const west = await tenant("west", (api) =>
    addWasenderSessions(mesh, sessionsBy(api), {
      token: "token-of-west",
      ratePerS: 4,
      limit: { count: 256, seconds: 60 },
      numbers: ["1", "2", "3", "4"].map((n) => ({ name: `west-${n}`, phone: `+4477009009${n}0` })),
    }),
  );

  let serial = 0;
  const run = Math.floor(Math.random() * 1e6).toString(36);
  async function send(to: Tenant, lane: "otp" | "standard", count: number, more: object = {}): Promise<void> {
    for (let left = count; left > 0; left -= 100) {
      const size = Math.min(left, 100);
      const messages = Array.from({ length: size }, () => {
        const n = ++serial;
        return {
          to: `+1555${String(1_000_000 + n)}`,
          lane,
          ...(to === west
            ? { text: { body: `Hello #${run}-${n}-fire` } }
            : { template: { name: "welcome", language: "en_US", variables: [String(n)] } }),
          ...more,
        };
      });
      await to.api.call(
        "POST",
        "/v1/messages/batch",
        { messages },
        { "idempotency-key": `${run}-${serial}` },
      );
    }
  }

  let open = true;
  const steady = (async () => {
    while (open) {
      await Promise.allSettled([
        send(north, "standard", 2),
        send(north, "otp", 2),
        send(west, "standard", 1),
      ]);
      await delay(500);
    }
  })();
  return {
    north,
    west,
    east,
    endpoint,
    send,
    async close() {
      open = false;
      await Promise.race([steady, delay(3000)]);
      await endpoint.close();
    },
  };
}

async function startEndpoint(): Promise<{
  url: string;
  behave(manners: Manners): void;
  close(): Promise<void>;
}> {
  let manners: Manners = "answers";
  const server = createServer((request, response) => {
    request.resume();
    if (manners === "hangs") return;
    response.writeHead(manners === "answers" ? 204 : 500).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    behave(next) {
      manners = next;
      if (next !== "hangs") server.closeAllConnections();
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
