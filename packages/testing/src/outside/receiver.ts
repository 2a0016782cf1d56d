/** The tenants' own webhook receivers: one path per tenant, verifying every signature: with the public library, unless told otherwise. */
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { Webhook } from "standardwebhooks";

export type Receiver = {
  url(tenant: string): string;
  expect(tenant: string, secret: string): void;
  /** Distinct (message, type) pairs that arrived at the tenant's address, well signed. */
  delivered(tenant: string): number;
  /** Distinct replies of people that arrived at the tenant's address. */
  inbound(tenant: string): number;
  badSignatures(): number;
  /** Deliveries whose body names another tenant than the address it came to, in words. */
  misrouted(): readonly string[];
  close(): Promise<void>;
};

/** What is signed by one of the secrets; null for everything else. Header names in lower case. */
export type Verify = (
  secrets: readonly string[],
  headers: Record<string, string>,
  body: string,
) => { type: string; data: Record<string, unknown> } | null;

const withTheLibrary: Verify = (secrets, headers, body) => {
  for (const secret of secrets)
    try {
      new Webhook(secret).verify(body, headers);
      return JSON.parse(body);
    } catch {
      // Another secret may fit.
    }
  return null;
};

/** `host`: where it listens, and what its addresses say; another than 127.0.0.1 only inside a container. */
export async function startReceiver({
  host = "127.0.0.1",
  verify = withTheLibrary,
}: {
  host?: string;
  verify?: Verify;
} = {}): Promise<Receiver> {
  const secrets = new Map<string, string[]>();
  const seen = new Map<string, Set<string>>();
  let badSignatures = 0;
  const misrouted: string[] = [];

  const app = new Hono();
  app.post("/:tenant", async (c) => {
    const tenant = c.req.param("tenant");
    const body = await c.req.text();
    const event = verify(secrets.get(tenant) ?? [], c.req.header(), body);
    if (event === null) {
      badSignatures++;
      return c.body(null, 401);
    }
    const { message_id, provider_id } = event.data as { message_id?: string; provider_id?: string };
    if (event.data.tenant !== tenant)
      misrouted.push(`${event.type} of ${event.data.tenant} ${message_id ?? ""} came to ${tenant}`);
    if (event.type === "message.inbound") setOf(`${tenant} inbound`).add(provider_id ?? "");
    else if (message_id !== undefined) setOf(tenant).add(`${message_id} ${event.type}`);
    return c.body(null, 204);
  });

  function setOf(name: string): Set<string> {
    let set = seen.get(name);
    if (set === undefined) {
      set = new Set();
      seen.set(name, set);
    }
    return set;
  }

  const { server, port } = await new Promise<{ server: ReturnType<typeof serve>; port: number }>(
    (resolve) => {
      const started = serve({ fetch: app.fetch, hostname: host, port: 0 }, (info) =>
        resolve({ server: started, port: info.port }),
      );
    },
  );

  return {
    url: (tenant) => `http://${host}:${port}/${tenant}`,
    expect(tenant, secret) {
      secrets.set(tenant, [...(secrets.get(tenant) ?? []), secret]);
    },
    delivered: (tenant) => setOf(tenant).size,
    inbound: (tenant) => setOf(`${tenant} inbound`).size,
    badSignatures: () => badSignatures,
    misrouted: () => misrouted,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}
