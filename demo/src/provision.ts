/** Sets up the providers' side in the simulator and both tenants through the mesh's public API, as an operator would. */
import { type Client, createClient, orThrow } from "@wamesh/client";
import {
  addCloudSessions,
  addWasenderSessions,
  type Receiver,
  type SessionsApi,
  untilConnected,
} from "@wamesh/testing/outside";
import type { Scene } from "./scene.ts";
import { acme, globex, type TenantName, tenantNames } from "./world.ts";

export type Provisioned = {
  /** An API key per tenant. */
  keys: Record<TenantName, string>;
  /** The mesh as each tenant's core application calls it. */
  clients: Record<TenantName, Client>;
  /** Provider's references (phone number id, session id) that belong to each tenant. */
  senders: Record<TenantName, string[]>;
};

export async function provision(
  mesh: {
    origin: string;
    operatorKey: string;
    simulator: string;
    metaApp: { id: string };
    receiver: Receiver;
  },
  scene: Scene,
): Promise<Provisioned> {
  const { origin, operatorKey } = mesh;
  const operator = createClient({ origin, key: operatorKey });
  const keys = {} as Record<TenantName, string>;
  for (const tenant of tenantNames) {
    await orThrow(
      operator.POST("/v1/tenants", {
        body: { id: tenant, name: tenant === "acme" ? "Acme Corporation" : "Globex" },
      }),
    );
    const asTenant = createClient({ origin, key: operatorKey, tenant });
    const { key } = await orThrow(asTenant.POST("/v1/keys", { body: { label: "demo" } }));
    keys[tenant] = key;
  }
  const clients = {
    acme: createClient({ origin, key: keys.acme }),
    globex: createClient({ origin, key: keys.globex }),
  };
  const sessions = {
    acme: await addCloudSessions(mesh, sessionsOf(clients.acme), { ...acme, numbers: scene.numbers }),
    globex: await addWasenderSessions(mesh, sessionsOf(clients.globex), globex),
  };
  for (const tenant of tenantNames)
    await untilConnected(sessionsOf(clients[tenant]), sessions[tenant].length);

  for (const tenant of tenantNames) {
    const { secret } = await orThrow(
      clients[tenant].POST("/v1/endpoints", {
        body: {
          url: mesh.receiver.url(tenant),
          events: [
            ...scene.webhooks[tenant].map((event) => `message.${event}` as const),
            "message.inbound" as const,
          ],
        },
      }),
    );
    mesh.receiver.expect(tenant, secret);
  }
  await orThrow(
    clients.acme.POST("/v1/rules", {
      body: {
        name: "Welcome",
        event_type: "user_onboarded",
        message: {
          to: { path: "data.phone" },
          lane: "standard",
          template: { name: "welcome", language: "en_US", variables: [{ path: "data.first_name" }] },
        },
      },
    }),
  );
  await orThrow(
    clients.globex.POST("/v1/rules", {
      body: {
        name: "Welcome",
        event_type: "user_onboarded",
        message: {
          to: { path: "data.phone" },
          text: {
            body: "Welcome to Globex, {{first_name}}! Your reference: #{{reference}}",
            variables: { first_name: { path: "data.first_name" }, reference: { path: "data.reference" } },
          },
        },
      },
    }),
  );
  return {
    keys,
    clients,
    senders: {
      acme: sessions.acme.map(({ sender }) => sender),
      globex: sessions.globex.map(({ sender }) => sender),
    },
  };
}

function sessionsOf(client: Client): SessionsApi {
  return {
    add: (session) => orThrow(client.POST("/v1/sessions", { body: session })),
    list: async () => (await orThrow(client.GET("/v1/sessions"))).items,
  };
}
