/** WasenderApi answers with a number, and its callbacks name messages otherwise: nothing is lost when some of them are. */
import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { expect, it } from "vitest";
import {
  api,
  control,
  http,
  ledger,
  mesh,
  reaches,
  sim,
  type TestTenant,
  wasenderTenant,
} from "./fixture.ts";

async function send(tenant: TestTenant, fault: object | null = null, more: object = {}): Promise<string> {
  const to = tenant.person();
  if (fault !== null) await sim("POST", "/_sim/faults", { count: 1, match: { recipient: to }, ...fault });
  const text = `Your parcel left #${randomBytes(6).toString("hex")}`;
  const { id } = await api<{ id: string }>("POST", "/v1/messages", {
    key: tenant.key,
    body: { to, text: { body: text }, ...more },
  });
  return id;
}

/** From now on this session's events about its own messages are lost; receipts are told. */
const loseOwnMessages = (tenant: TestTenant) =>
  sim("PUT", `/_sim/wasender/sessions/${tenant.sender}`, { webhook_events: ["messages.update"] });

it("receipts of a message whose own event was lost are applied once its key is looked up, also by the next process", async () => {
  const acme = await wasenderTenant("wasender-lost");
  await loseOwnMessages(acme);
  const id = await send(acme);
  await reaches(acme, id, ["sent"]);
  await control("services", "dispatcher", "kill");
  await control("services", "dispatcher", "start");
  const read = await reaches(acme, id, ["read"], 90_000);
  expect(read.timeline.map((step) => step.status)).toEqual(expect.arrayContaining(["delivered", "read"]));
  expect(await ledger([acme.sender])).toMatchObject([{ accepted: 1 }]);
});

// The others wait most of their time, each with a tenant of its own.
it.concurrent("two equal texts to one person keep the keys that WhatsApp gave them, and both are read", async () => {
  const acme = await wasenderTenant("wasender-equal");
  const [to, text] = [acme.person(), { body: "The same words" }];
  const ids: string[] = [];
  for (let turn = 0; turn < 2; turn++)
    ids.push((await api<{ id: string }>("POST", "/v1/messages", { key: acme.key, body: { to, text } })).id);
  for (const id of ids) await reaches(acme, id, ["read"]);
  const sql = postgres(mesh().postgresUrl, { max: 1, connection: { search_path: "webhooks" } });
  const known =
    await sql`select message_id, provider_id, provider_key from reference where session = ${acme.session}`;
  await sql.end();
  const url = `${mesh().simulator}/wasender/api`;
  const session = await http(`GET`, `${url}/whatsapp-sessions/${acme.sender}`, { key: `pat-${acme.id}` });
  const { api_key: key } = session.body.data as { api_key: string };
  for (const id of ids) {
    const { provider_id, provider_key } = known.find((row) => row.message_id === id)!;
    const info = await http("GET", `${url}/messages/${provider_id}/info`, { key });
    expect(info.body.data).toMatchObject({ id: provider_key });
  }
});

it.concurrent("a send without an answer is settled by its own-message event, and counts once", async () => {
  const acme = await wasenderTenant("wasender-event");
  const id = await send(acme, { kind: "reset_but_sent" });
  const read = await reaches(acme, id, ["read"], 60_000);
  expect(read.timeline.map((step) => step.status)).toContain("in_doubt");
  expect(await ledger([acme.sender])).toMatchObject([{ accepted: 1 }]);
});

it.concurrent("one whose event was lost too is found in the account's message log", async () => {
  const acme = await wasenderTenant("wasender-log", { withAccountToken: true });
  await loseOwnMessages(acme);
  const id = await send(acme, { kind: "timeout_but_sent" });
  const read = await reaches(acme, id, ["read"], 120_000);
  expect(read.timeline.map((step) => step.status)).toContain("in_doubt");
  expect(await ledger([acme.sender])).toMatchObject([{ accepted: 1 }]);
});

it.concurrent.each([
  ["left, but nothing tells so", { kind: "reset_but_sent" }, {}, 1],
  [
    "never left, though the log could be asked",
    { kind: "http_5xx", sent: false },
    { withAccountToken: true },
    0,
  ],
])("one that %s ends unconfirmed, and is not sent again", async (_what, fault, options, accepted) => {
  const acme = await wasenderTenant("wasender-nothing", options);
  await loseOwnMessages(acme);
  const id = await send(acme, fault);
  const ended = await reaches(acme, id, ["unconfirmed"], 60_000);
  expect(ended.reason?.code).toBe("outcome_unknown");
  expect((await ledger([acme.sender])).map((entry) => entry.accepted)).toEqual([accepted]);
});

it.concurrent("a failure that names no message is found out at once", async () => {
  const acme = await wasenderTenant("wasender-failed");
  const good = await send(acme);
  const id = await send(acme, { kind: "failed_later" });
  // Before the first look-up would be due.
  const failed = await reaches(acme, id, ["failed"], 25_000);
  expect(failed.reason?.code).toBe("provider_refused");
  await reaches(acme, good, ["read"]);
});
