/** Campaigns on real servers: whom they reach, and what is told of them. */
import { type MessageStatus, type OutboundMessage, recipientToken, topics } from "@wamesh/events";
import { withTenants } from "@wamesh/store";
import { dispatchState, messageStatus, tenantConfig, until } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { noteWrote } from "../contacts/store.ts";
import { type Bench, openBench, optedOut } from "../test-bench.ts";
import { campaignsAtWork } from "./campaign-store.ts";
import { expandChunk } from "./expand-chunk.ts";

let bench: Bench;
let next = 0;
beforeAll(async () => {
  bench = await openBench();
}, 60_000);
afterAll(() => bench.close());

type Campaign = {
  campaign_id: string;
  state: string;
  reason: string | null;
  run: number;
  total: number | null;
  expanded: number;
  skipped: number;
  skips: { reason: string; count: number }[];
  version: number;
};

async function answer<Body = Campaign>(of: Response | Promise<Response>, status = 200): Promise<Body> {
  const response = await of;
  const body = (await response.json()) as Body;
  expect(response.status, JSON.stringify(body)).toBe(status);
  return body;
}

const template = { name: "news", language: "en", variables: [{ column: "name" }] };
/** People that no other test has. */
const people = (count: number) => Array.from({ length: count }, () => `+1555${3_000_000 + next++}`);

async function listOf(rows: string[], head = "to,name"): Promise<string> {
  const { audience_id: id } = await answer<{ audience_id: string }>(
    bench.call("POST", "/v1/audiences", {}),
    201,
  );
  const headers = { "content-type": "text/csv" };
  await answer(bench.call("PUT", `/v1/audiences/${id}/csv`, `${head}\n${rows.join("\n")}\n`, { headers }));
  return id;
}

async function campaignOf(audience: string, more: object = { template }): Promise<string> {
  const body = { name: "news", audience_id: audience, session_id: "ses_a1", ...more };
  return (await answer(bench.call("POST", "/v1/campaigns", body), 201)).campaign_id;
}

const read = (id: string) => answer(bench.call("GET", `/v1/campaigns/${id}`));
const command = (id: string, verb: string, body?: object) =>
  bench.call("POST", `/v1/campaigns/${id}/${verb}`, body);
const start = (id: string, body: object = {}) => answer(command(id, "start", body), 202);

async function messagesOf(id: string, run = 1): Promise<OutboundMessage[]> {
  const all = await bench.read(topics.outboundBulk);
  return all.filter(({ campaign, campaign_run }) => campaign === id && campaign_run === String(run));
}

/** All its chunks, as the worker makes them. */
async function expand(id: string, deps = { ...bench.deps }): Promise<void> {
  while ((await expandChunk(deps, "acme", id)).more);
}

function statusesOf(messages: readonly OutboundMessage[], status: MessageStatus["status"]): MessageStatus[] {
  return messages.map(({ message_id, campaign }) => messageStatus({ message_id, campaign, status }));
}

test("everybody of the list gets their message, and who is left out is named by line", async () => {
  const numbers = people(1_203);
  const rows = numbers.map((to, n) => `${to},Name ${n}`);
  rows[700] = `${numbers[700]},`;
  rows[701] = `${numbers[701]},"two\nlines"`;
  rows[702] = "nonsense,x";
  rows[703] = `${numbers[0]},again`;
  optedOut.add(`acme ${numbers[900]}`);
  const id = await campaignOf(await listOf(rows));
  await start(id);
  await expand(id);
  expect(await read(id)).toMatchObject({
    state: "processing",
    total: 1_203,
    expanded: 1_199,
    skipped: 4,
    skips: expect.arrayContaining([
      { reason: "invalid", count: 1 },
      { reason: "duplicate", count: 1 },
      { reason: "variable_missing", count: 1 },
      { reason: "opted_out", count: 1 },
    ]),
  });
  const messages = await messagesOf(id);
  expect(new Set(messages.map(({ recipient }) => recipient.value)).size).toBe(1_199);
  expect(messages).toHaveLength(1_199);
  expect(messages.find(({ recipient }) => recipient.value === numbers[42])).toMatchObject({
    lane: "bulk",
    session: "ses_a1",
    content: { template: { components: [{ parameters: [{ value: "Name 42" }] }] } },
  });
  const { items } = await answer<{ items: object[] }>(bench.call("GET", `/v1/campaigns/${id}/skips`));
  expect(items).toEqual([
    { line: 702, reason: "variable_missing", problem: "Column name holds nothing." },
    // The row before takes two lines of the file.
    { line: 903, reason: "opted_out", problem: expect.any(String) },
  ]);
});

