/** Sessions of a tenant, set up on both sides: at the provider the simulator plays, and in the mesh by its public API. */
import type { Api } from "./api.ts";
import { askSimulator } from "./simulator.ts";

export type Session = {
  id: string;
  /** Phone number id, or WasenderApi's session id. */
  sender: string;
};

/** How sessions are made and listed in the mesh, by whatever client the caller calls it with. */
export type SessionsApi = {
  add(session: NewSession): Promise<{ id: string; callback_url: string | null }>;
  list(): Promise<readonly { status: string }[]>;
};

export type NewSession = { name: string; phone: string; rate_per_s: number } & (
  | {
      provider: "cloud_api";
      cloud_api: { waba_id: string; phone_number_id: string; access_token: string };
    }
  | { provider: "wasender"; wasender: { session_id: string; api_key: string; webhook_secret: string } }
);

export const sessionsBy = (api: Api): SessionsApi => ({
  add: (session) => api.call("POST", "/v1/sessions", session),
  list: async () => (await api.call<{ items: { status: string }[] }>("GET", "/v1/sessions")).items,
});

export type CloudAccount = {
  wabaId: string;
  token: string;
  ratePerS: number;
  numbers: readonly { phoneNumberId: string; phone: string }[];
  templates: readonly { name: string; language: string; category: string; body_params: number }[];
};

export type WasenderAccount = {
  token: string;
  ratePerS: number;
  /** What the provider allows. */
  limit: { count: number; seconds: number };
  numbers: readonly { name: string; phone: string }[];
};

export async function addCloudSessions(
  mesh: { simulator: string; metaApp: { id: string } },
  sessionsApi: SessionsApi,
  account: CloudAccount,
): Promise<Session[]> {
  await askSimulator(mesh.simulator, "POST", "/_sim/wabas", {
    waba_id: account.wabaId,
    app_id: mesh.metaApp.id,
    token: account.token,
    numbers: account.numbers.map((number) => ({
      phone_number_id: number.phoneNumberId,
      display_phone_number: number.phone,
      rate_per_s: account.ratePerS,
    })),
    templates: account.templates,
  });
  const sessions: Session[] = [];
  for (const number of account.numbers) {
    const { id } = await sessionsApi.add({
      name: `number ${number.phone}`,
      provider: "cloud_api",
      phone: number.phone,
      rate_per_s: account.ratePerS,
      cloud_api: {
        waba_id: account.wabaId,
        phone_number_id: number.phoneNumberId,
        access_token: account.token,
      },
    });
    sessions.push({ id, sender: number.phoneNumberId });
  }
  return sessions;
}

export async function addWasenderSessions(
  mesh: { simulator: string },
  sessionsApi: SessionsApi,
  account: WasenderAccount,
): Promise<Session[]> {
  await askSimulator(mesh.simulator, "POST", "/_sim/wasender/accounts", { pat: account.token });
  const sessions: Session[] = [];
  for (const number of account.numbers) {
    const made = await askSimulator<{ id: number; api_key: string; webhook_secret: string }>(
      mesh.simulator,
      "POST",
      "/_sim/wasender/sessions",
      {
        pat: account.token,
        name: number.name,
        phone_number: number.phone,
        status: "connected",
        rate: { per: account.limit },
      },
    );
    const session = await sessionsApi.add({
      name: number.name,
      provider: "wasender",
      phone: number.phone,
      rate_per_s: account.ratePerS,
      wasender: { session_id: String(made.id), api_key: made.api_key, webhook_secret: made.webhook_secret },
    });
    await askSimulator(mesh.simulator, "PUT", `/_sim/wasender/sessions/${made.id}`, {
      webhook_url: session.callback_url,
    });
    sessions.push({ id: session.id, sender: String(made.id) });
  }
  return sessions;
}

/** Resolves when the tenant has so many sessions and all of them are connected. */
export async function untilConnected(sessionsApi: SessionsApi, count: number): Promise<void> {
  const until = performance.now() + 30_000;
  for (;;) {
    const sessions = await sessionsApi.list();
    if (sessions.length === count && sessions.every((session) => session.status === "connected")) return;
    if (performance.now() > until)
      throw new Error(`sessions did not connect: ${sessions.map((session) => session.status).join(", ")}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
