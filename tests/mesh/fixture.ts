/** What a test across services needs: the running mesh, a tenant of its own, the ledger as witness, and patience. */
import { randomBytes } from "node:crypto";
import { inject } from "vitest";

export type MeshAddresses = {
  origin: string;
  operatorKey: string;
  simulator: string;
  metaApp: { id: string; secret: string; verifyToken: string };
  control: string;
  /** Folder of the services' logs. */
  logs: string;
  /** Folder with the servers' data and logs. */
  serverLogs: string;
  /** File of the secrets that the services were started with. */
  secrets: string;
  /** Files with the key rings; a service reads them when it starts. */
  rings: { credentials: string; endpoints: string };
  /** File with all spans that were exported, in JSON lines. */
  spans: string;
  kafkaBrokers: string;
  registryUrl: string;
  postgresUrl: string;
};

declare module "vitest" {
  export interface ProvidedContext {
    mesh: MeshAddresses;
  }
}

export function mesh(): MeshAddresses {
  return inject("mesh");
}

export type Answer<Body = Record<string, unknown>> = { status: number; headers: Headers; body: Body };

/** One HTTP call; never throws for a status. */
export async function http<Body = Record<string, unknown>>(
  method: string,
  url: string,
  options: { key?: string; tenant?: string; headers?: Record<string, string>; body?: unknown } = {},
): Promise<Answer<Body>> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }),
      ...(options.tenant === undefined ? {} : { "wamesh-tenant": options.tenant }),
      ...(options.body === undefined ? {} : { "content-type": "application/json" }),
      ...options.headers,
    },
    ...(options.body === undefined
      ? {}
      : { body: typeof options.body === "string" ? options.body : JSON.stringify(options.body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  let body: unknown = text;
  try {
    body = text === "" ? undefined : JSON.parse(text);
  } catch {
    // Not JSON: the text itself is the body.
  }
  return { status: response.status, headers: response.headers, body: body as Body };
}

/** As `http`, through the gateway; throws with the answer's words unless 2xx. Refused connections and 5xx are repeated. */
export async function api<Body = Record<string, unknown>>(
  method: string,
  path: string,
  options: { key?: string; tenant?: string; headers?: Record<string, string>; body?: unknown } = {},
): Promise<Body> {
  const { origin, operatorKey } = mesh();
  return await until(`${method} ${path} to be answered`, async () => {
    const answer = await http<Body>(method, origin + path, { key: operatorKey, ...options });
    if (answer.status >= 500) return undefined;
    // A key or a session made a moment ago may still be on its way to ingest.
    if (answer.status === 401 && options.key !== undefined) return undefined;
    if (answer.status === 422 && /"(unknown_session|no_session)/.test(JSON.stringify(answer.body)))
      return undefined;
    if (answer.status >= 300)
      throw new Stop(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return { value: answer.body };
  }).then((found) => found.value);
}

/** A failure that waiting cannot mend. */
export class Stop extends Error {}

/** Asks until it answers something else than undefined. Rejections count as "not yet", but for `Stop`. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  timeoutMs = 30_000,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  let last: unknown = "nothing yet";
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      if (error instanceof Stop) throw error;
      last = error;
    }
    if (performance.now() > end) throw new Error(`waited ${timeoutMs} ms for ${what}: ${String(last)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A number unique to this run, so that tests on one mesh never meet. */
function unique(digits: number): string {
  return String(BigInt(`0x${randomBytes(8).toString("hex")}`) % 10n ** BigInt(digits)).padStart(digits, "1");
}

export type TestTenant = {
  id: string;
  key: string;
  session: string;
  /** Phone number id, or WasenderApi session id. */
  sender: string;
  /** A recipient nobody else has. */
  person(): string;
};

/** `more`: further fields of the tenant. */
export async function newTenant(name: string, more: object = {}): Promise<{ id: string; key: string }> {
  const id = `${name}-${randomBytes(4).toString("hex")}`;
  await api("POST", "/v1/tenants", { body: { id, name, ...more } });
  const { key } = await api<{ key: string }>("POST", "/v1/keys", { tenant: id, body: { label: "test" } });
  return { id, key };
}

function persons(): () => string {
  const start = Number(unique(6));
  let next = 0;
  return () => `+1555${String((start * 10 + next++) % 10 ** 7).padStart(7, "0")}`;
}

/** A tenant with one connected Cloud API number in the simulator. */
export async function cloudTenant(name: string, options: { ratePerS?: number } = {}): Promise<TestTenant> {
  const tenant = await newTenant(name);
  const { session, sender } = await cloudSession(tenant, options);
  return { ...tenant, session, sender, person: persons() };
}

export type CloudSession = { session: string; sender: string; waba: string; account: string };

/** A connected Cloud API number in the simulator, with the template `welcome`, as a session of the tenant. */
export async function cloudSession(
  tenant: { id: string; key: string },
  options: { ratePerS?: number; name?: string; accessToken?: string } = {},
): Promise<CloudSession> {
  const { metaApp } = mesh();
  const sender = `3${unique(14)}`;
  const waba = `2${unique(14)}`;
  const ratePerS = options.ratePerS ?? 80;
  const token = options.accessToken ?? `token-of-${tenant.id}`;
  await sim("POST", "/_sim/wabas", {
    waba_id: waba,
    app_id: metaApp.id,
    token,
    numbers: [{ phone_number_id: sender, display_phone_number: `+1555${unique(7)}`, rate_per_s: ratePerS }],
    templates: [{ name: "welcome", language: "en_US", category: "UTILITY", body_params: 1 }],
  });
  const made = await api<{ id: string; account: string }>("POST", "/v1/sessions", {
    key: tenant.key,
    body: {
      name: options.name ?? "main",
      provider: "cloud_api",
      rate_per_s: ratePerS,
      cloud_api: { waba_id: waba, phone_number_id: sender, access_token: token },
    },
  });
  await connected(tenant.key, made.id);
  return { session: made.id, sender, waba, account: made.account };
}

/** A tenant with one connected WasenderApi session in the simulator. */
export async function wasenderTenant(
  name: string,
  options: { ratePerS?: number; withAccountToken?: boolean } = {},
): Promise<TestTenant> {
  const tenant = await newTenant(name);
  const ratePerS = options.ratePerS ?? 4;
  await sim("POST", "/_sim/wasender/accounts", { pat: `pat-${tenant.id}` });
  const made = await sim<{ id: number; api_key: string; webhook_secret: string }>(
    "POST",
    "/_sim/wasender/sessions",
    {
      pat: `pat-${tenant.id}`,
      name: "main",
      phone_number: `+1555${unique(7)}`,
      status: "connected",
      rate: { per: { count: Math.ceil(ratePerS * 62), seconds: 60 } },
    },
  );
  const session = await api<{ id: string; callback_url: string }>("POST", "/v1/sessions", {
    key: tenant.key,
    body: {
      name: "main",
      provider: "wasender",
      rate_per_s: ratePerS,
      wasender: {
        session_id: String(made.id),
        api_key: made.api_key,
        webhook_secret: made.webhook_secret,
        ...(options.withAccountToken && { account_token: `pat-${tenant.id}` }),
      },
    },
  });
  await sim("PUT", `/_sim/wasender/sessions/${made.id}`, { webhook_url: session.callback_url });
  await connected(tenant.key, session.id);
  return { ...tenant, session: session.id, sender: String(made.id), person: persons() };
}

export async function connected(key: string, session: string): Promise<void> {
  await until(`session ${session} to be connected`, async () => {
    const found = await api<{ status: string }>("GET", `/v1/sessions/${session}`, { key });
    return found.status === "connected" ? true : undefined;
  });
}

/** A call of the simulator's control API; throws unless 2xx. */
export async function sim<Body = Record<string, unknown>>(
  method: string,
  path: string,
  body?: unknown,
): Promise<Body> {
  const answer = await http<Body>(method, mesh().simulator + path, body === undefined ? {} : { body });
  if (answer.status >= 300)
    throw new Stop(`simulator ${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** A person writes to the tenant's Cloud API number. Resolves when the mesh knows it: their 24-hour window is open. */
export async function writes(tenant: TestTenant, person: string, text = "Hello"): Promise<void> {
  const inbound = { provider: "cloud_api", phone_number_id: tenant.sender, from: person, text };
  await sim("POST", "/_sim/inbound", inbound);
  await until(`${tenant.session} to know that somebody wrote`, async () => {
    const known = await api<{ sessions: { session_id: string; window_left_s: number }[] }>(
      "GET",
      `/v1/contacts/${encodeURIComponent(person)}`,
      { key: tenant.key },
    );
    return known.sessions.find(
      ({ session_id, window_left_s }) => session_id === tenant.session && window_left_s > 0,
    );
  });
}

export type Message = {
  id: string;
  status: string;
  reason: { code: string } | null;
  waiting: { reason: string; until: string | null } | null;
  timeline: { status: string; origin: string; claim: number }[];
};

export function message(tenant: { key: string }, id: string): Promise<Message> {
  return api<Message>("GET", `/v1/status/messages/${id}`, { key: tenant.key });
}

/** Waits until the message has one of these states. */
export function reaches(
  tenant: { key: string },
  id: string,
  states: readonly string[],
  timeoutMs = 30_000,
): Promise<Message> {
  return until(
    `message ${id} to be ${states.join(" or ")}`,
    async () => {
      const answer = await http<Message>("GET", `${mesh().origin}/v1/status/messages/${id}`, {
        key: tenant.key,
      });
      if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
      if (!states.includes(answer.body.status))
        throw new Error(`it is ${answer.body.status} ${answer.body.reason?.code ?? ""}`);
      return answer.body;
    },
    timeoutMs,
  );
}

export type LedgerMessage = {
  id: string;
  ref: string | null;
  sender: string;
  recipient: string;
  accepted: number;
  received_at_ms: number | null;
};

/** All the simulator knows of messages of these senders. */
export async function ledger(senders: readonly string[]): Promise<LedgerMessage[]> {
  const all: LedgerMessage[] = [];
  let cursor: number | null = 0;
  while (cursor !== null) {
    const page: { messages: LedgerMessage[]; next_cursor: number | null } = await sim(
      "GET",
      `/_sim/ledger/messages?cursor=${cursor}&limit=1000`,
    );
    all.push(...page.messages.filter((entry) => senders.includes(entry.sender)));
    cursor = page.next_cursor;
  }
  return all;
}

/** Kill -9, stop or start a service or a server of the stack. */
export async function control(
  kind: "services" | "servers",
  name: string,
  action: "kill" | "stop" | "start",
): Promise<void> {
  const answer = await http("POST", `${mesh().control}/${kind}/${name}/${action}`);
  if (answer.status !== 204) throw new Stop(`${action} ${name}: ${JSON.stringify(answer.body)}`);
}

/** Where a service listens now; ports change when it is started again. */
export async function service(name: string): Promise<{ url: string; probes: string }> {
  return (await http<{ url: string; probes: string }>("GET", `${mesh().control}/services/${name}`)).body;
}