test("a worker that dies after a chunk was produced and before it was counted skips nobody and doubles nobody", async () => {
  const id = await campaignOf(await listOf(people(1_100).map((to) => `${to},Mara`)));
  await start(id);
  const { producer } = bench.deps;
  let dies = 2;
  const dying = {
    ...bench.deps,
    producer: {
      send: async (records: Parameters<typeof producer.send>[0]) => {
        await producer.send(records);
        if (dies-- > 0) throw new Error("killed");
      },
    },
  };
  for (let died = true; died; )
    died = await expand(id, dying).then(
      () => false,
      () => true,
    );
  expect(await read(id)).toMatchObject({ expanded: 1_100, skipped: 0, state: "processing" });
  const messages = await messagesOf(id);
  expect(messages.length).toBeGreaterThan(1_100);
  const asked = new Map(messages.map((one) => [one.message_id, `${one.recipient.value} ${one.fingerprint}`]));
  expect(asked.size).toBe(1_100);
  expect(new Set(asked.values()).size).toBe(1_100);
  for (const one of messages)
    expect(asked.get(one.message_id)).toBe(`${one.recipient.value} ${one.fingerprint}`);
});

test("a campaign waits while its tenant's queue is full, keeps nobody else from their turn, and goes on where it was", async () => {
  bench.plans.set("acme", { ...tenantConfig().tenant_record!.plan, max_queued: 120 });
  const waits = (bulk: number) => {
    const queued = { otp: 0, standard: 0, bulk };
    // What entered until half a second ago is in it; what enters now is not.
    bench.counted(dispatchState({ tenant: "acme", queued, sessions: [], recorded_at: Date.now() + 500 }));
  };
  const id = await campaignOf(await listOf(people(90).map((to) => `${to},Mara`)));
  await start(id);
  // What earlier tests made is counted for as long as it may be on its way.
  await until(async () => {
    waits(70);
    return bench.deps.quota.room("acme", "bulk") === 50;
  });
  await expand(id);
  expect(await read(id)).toMatchObject({ state: "expanding", expanded: 50 });
  waits(120);
  expect(await read(id)).toMatchObject({ reason: "queue_full" });
  expect(await expandChunk(bench.deps, "acme", id)).toEqual({ more: false, made: 0 });
  const atWork = (isFull: (tenant: string) => boolean) =>
    withTenants(bench.sql, "all", (tx) => campaignsAtWork(tx, Date.now(), 50, isFull));
  expect((await atWork(() => false)).map((one) => one.id)).toContain(id);
  expect((await atWork((tenant) => tenant === "acme")).map((one) => one.id)).not.toContain(id);
  bench.plans.delete("acme");
  await expand(id);
  expect(await read(id)).toMatchObject({ state: "processing", expanded: 90 });
  expect(new Set((await messagesOf(id)).map((one) => one.message_id)).size).toBe(90);
});

test("the same request with the same key makes one campaign", async () => {
  const audience_id = await listOf(people(1).map((to) => `${to},Mara`));
  const headers = { "idempotency-key": `campaign-${audience_id}` };
  const make = (name: string) =>
    bench.call("POST", "/v1/campaigns", { name, audience_id, template }, { headers });
  const first = await answer(make("once"), 201);
  const again = await make("once");
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  expect((await answer(again, 201)).campaign_id).toBe(first.campaign_id);
  expect((await make("another body")).status).toBe(422);
});

test("two workers at once count each recipient once", async () => {
  const id = await campaignOf(await listOf(people(1_700).map((to) => `${to},Mara`)));
  await start(id);
  await Promise.all([expand(id), expand(id)]);
  expect(await read(id)).toMatchObject({ expanded: 1_700, state: "processing" });
  expect(new Set((await messagesOf(id)).map((one) => one.message_id)).size).toBe(1_700);
});

