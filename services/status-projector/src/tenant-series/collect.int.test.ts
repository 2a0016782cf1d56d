// The tenants' series on a real Postgres: what is read of it, and that one process of several serves them.
import { metricsText } from "@wamesh/metrics";
import { withTenants } from "@wamesh/store";
import { until } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "../test-bench.ts";
import { serveTenantSeries } from "./collect.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench?.close());

const series = async (name: string) =>
  (await metricsText())
    .split("\n")
    .filter((line) => line.startsWith(`wamesh_${name}{`))
    .sort();

const count = (tenant: string, name: string, value: number) =>
  withTenants(
    bench.sql,
    "all",
    (tx) => tx`
      insert into tenant_counter (tenant, name, value) values (${tenant}, ${name}, ${value})
      on conflict (tenant, name) do update set value = excluded.value`,
  );

async function delivered(tenant: string, id: string, at: number): Promise<void> {
  await withTenants(
    bench.sql,
    "all",
    (tx) => tx`
      insert into webhook_delivery (tenant, event_id, webhook_id, endpoint, event_type, attempt, outcome, duration_ms, occurred_at)
      values (${tenant}, ${id}, ${id}, 'end_1', 'message.sent', 1, 'delivered', 5, ${new Date(at)})`,
  );
}

test("one process at a time counts what grew, by name for the busiest, and the next one goes on from there", async () => {
  const startedMs = Date.now();
  await withTenants(bench.sql, "all", async (tx) => {
    for (const tenant of ["acme", "globex"])
      await tx`insert into tenant (tenant, version, name, state, is_agency, is_operator, changed_at)
        values (${tenant}, 1, ${tenant}, 'active', false, false, now())`;
    await tx`insert into session (tenant, session, version, status, provider, account, provider_ref, name, changed_at)
      values ('acme', 's1', 1, 'connected', 'wasender', 'a', 'r1', 'n', now()),
        ('acme', 's2', 1, 'disconnected', 'wasender', 'a', 'r2', 'n', now()),
        ('acme', 's3', 1, 'deleted', 'wasender', 'a', 'r3', 'n', now())`;
  });
  await count("acme", "sent", 100);
  await count("globex", "sent", 5);
  const start = (owner: string) =>
    serveTenantSeries({
      sql: bench.sql,
      dispatch: { of: () => [] },
      owner,
      most: 1,
      now: Date.now,
      log: { warn: (facts) => expect.fail(JSON.stringify(facts)) },
      everyMs: 50,
    });
  const first = start("first");
  await until(async () => (await series("tenant_series")).includes('wamesh_tenant_series{kind="named"} 1'));
  const second = start("second");
  expect(await series("tenant_messages_total")).toContain(
    'wamesh_tenant_messages_total{tenant="acme",outcome="sent"} 0',
  );
  await count("acme", "sent", 103);
  await count("globex", "failed", 2);
  // Folded half a minute ago, and counted when they can no longer be overtaken.
  await delivered("acme", "e1", startedMs - 29_000);
  await until(async () =>
    (await series("tenant_messages_total")).includes(
      'wamesh_tenant_messages_total{tenant="acme",outcome="sent"} 3',
    ),
  );
  await until(async () =>
    (await series("tenant_messages_total")).includes(
      'wamesh_tenant_messages_total{tenant="other",outcome="failed"} 2',
    ),
  );
  expect(await series("tenant_sessions")).toEqual([
    'wamesh_tenant_sessions{tenant="acme",status="connected"} 1',
    'wamesh_tenant_sessions{tenant="acme",status="disconnected"} 1',
  ]);
  expect(await series("tenant_success_ratio")).toContain('wamesh_tenant_success_ratio{tenant="other"} 0');
  await until(
    async () =>
      (await series("tenant_webhooks_total"))[0] ===
      'wamesh_tenant_webhooks_total{tenant="acme",outcome="delivered"} 1',
  );

  await first.stop();
  await until(async () => (await series("tenant_series")).length === 2);
  expect(await series("tenant_messages_total")).toContain(
    'wamesh_tenant_messages_total{tenant="acme",outcome="sent"} 0',
  );
  await second.stop();
  expect(await series("tenant_series")).toEqual([]);
});
