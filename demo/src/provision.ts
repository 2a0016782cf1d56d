/** Sets up the providers' side in the simulator and both tenants through the mesh's public API, as an operator would. */
import { openApi } from "./api.ts";
import type { Receiver } from "./receiver.ts";
import { acme, globex, type TenantName, tenantNames } from "./world.ts";

export type Provisioned = {
  /** An API key per tenant. */
  keys: Record<TenantName, string>;
  /** Provider's references (phone number id, session id) that belong to each tenant. */
  senders: Record<TenantName, string[]>;
};

const events = ["message.sent", "message.delivered", "message.read", "message.failed", "message.inbound"];

export async function provision(mesh: {
  origin: string;
  operatorKey: string;
  simulator: string;
  metaApp: { id: string };
  receiver: Receiver;
}): Promise<Provisioned> {
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
  const senders = {
    acme: await acmeSessions(mesh, keys.acme),
    globex: await globexSessions(mesh, keys.globex),
  };
  await untilConnected(mesh.origin, keys, senders);

  for (const tenant of tenantNames) {
    const api = openApi({ origin: mesh.origin, key: keys[tenant] });
    const endpoint = await api.call<{ secret: string }>("POST", "/v1/endpoints", {
      url: mesh.receiver.url(tenant),
      events,
    });
    mesh.receiver.expect(tenant, endpoint.secret);
  }
  await openApi({ origin: mesh.origin, key: keys.acme }).call("POST", "/v1/rules", {
    name: "Welcome",
    event_type: "user_onboarded",
    message: {
      to: { path: "data.phone" },
      lane: "standard",
      template: { name: "welcome", language: "en_US", variables: [{ path: "data.first_name" }] },
    },
  });
  await openApi({ origin: mesh.origin, key: keys.globex }).call("POST", "/v1/rules", {
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
  return { keys, senders };
}

async function acmeSessions(
  mesh: { origin: string; simulator: string; metaApp: { id: string } },
  key: string,
): Promise<string[]> {
  await post(mesh.simulator, "/_sim/wabas", {
    waba_id: acme.wabaId,
    app_id: mesh.metaApp.id,
    token: acme.token,
    numbers: acme.numbers.map((number) => ({
      phone_number_id: number.phoneNumberId,
      display_phone_number: number.phone,
      rate_per_s: acme.ratePerS,
    })),
    templates: [
      { name: "welcome", language: "en_US", category: "UTILITY", body_params: 1 },
      { name: "summer_sale", language: "en_US", category: "MARKETING", body_params: 1 },
      { name: "login_code", language: "en_US", category: "UTILITY", body_params: 1 },
    ],
  });
  const api = openApi({ origin: mesh.origin, key });
  for (const number of acme.numbers) {
    await api.call("POST", "/v1/sessions", {
      name: `acme ${number.phone}`,
      provider: "cloud_api",
      phone: number.phone,
      rate_per_s: acme.ratePerS,
      cloud_api: { waba_id: acme.wabaId, phone_number_id: number.phoneNumberId, access_token: acme.token },
    });
  }
  return acme.numbers.map((number) => number.phoneNumberId);
}

async function globexSessions(mesh: { origin: string; simulator: string }, key: string): Promise<string[]> {
  await post(mesh.simulator, "/_sim/wasender/accounts", { pat: globex.accountToken });
  const api = openApi({ origin: mesh.origin, key });
  const ids: string[] = [];
  for (const number of globex.numbers) {
    const made = await post<{ id: number; api_key: string; webhook_secret: string }>(
      mesh.simulator,
      "/_sim/wasender/sessions",
      {
        pat: globex.accountToken,
        name: number.name,
        phone_number: number.phone,
        status: "connected",
        rate: { per: globex.limit },
      },
    );
    const session = await api.call<{ callback_url: string }>("POST", "/v1/sessions", {
      name: number.name,
      provider: "wasender",
      phone: number.phone,
      rate_per_s: globex.ratePerS,
      wasender: { session_id: String(made.id), api_key: made.api_key, webhook_secret: made.webhook_secret },
    });
    await request(mesh.simulator, "PUT", `/_sim/wasender/sessions/${made.id}`, {
      webhook_url: session.callback_url,
    });
    ids.push(String(made.id));
  }
  return ids;
}

async function untilConnected(
  origin: string,
  keys: Record<TenantName, string>,
  senders: Record<TenantName, string[]>,
): Promise<void> {
  const until = performance.now() + 30_000;
  for (const tenant of tenantNames) {
    const api = openApi({ origin, key: keys[tenant] });
    for (;;) {
      const { items } = await api.call<{ items: { status: string }[] }>("GET", "/v1/sessions");
      if (items.length === senders[tenant].length && items.every((session) => session.status === "connected"))
        break;
      if (performance.now() > until)
        throw new Error(`sessions of ${tenant} did not connect: ${items.map((s) => s.status).join(", ")}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function post<Answer>(simulator: string, path: string, body: unknown): Promise<Answer> {
  return request<Answer>(simulator, "POST", path, body);
}

async function request<Answer>(
  simulator: string,
  method: string,
  path: string,
  body: unknown,
): Promise<Answer> {
  const response = await fetch(simulator + path, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`the simulator answered ${method} ${path} with ${response.status}: ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as Answer;
}