test("one that is paused makes nothing more until it is resumed, and one that is cancelled nothing at all", async () => {
  const id = await campaignOf(await listOf(people(1_200).map((to) => `${to},Mara`)));
  await start(id);
  expect(await expandChunk(bench.deps, "acme", id)).toEqual({ more: true, made: 500 });
  await answer(command(id, "pause"), 202);
  expect(await expandChunk(bench.deps, "acme", id)).toEqual({ more: false, made: 0 });
  expect(await read(id)).toMatchObject({ state: "paused", expanded: 500 });
  await answer(command(id, "resume"), 202);
  expect(await expandChunk(bench.deps, "acme", id)).toEqual({ more: true, made: 500 });
  await answer(command(id, "cancel"), 202);
  expect(await expandChunk(bench.deps, "acme", id)).toEqual({ more: false, made: 0 });
  await answer(command(id, "resume"), 409);
  expect(await messagesOf(id)).toHaveLength(1_000);
});

test("what can't reach anybody does not start, and says what is wrong", async () => {
  const list = await listOf(people(2).map((to) => `${to},Mara`));
  const wrong = await campaignOf(list, {
    template: { name: "news", language: "en", variables: [{ column: "city" }] },
  });
  expect(await answer<object>(command(wrong, "start", {}), 409)).toMatchObject({
    detail: expect.stringMatching(/column city/),
  });
  const foreign = { name: "news", audience_id: list, session_id: "ses_g1", template };
  expect(await answer<object>(bench.call("POST", "/v1/campaigns", foreign), 422)).toMatchObject({
    code: "unknown_session",
  });
  const nowhere = await campaignOf(list, { template, session_id: undefined, pool: "none" });
  expect(await answer<object>(command(nowhere, "start", {}), 422)).toMatchObject({ code: "no_session" });
  const { audience_id: empty } = await answer<{ audience_id: string }>(
    bench.call("POST", "/v1/audiences", {}),
    201,
  );
  await answer(command(await campaignOf(empty), "start", {}), 409);
  const used = await campaignOf(list);
  await start(used);
  expect((await bench.call("DELETE", `/v1/audiences/${list}`)).status).toBe(409);
});

type Preflight = {
  recipients: number;
  will_send: number;
  exact: boolean;
  skipped: { reason: string; count: number }[];
  lines: { line: number; reason: string }[];
  problems: { code: string }[];
  sessions: object[];
  eta_s: number;
  limits: { left: number }[];
};

test("a dry run says who would get it, from where and how long it takes, and leaves nothing behind", async () => {
  const numbers = people(40);
  const rows = numbers.map((to) => `${to},Mara`);
  rows[7] = `${numbers[7]},`;
  rows[8] = "nonsense,x";
  optedOut.add(`acme ${numbers[9]}`);
  const id = await campaignOf(await listOf(rows), { template, rate_per_s: 2 });
  const [sent, before] = [bench.sent.length, await read(id)];
  const found = await answer<Preflight>(command(id, "preflight"));
  expect(found).toMatchObject({
    recipients: 40,
    will_send: 37,
    exact: true,
    skipped: expect.arrayContaining([
      { reason: "invalid", count: 1 },
      { reason: "variable_missing", count: 1 },
      { reason: "opted_out", count: 1 },
    ]),
    lines: [
      { line: 9, reason: "variable_missing" },
      { line: 11, reason: "opted_out" },
    ],
    problems: [],
    sessions: [{ session_id: "ses_a1", messages: 37, rate_per_s: 10, seconds: 4 }],
    eta_s: 19,
    limits: [{ kind: "plan_per_day", of: 100_000, left: 100_000 }],
  });
  expect(bench.sent.length).toBe(sent);
  expect(await read(id)).toEqual(before);
});

test("a dry run of a text names those whose window is closed", async () => {
  const numbers = people(3);
  const person = recipientToken(bench.deps.tokenKey, "acme", { kind: "phone", value: numbers[1]! });
  const wrote = { tenant: "acme", person, session: "ses_a1", at: Date.now() - 3_600_000 };
  await withTenants(bench.sql, ["acme"], (tx) => noteWrote(tx, [wrote]));
  const id = await campaignOf(await listOf(numbers.map((to) => `${to},Mara`)), { text: { body: "Hello" } });
  const found = await answer<Preflight>(command(id, "preflight"));
  expect(found.will_send).toBe(1);
  expect(found.lines.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
    "2 outside_window",
    "4 outside_window",
  ]);
});

