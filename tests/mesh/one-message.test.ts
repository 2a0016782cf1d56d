/** One message end to end, through each provider, judged by the simulator's ledger and the tenant's own receiver. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { api, cloudTenant, http, ledger, mesh, reaches, sim, until, wasenderTenant } from "./fixture.ts";

type Webhook = { path: string; type: string; data: Record<string, unknown> };
const webhooks: Webhook[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const { type, data } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Omit<Webhook, "path">;
    webhooks.push({ path: request.url ?? "", type, data });
    response.writeHead(204).end();
  });
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

const receiver = (name: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`;

it("Cloud API: a domain event becomes one message, is read, and the tenant hears of each step", async () => {
  const acme = await cloudTenant("one-cloud");
  await api("POST", "/v1/endpoints", {
    key: acme.key,
    body: { url: receiver(acme.id), events: ["message.sent", "message.delivered", "message.read"] },
  });
  const rule = await api<{ id: string; version: number }>("POST", "/v1/rules", {
    key: acme.key,
    body: {
      name: "Welcome",
      event_type: "user_onboarded",
      message: {
        to: { path: "data.phone" },
        template: { name: "welcome", language: "en_US", variables: [{ path: "data.first_name" }] },
      },
    },
  });
  const person = acme.person();
  await api("POST", "/v1/events", {
    key: acme.key,
    headers: { "content-type": "application/cloudevents+json" },
    body: {
      specversion: "1.0",
      id: "evt-1",
      source: "/test",
      type: "user_onboarded",
      data: { phone: person, first_name: "Mara" },
    },
  });

  const outcome = await until("the event's outcome", async () => {
    const url = `${mesh().origin}/v1/status/events/evt-1?source=/test`;
    const { body } = await http<{ outcomes?: { outcome: string; rule: string; message_ids: string[] }[] }>(
      "GET",
      url,
      { key: acme.key },
    );
    return body.outcomes?.[0];
  });
  expect(outcome).toMatchObject({ outcome: "messages", rule: rule.id });
  const id = outcome.message_ids[0] ?? "";
  const read = await reaches(acme, id, ["read"]);
  expect(read.timeline.map((step) => step.status)).toEqual(
    expect.arrayContaining(["queued", "sent", "delivered", "read"]),
  );

  const received = await ledger([acme.sender]);
  expect(received).toHaveLength(1);
  expect(received[0]).toMatchObject({ id, accepted: 1, recipient: person.slice(1) });
  expect(rule.version).toBe(1);

  const mine = await until("three webhooks", async () => {
    const found = webhooks.filter((hook) => hook.path === `/${acme.id}`);
    return found.length >= 3 ? found : undefined;
  });
  expect(mine.map((hook) => hook.type).sort()).toEqual(["message.delivered", "message.read", "message.sent"]);
  expect(mine.every((hook) => hook.data.tenant === acme.id && hook.data.message_id === id)).toBe(true);
});

it("WasenderApi: a message is matched to its receipts by its own-message event, and read", async () => {
  const globex = await wasenderTenant("one-wasender");
  const { id } = await api<{ id: string }>("POST", "/v1/messages", {
    key: globex.key,
    body: { to: globex.person(), text: { body: "Your parcel left the depot." } },
  });
  const read = await reaches(globex, id, ["read"]);
  expect(read.timeline.map((step) => step.status)).toEqual(
    expect.arrayContaining(["queued", "sent", "delivered", "read"]),
  );
  expect(await ledger([globex.sender])).toHaveLength(1);
});

it("two WasenderApi messages to one person keep their own receipts", async () => {
  const globex = await wasenderTenant("two-wasender");
  const person = globex.person();
  const ids: string[] = [];
  for (const body of ["First.", "Second."]) {
    ids.push(
      (
        await api<{ id: string }>("POST", "/v1/messages", {
          key: globex.key,
          body: { to: person, text: { body } },
        })
      ).id,
    );
  }
  for (const id of ids) await reaches(globex, id, ["read"]);
  const counters = await api<Record<string, number>>("GET", "/v1/status/counters", { key: globex.key });
  expect(counters).toMatchObject({ accepted: 2, sent: 2, delivered: 2, read: 2 });
});

it("a reply reaches the tenant that owns the number, and nobody else", async () => {
  const acme = await cloudTenant("reply-acme");
  const other = await cloudTenant("reply-other");
  for (const tenant of [acme, other]) {
    await api("POST", "/v1/endpoints", {
      key: tenant.key,
      body: { url: receiver(tenant.id), events: ["message.inbound"] },
    });
  }
  await sim("POST", "/_sim/inbound", {
    provider: "cloud_api",
    phone_number_id: acme.sender,
    from: acme.person(),
    text: "Thanks!",
  });
  const hook = await until("the reply's webhook", async () =>
    webhooks.find((one) => one.path === `/${acme.id}`),
  );
  expect(hook).toMatchObject({ type: "message.inbound", data: { tenant: acme.id, text: "Thanks!" } });
  expect(webhooks.filter((one) => one.path === `/${other.id}`)).toEqual([]);
});
