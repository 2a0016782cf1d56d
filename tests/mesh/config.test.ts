/** A change of configuration has its effect everywhere within a second, also when session-manager is killed while it publishes. */
import { performance } from "node:perf_hooks";
import { expect, it } from "vitest";
import {
  api,
  cloudTenant,
  control,
  http,
  ledger,
  mesh,
  newTenant,
  type TestTenant,
  until,
} from "./fixture.ts";

const rounds = 5;
const mostMs = 1_000;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** Says what was measured, and judges it. */
function judge(what: string, tookMs: readonly number[]): void {
  const round = (ms: number) => Math.round(ms);
  console.log(`${what}: median ${round(median(tookMs))} ms, at most ${round(Math.max(...tookMs))} ms`);
  expect(Math.max(...tookMs), what).toBeLessThanOrEqual(mostMs);
}

/** One route per service that reads its keys from the topic. */
const readers = {
  ingest: "/v1/rules",
  "webhook-router": "/v1/endpoints",
  "status-projector": "/v1/status/counters",
};

const ask = (path: string, key: string) => http<{ code?: string }>("GET", mesh().origin + path, { key });

/** Milliseconds from now until the service answers the key with this. */
async function answers(path: string, key: string, status: number, begunMs: number): Promise<number> {
  await until(`${path} to answer ${status}`, async () =>
    (await ask(path, key)).status === status ? true : undefined,
  );
  return performance.now() - begunMs;
}

it.each(Object.entries(readers))(
  "%s knows a new key, and refuses a revoked one, within a second",
  async (service, path) => {
    const { id: tenant } = await newTenant("config-key");
    const known: number[] = [];
    const refused: number[] = [];
    for (let n = 0; n < rounds; n++) {
      let begun = performance.now();
      const { id, key } = await api<{ id: string; key: string }>("POST", "/v1/keys", {
        tenant,
        body: { label: "short-lived" },
      });
      known.push(await answers(path, key, 200, begun));
      begun = performance.now();
      await api("DELETE", `/v1/keys/${id}`, { tenant });
      refused.push(await answers(path, key, 401, begun));
      expect((await ask(path, key)).body.code).toBe("key_revoked");
    }
    judge(`${service}, new key`, known);
    judge(`${service}, revoked key`, refused);
  },
);

it.each(Object.entries(readers))(
  "%s refuses a suspended tenant's key within a second, and takes it again",
  async (service, path) => {
    const { id, key } = await newTenant("config-tenant");
    await answers(path, key, 200, performance.now());
    const suspended: number[] = [];
    const lifted: number[] = [];
    for (let n = 0; n < rounds; n++) {
      let begun = performance.now();
      await api("PATCH", `/v1/tenants/${id}`, { body: { state: "suspended" } });
      suspended.push(await answers(path, key, 403, begun));
      begun = performance.now();
      await api("PATCH", `/v1/tenants/${id}`, { body: { state: "active" } });
      lifted.push(await answers(path, key, 200, begun));
    }
    judge(`${service}, suspended tenant`, suspended);
    judge(`${service}, active again`, lifted);
  },
);

/** Enough to be under way for the whole test, at 40 a second. */
async function sendMany(tenant: TestTenant): Promise<void> {
  for (let batch = 0; batch < 4; batch++)
    await api("POST", "/v1/messages/batch", {
      key: tenant.key,
      body: {
        messages: Array.from({ length: 100 }, () => ({
          to: tenant.person(),
          template: { name: "welcome", language: "en_US", variables: ["Mara"] },
        })),
      },
    });
}

const arrivals = async (tenant: TestTenant) =>
  (await ledger([tenant.sender])).map(({ received_at_ms }) => received_at_ms ?? 0).sort((a, b) => a - b);

/** Messages arrive now; waits until they do. */
async function flows(tenant: TestTenant): Promise<void> {
  const before = (await arrivals(tenant)).length;
  await until("messages to leave", async () =>
    (await arrivals(tenant)).length > before + 2 ? true : undefined,
  );
}

/** How long after `begunMs` (epoch) the last message arrived, once none has for a while. */
async function lastAfter(tenant: TestTenant, begunMs: number): Promise<number> {
  const quietMs = 1_500;
  const last = await until("messages to stop", async () => {
    const at = (await arrivals(tenant)).at(-1) ?? 0;
    return Date.now() - Math.max(at, begunMs) > quietMs ? at : undefined;
  });
  return Math.max(0, last - begunMs);
}

type Stop = { stop: (tenant: TestTenant) => Promise<unknown>; go: (tenant: TestTenant) => Promise<unknown> };

const stops: Record<string, Stop> = {
  "its session is suspended": {
    stop: ({ key, session }) =>
      api("PATCH", `/v1/sessions/${session}`, { key, body: { status: "suspended" } }),
    go: ({ key, session }) =>
      api("PATCH", `/v1/sessions/${session}`, { key, body: { status: "connecting" } }),
  },
  "its tenant is suspended": {
    stop: ({ id }) => api("PATCH", `/v1/tenants/${id}`, { body: { state: "suspended" } }),
    go: ({ id }) => api("PATCH", `/v1/tenants/${id}`, { body: { state: "active" } }),
  },
  "its session's credentials are revoked": {
    stop: ({ key, session }) => api("DELETE", `/v1/sessions/${session}/credentials`, { key }),
    go: ({ id, key, session }) =>
      api("PUT", `/v1/sessions/${session}/credentials`, {
        key,
        body: { cloud_api: { access_token: `token-of-${id}` } },
      }),
  },
};

it.each(Object.entries(stops))(
  "nothing leaves a second after %s, and all goes on when that is undone",
  async (what, { stop, go }) => {
    const acme = await cloudTenant("config-stop", { ratePerS: 40 });
    await sendMany(acme);
    const tookMs: number[] = [];
    for (let n = 0; n < 3; n++) {
      await flows(acme);
      const begun = Date.now();
      await stop(acme);
      tookMs.push(await lastAfter(acme, begun));
      await go(acme);
    }
    await flows(acme);
    judge(`the last message after ${what}`, tookMs);
  },
);

it("a session-manager that is killed right after a change leaves no stale reader", async () => {
  const { id: tenant } = await newTenant("config-kill");
  for (let n = 0; n < 3; n++) {
    const { id, key } = await api<{ id: string; key: string }>("POST", "/v1/keys", {
      tenant,
      body: { label: "to be revoked" },
    });
    for (const path of Object.values(readers)) await answers(path, key, 200, performance.now());
    await api("DELETE", `/v1/keys/${id}`, { tenant });
    // What was committed and is not published yet waits for the next process.
    await control("services", "session-manager", "kill");
    await control("services", "session-manager", "start");
    for (const path of Object.values(readers)) {
      await answers(path, key, 401, performance.now());
      expect((await ask(path, key)).body.code).toBe("key_revoked");
    }
  }
});