test("it begins when it is due, completes when its messages have ended, and tries those that failed once more", async () => {
  await bench.startCampaigns();
  await bench.startOutbox();
  const numbers = people(20);
  const id = await campaignOf(await listOf(numbers.map((to) => `${to},Mara`)));
  const at = new Date(Date.now() + 1_500).toISOString();
  expect(await start(id, { at })).toMatchObject({ state: "scheduled", total: null });
  await until(async () => (await read(id)).state === "processing");
  const messages = await messagesOf(id);
  expect(Math.min(...messages.map(({ accepted_at }) => accepted_at))).toBeGreaterThanOrEqual(Date.parse(at));

  const failed = messages.slice(0, 3);
  // Twice, and out of order: it comes to the same.
  await bench.tells(...statusesOf(messages, "sent"), ...statusesOf(failed, "failed"));
  await bench.tells(...statusesOf(failed, "sent"), ...statusesOf(messages.slice(5), "delivered"));
  await until(async () => (await read(id)).state === "completed");
  await until(async () => (await standing(id)).failed === 3);

  optedOut.add(`acme ${failed[0]!.recipient.value}`);
  expect(await answer(command(id, "retry-failed"), 202)).toMatchObject({ run: 2, total: 3, expanded: 0 });
  await until(async () => (await read(id)).state === "processing");
  const again = await messagesOf(id, 2);
  expect(new Set(again.map(({ retry_of }) => retry_of))).toEqual(
    new Set(failed.slice(1).map(({ message_id }) => message_id)),
  );
  expect(await read(id)).toMatchObject({ expanded: 2, skips: [{ reason: "opted_out", count: 1 }] });
  await bench.tells(...statusesOf(again, "sent"));
  await until(async () => (await read(id)).state === "completed");
  // Only who was left out could be tried again; both others have been.
  expect(await answer(command(id, "retry-failed"), 202)).toMatchObject({ run: 3, total: 1 });
  await until(async () => (await read(id)).state === "completed");
  expect(await messagesOf(id, 3)).toEqual([]);

  const told = (await bench.read(topics.campaignState)).filter(({ campaign }) => campaign === id);
  const states = told.map(({ state, run }) => `${run} ${state}`);
  expect([...new Set(states)]).toEqual([
    "1 scheduled",
    "1 expanding",
    "1 processing",
    "1 completed",
    "2 expanding",
    "2 processing",
    "2 completed",
    "3 expanding",
    "3 completed",
  ]);
  expect(told.map(({ version }) => version)).toEqual(
    [...told.map(({ version }) => version)].sort((a, b) => a - b),
  );
  const audit = (await bench.read(topics.audit)).filter(({ object_id }) => object_id === id);
  expect(new Set(audit.map(({ action }) => action))).toEqual(
    new Set(["campaign.created", "campaign.started", "campaign.retried"]),
  );
});

test("it pauses by itself when too many fail, and says so", async () => {
  const id = await campaignOf(await listOf(people(60).map((to) => `${to},Mara`)), {
    template,
    stop_on: { failure_ratio: 0.2, after: 10 },
  });
  await start(id);
  await until(async () => (await read(id)).state === "processing");
  const messages = await messagesOf(id);
  await bench.tells(
    ...statusesOf(messages.slice(0, 9), "sent"),
    ...statusesOf(messages.slice(9, 12), "failed"),
  );
  await until(async () => (await read(id)).state === "paused");
  expect((await read(id)).reason).toBe("error_rate");
  expect(await answer(command(id, "resume"), 202)).toMatchObject({ state: "processing", reason: null });
});

async function standing(id: string): Promise<{ failed: number }> {
  const [row] = await withTenants(
    bench.sql,
    ["acme"],
    (tx) => tx<{ failed: number }[]>`select failed from campaign where id = ${id}`,
  );
  return row!;
}

test("what is left of the plan's day is what has not left since midnight", async () => {
  const id = await campaignOf(await listOf(people(1).map((to) => `${to},Mara`)));
  const left = async () => (await answer<Preflight>(command(id, "preflight"))).limits[0]!.left;
  const before = await left();
  const sent = (event_id: string, origin: "mesh" | "provider") =>
    messageStatus({ event_id, tenant: "acme", status: "sent", origin, occurred_at: Date.now() });
  await bench.tells(sent("left-1", "mesh"), sent("left-2", "mesh"), sent("left-2", "provider"));
  await until(async () => (await left()) === before - 2);
});
