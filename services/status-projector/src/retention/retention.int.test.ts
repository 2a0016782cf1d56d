// What is too old goes and the sums stay, on a real Postgres with rows as the fold leaves them.
import { topics } from "@wamesh/events";
import { withTenants } from "@wamesh/store";
import {
  deadLetterRecord,
  domainEvent,
  inboundMessage,
  tenantConfig,
  webhookDelivery,
} from "@wamesh/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { entriesOf, messageIds, outbound, status } from "../arbitrary-history.ts";
import { reconcile } from "../reconcile.ts";
import { type Bench, entries, now, openBench } from "../test-bench.ts";
import { startRetentionJob } from "./job.ts";

const [old, young, foreign] = messageIds as [string, string, string];
const dayMs = 86_400_000;
let bench: Bench;

beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench?.close());
beforeEach(() => bench.empty());

function job(askedDays: Record<string, number>) {
  const log = { info() {}, error: (facts: object) => expect.fail(JSON.stringify(facts)) };
  const { sql } = bench;
  return startRetentionJob({
    ...{ sql, log, mostDays: 400, owner: "test", now: () => now },
    askedDays: (tenant) => askedDays[tenant],
  });
}
const message = (tenant: string, id: string, at: number) => [
  ...entriesOf(outbound(tenant, id, { accepted_at: at, campaign: "cmp_1" })),
  ...entriesOf(status(tenant, id, { status: "sent", at }, { queued_at: at, sent_at: at, campaign: "cmp_1" })),
];
const sums = async () => {
  const [counters, ledger, activity, campaigns] = await withTenants(bench.sql, "all", (tx) =>
    Promise.all([
      tx`select * from tenant_counter order by tenant, name`,
      tx`select * from ledger order by tenant, at`,
      tx`select * from activity order by tenant, at`,
      tx`select * from campaign_status order by tenant, campaign, status`,
    ]),
  );
  return JSON.stringify([counters, ledger, activity, campaigns]);
};
const rows = async (table: string) => {
  const found = await withTenants(
    bench.sql,
    "all",
    (tx) => tx<{ tenant: string }[]>`select tenant from ${tx(table)}`,
  );
  return found.map(({ tenant }) => tenant).sort();
};

test("a message goes with its history when its tenant's days are over; what it added to the sums stays, and still adds up", async () => {
  await bench.tell(
    ...entries(topics.tenantConfig, tenantConfig({ id: "acme" })),
    ...entries(topics.tenantConfig, tenantConfig({ id: "globex" })),
    ...message("acme", old, now - 91 * dayMs),
    ...message("acme", young, now - 89 * dayMs),
    ...message("globex", foreign, now - 91 * dayMs),
  );
  const before = await sums();
  const retention = job({ acme: 90 });
  expect(await retention.round()).toMatchObject({ message: 1 });
  expect(await retention.round()).toMatchObject({ message: 0 });
  await retention.stop();
  expect(await rows("message")).toEqual(["acme", "globex"]);
  // Accepted and sent, of each that is left.
  expect(await rows("message_event")).toEqual(["acme", "acme", "globex", "globex"]);
  expect((await bench.get(`/v1/status/messages/${old}`)).status).toBe(404);
  expect((await bench.get(`/v1/status/messages/${young}`)).status).toBe(200);
  expect(await sums()).toBe(before);
  const { findings } = await reconcile(bench.sql, { now, graceMs: 60_000, limit: 100 });
  expect(findings).toEqual([]);
});

test("a counter that is wrong is still named after some of its messages have gone", async () => {
  await bench.tell(...message("acme", old, now - 91 * dayMs), ...message("acme", young, now - 2 * dayMs));
  const retention = job({ acme: 90 });
  await retention.round();
  await retention.stop();
  await withTenants(
    bench.sql,
    "all",
    (tx) => tx`update tenant_counter set value = value + 1 where name = 'sent'`,
  );
  const { findings } = await reconcile(bench.sql, { now, graceMs: 60_000, limit: 100 });
  expect(findings).toMatchObject([{ kind: "counter", object: "sent" }]);
});

test("what tells of people and events goes too, and one of yesterday stays", async () => {
  const at = { occurred_at: now - 91 * dayMs };
  const fresh = { occurred_at: now - dayMs };
  await bench.tell(
    ...entries(topics.messageInbound, inboundMessage({ event_id: "1", ...at })),
    ...entries(topics.messageInbound, inboundMessage({ event_id: "2", ...fresh })),
    ...entries(topics.domainEvent, domainEvent({ event_id: "1", ...at })),
    ...entries(topics.domainEvent, domainEvent({ event_id: "2", ...fresh })),
    ...entries(topics.webhookDelivery, webhookDelivery({ event_id: "1", ...at })),
    ...entries(topics.dead, deadLetterRecord({ dead_id: "1", ...at })),
  );
  const retention = job({ acme: 90 });
  expect(await retention.round()).toMatchObject({
    inbound: 1,
    domain_event: 1,
    webhook_delivery: 1,
    dead_letter: 1,
  });
  await retention.stop();
  for (const table of ["inbound", "domain_event"])
    expect([table, await rows(table)]).toEqual([table, ["acme"]]);
  const identities = await withTenants(
    bench.sql,
    "all",
    (tx) => tx<{ event_id: string }[]>`select distinct event_id from inbound_identity`,
  );
  expect(identities).toEqual([{ event_id: "2" }]);
});
