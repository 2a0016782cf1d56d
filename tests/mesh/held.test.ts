/** Why a message has not left: campaigns on hold, plans used up; told per message, and it leaves when it may. */
import { randomBytes } from "node:crypto";
import {
  type CampaignPhase,
  compactedKey,
  content,
  createCodec,
  derivedUuid,
  laneTopics,
  type Topic,
  topics,
} from "@wamesh/events";
import { openKafka } from "@wamesh/kafka";
import { outboundMessage, outgoing } from "@wamesh/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  api,
  cloudTenant,
  control,
  ledger,
  mesh,
  message,
  reaches,
  type TestTenant,
  until,
} from "./fixture.ts";

let producer: Awaited<ReturnType<typeof open>>;
async function open() {
  const kafka = openKafka({ brokers: mesh().kafkaBrokers, clientId: "test", log: () => {} });
  const codec = await createCodec({ registryUrl: mesh().registryUrl });
  const client = kafka.producer();
  return {
    /** As the service that owns the topic would. */
    async send<Record_>(topic: Topic<Record_>, tenant: string, record: Record_, key?: string) {
      const { local: partitions } = topic.partitions;
      const value = codec.encode(topic, record);
      await client.send([outgoing(topic, value, { tenant, partitions, ...(key && { key }) })]);
    },
    close: () => client.close(),
  };
}
beforeAll(async () => {
  producer = await open();
});
afterAll(() => producer.close());

const body = {
  kind: "body" as const,
  sub_type: null,
  index: null,
  parameters: [{ kind: "text" as const, name: null, value: "Mara" }],
};

/** Campaigns have no API yet: their messages and states come as ingest will produce them. */
async function ofCampaign(tenant: TestTenant, campaign: string, i: number): Promise<string> {
  const id = derivedUuid("campaign message", campaign, i);
  const { account } = await api<{ account: string }>("GET", `/v1/sessions/${tenant.session}`, {
    key: tenant.key,
  });
  const record = outboundMessage({
    message_id: id,
    tenant: tenant.id,
    session: tenant.session,
    account: account ?? "account",
    campaign,
    content: content("template", { template: { name: "welcome", language: "en_US", components: [body] } }),
    lane: "bulk",
    recipient: { kind: "phone", value: tenant.person() },
    recipient_token: randomBytes(16).toString("hex"),
    not_after: Date.now() + 600_000,
    accepted_at: Date.now(),
    send_at: null,
  });
  await producer.send(laneTopics.bulk, tenant.id, record);
  return id;
}

const versions = new Map<string, number>();
function campaignIs(
  tenant: TestTenant,
  campaign: string,
  state: CampaignPhase,
  ratePerS: number | null = null,
): Promise<void> {
  const version = (versions.get(campaign) ?? 0) + 1;
  versions.set(campaign, version);
  const record = {
    tenant: tenant.id,
    campaign,
    version,
    name: "Summer sale",
    state,
    total: null,
    expanded: 0,
    skipped: 0,
    rate_per_s: ratePerS,
    reason: null,
    run: 1,
    skips: [],
    send_at: null,
    session: null,
    pool: null,
    template: null,
    category: null,
    created_at: null,
    started_at: null,
    changed_at: Date.now(),
  };
  return producer.send(
    topics.campaignState,
    tenant.id,
    record,
    compactedKey(tenant.id, "campaign", campaign),
  );
}

async function waitsFor(tenant: TestTenant, id: string, reason: string): Promise<string | null> {
  await reaches(tenant, id, ["queued"]);
  const found = await until(`${id} to wait for ${reason}`, async () => {
    const { waiting, status } = await message(tenant, id);
    if (waiting?.reason !== reason) throw new Error(`${status}, ${JSON.stringify(waiting)}`);
    return { until: waiting.until };
  });
  return found.until;
}

it("a paused campaign waits over a restart and leaves when it is resumed; a cancelled one ends within 5 s", async () => {
  const acme = await cloudTenant("campaign", { ratePerS: 20 });
  await campaignIs(acme, `${acme.id}-sale`, "paused");
  const paused = await Promise.all([0, 1, 2].map((i) => ofCampaign(acme, `${acme.id}-sale`, i)));
  await waitsFor(acme, paused[0]!, "campaign_paused");
  await control("services", "dispatcher", "kill");
  await control("services", "dispatcher", "start");
  const other = await api<{ id: string }>("POST", "/v1/messages", {
    key: acme.key,
    body: { to: acme.person(), template: { name: "welcome", language: "en_US", variables: ["x"] } },
  });
  await reaches(acme, other.id, ["read"], 60_000);
  expect((await ledger([acme.sender])).map(({ id }) => id)).toEqual([other.id]);
  await campaignIs(acme, `${acme.id}-sale`, "processing");
  for (const id of paused) await reaches(acme, id, ["read"]);

  await campaignIs(acme, `${acme.id}-two`, "paused");
  const cancelled = await Promise.all([0, 1, 2].map((i) => ofCampaign(acme, `${acme.id}-two`, i)));
  await waitsFor(acme, cancelled[2]!, "campaign_paused");
  await campaignIs(acme, `${acme.id}-two`, "cancelled");
  for (const id of cancelled) await reaches(acme, id, ["cancelled"], 5_000);
  // And what its expansion still adds.
  const late = await ofCampaign(acme, `${acme.id}-two`, 3);
  await reaches(acme, late, ["cancelled"], 5_000);
  expect(await ledger([acme.sender])).toHaveLength(4);
});

it("a campaign leaves at the pace its owner set, says so, and at another within 5 s of the change", async () => {
  const acme = await cloudTenant("pace", { ratePerS: 50 });
  const campaign = `${acme.id}-slow`;
  await campaignIs(acme, campaign, "processing", 0.1);
  const ids = await Promise.all(Array.from({ length: 8 }, (_, i) => ofCampaign(acme, campaign, i)));
  await waitsFor(acme, ids[7]!, "campaign_pace");
  const other = await api<{ id: string }>("POST", "/v1/messages", {
    key: acme.key,
    body: { to: acme.person(), template: { name: "welcome", language: "en_US", variables: ["x"] } },
  });
  await reaches(acme, other.id, ["sent", "delivered", "read"], 5_000);
  // One in ten seconds, and the message that is none of the campaign's.
  expect((await ledger([acme.sender])).length).toBeLessThanOrEqual(3);
  await campaignIs(acme, campaign, "processing", 20);
  for (const id of ids) await reaches(acme, id, ["sent", "delivered", "read"], 5_000);
});

it("a plan's daily limit holds the rest back until midnight UTC, and says so", async () => {
  const acme = await cloudTenant("plan");
  const plan = `plan-${acme.id}`;
  await api("PUT", `/v1/plans/${plan}`, {
    body: { weight: 1, per_minute: null, per_day: 3, max_queued: 1000, bulk: true },
  });
  await api("PATCH", `/v1/tenants/${acme.id}`, { body: { plan } });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) {
    const body = { to: acme.person(), template: { name: "welcome", language: "en_US", variables: ["x"] } };
    ids.push((await api<{ id: string }>("POST", "/v1/messages", { key: acme.key, body })).id);
  }
  for (const id of ids.slice(0, 3)) await reaches(acme, id, ["read"]);
  const until_ = await waitsFor(acme, ids[4]!, "plan_day_limit");
  expect(Date.parse(until_!) % 86_400_000).toBeLessThan(2_000);
  expect(await ledger([acme.sender])).toHaveLength(3);
});
