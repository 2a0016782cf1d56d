/** What a person decides over one message: cancelled before it leaves, or resolved when its outcome is unknown. */
import { afterEach, expect, it } from "vitest";
import {
  api,
  cloudTenant,
  control,
  http,
  ledger,
  mesh,
  message,
  newTenant,
  reaches,
  sim,
  type TestTenant,
} from "./fixture.ts";

const template = { name: "welcome", language: "en_US", variables: ["Mara"] };
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const anHour = 3_600_000;

type Decided = { id: string; command: { id: string; kind: string } };

async function send(tenant: TestTenant, more: object = {}): Promise<string> {
  const body = { to: tenant.person(), template, ...more };
  return (await api<{ id: string }>("POST", "/v1/messages", { key: tenant.key, body })).id;
}

/** Nobody answers its send, and it did not leave. */
async function sendIntoDoubt(tenant: TestTenant): Promise<string> {
  const to = tenant.person();
  await sim("POST", "/_sim/faults", { kind: "http_5xx", sent: false, count: 1, match: { recipient: to } });
  return send(tenant, { to });
}

function cancel(tenant: { key: string }, id: string): Promise<Decided> {
  return api<Decided>("DELETE", `/v1/messages/${id}`, { key: tenant.key });
}

function resolve(tenant: { key: string }, id: string, decision: string): Promise<Decided> {
  return api<Decided>("POST", `/v1/messages/${id}/resolution`, { key: tenant.key, body: { decision } });
}

/** What the provider has seen of a message. */
function seen(id: string): Promise<{ requests: number; accepted: number; claim: number }> {
  return sim("GET", `/_sim/ledger/messages/${id}`);
}

/** All that was decided before has been looked at: decisions of a tenant are read in order. */
async function passed(tenant: TestTenant): Promise<void> {
  const marker = await send(tenant, { send_at: inMs(anHour) });
  await reaches(tenant, marker, ["queued"]);
  await cancel(tenant, marker);
  await reaches(tenant, marker, ["cancelled"]);
}

afterEach(() => sim("DELETE", "/_sim/faults"));

it("a message that waits is cancelled within seconds, and never reaches the provider", async () => {
  const acme = await cloudTenant("control-cancel");
  const id = await send(acme, { send_at: inMs(anHour) });
  await reaches(acme, id, ["queued"]);
  const answer = await http<Decided>("DELETE", `${mesh().origin}/v1/messages/${id}`, { key: acme.key });
  expect(answer).toMatchObject({ status: 202, body: { id, command: { kind: "cancel" } } });
  expect(answer.headers.get("location")).toBe(`/v1/status/messages/${id}`);
  const ended = await reaches(acme, id, ["cancelled"], 5_000);
  expect(ended.reason?.code).toBe("cancelled");
  expect((await cancel(acme, id)).command.id).toBe(answer.body.command.id);
  await passed(acme);
  expect((await message(acme, id)).timeline.map(({ status }) => status)).toEqual([
    "accepted",
    "queued",
    "cancelled",
  ]);
  expect(await ledger([acme.sender])).toEqual([]);
});

it("a cancel is not lost while no dispatcher is there", async () => {
  const acme = await cloudTenant("control-away");
  const id = await send(acme, { send_at: inMs(anHour) });
  await reaches(acme, id, ["queued"]);
  await control("services", "dispatcher", "kill");
  await cancel(acme, id);
  await control("services", "dispatcher", "start");
  await reaches(acme, id, ["cancelled"], 60_000);
});

it("nobody decides over another tenant's message: the answer is the same, and nothing happens", async () => {
  const acme = await cloudTenant("control-owner");
  const stranger = await newTenant("control-other");
  const id = await send(acme, { send_at: inMs(6_000) });
  const unknown = await sendIntoDoubt(acme);
  await reaches(acme, unknown, ["in_doubt", "unconfirmed"]);
  for (const one of [id, unknown])
    expect(await http("DELETE", `${mesh().origin}/v1/messages/${one}`, { key: stranger.key })).toMatchObject({
      status: 202,
      body: { id: one },
    });
  await resolve(stranger, unknown, "resend");
  await resolve(stranger, unknown, "accept_unknown");
  await reaches(acme, id, ["read"], 60_000);
  const ended = await reaches(acme, unknown, ["unconfirmed"], 60_000);
  expect(ended.reason?.code).toBe("outcome_unknown");
  expect(await seen(unknown)).toMatchObject({ requests: 1, accepted: 0 });
});

it("a doubt is sent again by decision, at once and once", async () => {
  const acme = await cloudTenant("control-doubt");
  const id = await sendIntoDoubt(acme);
  await reaches(acme, id, ["in_doubt"], 10_000);
  const [first, again] = await Promise.all([resolve(acme, id, "resend"), resolve(acme, id, "resend")]);
  expect(again.command.id).toBe(first.command.id);
  const { timeline } = await reaches(acme, id, ["read"], 60_000);
  expect(timeline.some(({ status }) => status === "unconfirmed")).toBe(false);
  await passed(acme);
  expect(await seen(id)).toMatchObject({ requests: 2, accepted: 1, claim: 2 });
});

it("a message that ended unconfirmed is sent again by decision", async () => {
  const acme = await cloudTenant("control-resend");
  const id = await sendIntoDoubt(acme);
  await reaches(acme, id, ["unconfirmed"], 60_000);
  await resolve(acme, id, "resend");
  const { timeline } = await reaches(acme, id, ["read"], 60_000);
  expect(timeline.map(({ status, claim }) => `${status} ${claim}`)).toEqual(
    expect.arrayContaining(["in_doubt 1", "unconfirmed 1", "queued 2", "sent 2"]),
  );
  expect(await seen(id)).toMatchObject({ requests: 2, accepted: 1, claim: 2 });
});

it("a doubt that is left unknown ends at once, and is not sent again by a later decision", async () => {
  const acme = await cloudTenant("control-accept");
  const id = await sendIntoDoubt(acme);
  await reaches(acme, id, ["in_doubt"], 10_000);
  await resolve(acme, id, "accept_unknown");
  const ended = await reaches(acme, id, ["unconfirmed"], 5_000);
  expect(ended.reason?.code).toBe("unknown_accepted");
  await passed(acme);
  await resolve(acme, id, "resend");
  await passed(acme);
  expect((await message(acme, id)).status).toBe("unconfirmed");
  expect(await seen(id)).toMatchObject({ requests: 1, accepted: 0 });
});
