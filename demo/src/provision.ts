/** Sets up the providers' side in the simulator and both tenants through the mesh's public API, as an operator would. */
import {
  addCloudSessions,
  addWasenderSessions,
  openApi,
  type Receiver,
  untilConnected,
} from "@wamesh/testing/outside";
import type { Scene } from "./scene.ts";
import { acme, globex, type TenantName, tenantNames } from "./world.ts";

export type Provisioned = {
  /** An API key per tenant. */
  keys: Record<TenantName, string>;
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
  const operator = openApi({ origin: mesh.origin, key: mesh.operatorKey });
  const keys = {} as Record<TenantName, string>;
  for (const tenant of tenantNames) {
    await operator.call("POST", "/v1/tenants", {
      id: tenant,
      name: tenant === "acme" ? "Acme Corporation" : "Globex",
    });
    const key = await openApi({ origin: mesh.origin, key: mesh.operatorKey, tenant }).call<{ key: string }>(
      "POST",
      "/v1/keys",
      { label: "demo" },
    );
    keys[tenant] = key.key;
  }
  const apis = {
    acme: openApi({ origin: mesh.origin, key: keys.acme }),
    globex: openApi({ origin: mesh.origin, key: keys.globex }),
  };
  const sessions = {
    acme: await addCloudSessions(mesh, apis.acme, { ...acme, numbers: scene.numbers }),
    globex: await addWasenderSessions(mesh, apis.globex, globex),
  };
  for (const tenant of tenantNames) await untilConnected(apis[tenant], sessions[tenant].length);

  for (const tenant of tenantNames) {
    const endpoint = await apis[tenant].call<{ secret: string }>("POST", "/v1/endpoints", {
      url: mesh.receiver.url(tenant),
      events: [...scene.webhooks[tenant].map((event) => `message.${event}`), "message.inbound"],
    });
    mesh.receiver.expect(tenant, endpoint.secret);
  }
  await apis.acme.call("POST", "/v1/rules", {
    name: "Welcome",
    event_type: "user_onboarded",
    message: {
      to: { path: "data.phone" },
      lane: "standard",
      template: { name: "welcome", language: "en_US", variables: [{ path: "data.first_name" }] },
    },
  });
  await apis.globex.call("POST", "/v1/rules", {
    name: "Welcome",
    event_type: "user_onboarded",
    message: {
      to: { path: "data.phone" },
      text: {
        body: "Welcome to Globex, {{first_name}}! Your reference: #{{reference}}",
        variables: { first_name: { path: "data.first_name" }, reference: { path: "data.reference" } },
      },
    },
  });
  return {
    keys,
    senders: {
      acme: sessions.acme.map(({ sender }) => sender),
      globex: sessions.globex.map(({ sender }) => sender),
    },
  };
}
