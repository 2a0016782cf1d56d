/** Who waits for whom: order in a conversation, held sessions, time limits, OTPs before a broadcast, rates. */
import { createCodec, derivedUuid, eventHeaders, laneTopics, partition } from "@wamesh/events";
import { openKafka } from "@wamesh/kafka";
import { outboundMessage } from "@wamesh/testing";
import { expect, it } from "vitest";
import { api, cloudTenant, ledger, mesh, message, reaches, sim, until } from "./fixture.ts";

const template = (value: string) => ({ name: "welcome", language: "en_US", variables: [value] });

it("messages to one person leave in the order they were accepted, also when one must be tried again", async () => {
  const acme = await cloudTenant("order");
  const to = acme.person();
  await sim("POST", "/_sim/faults", { kind: "http_429", count: 1, retry_after: 1, match: { recipient: to } });
  const ids: string[] = [];
  for (let i = 0; i < 6; i++) {
    ids.push(
      (
        await api<{ id: string }>("POST", "/v1/messages", {
          key: acme.key,
          body: { to, template: template(`${i}`) },
        })
      ).id,
    );
  }
  for (const id of ids) await reaches(acme, id, ["read"], 60_000);
  const received = (await ledger([acme.sender])).sort(
    (a, b) => (a.received_at_ms ?? 0) - (b.received_at_ms ?? 0),
  );
  expect(received.map((entry) => entry.id)).toEqual(ids);
  await sim("DELETE", "/_sim/faults");
});

it("a suspended session holds its messages, others go on, and it resumes", async () => {
  const held = await cloudTenant("held");
  const other = await cloudTenant("other");
  await api("PATCH", `/v1/sessions/${held.session}`, { key: held.key, body: { status: "suspended" } });
  const send = (tenant: typeof held, more: object = {}) =>
    api<{ id: string }>("POST", "/v1/messages", {
      key: tenant.key,
      body: { to: tenant.person(), template: template("x"), ...more },
    });
  // The state reaches the dispatcher within a second; a message with a short life shows when it has.
  const expiring = await until("a message to expire in the held session", async () => {
    const { id } = await send(held, { ttl_s: 1 });
    const ended = await reaches(held, id, ["expired", "sent", "delivered", "read"], 20_000);
    return ended.status === "expired" ? id : undefined;
  });
  expect((await message(held, expiring)).reason?.code).toBe("ttl_expired");
  const waiting = await send(held);
  const passing = await send(other);
  await reaches(other, passing.id, ["read"]);
  expect((await message(held, waiting.id)).status).toBe("queued");
  await api("PATCH", `/v1/sessions/${held.session}`, { key: held.key, body: { status: "connecting" } });
  await reaches(held, waiting.id, ["read"], 60_000);
});

it("an OTP leaves before the broadcast that was there first, and nobody exceeds the rate", async () => {
  const acme = await cloudTenant("overtake", { ratePerS: 10 });
  const before = (await sim<{ rate_violations: number }>("GET", "/_sim/ledger")).rate_violations;
  await api("POST", "/v1/messages/batch", {
    key: acme.key,
    body: {
      messages: Array.from({ length: 150 }, (_, i) => ({
        to: `+1555${String(7_000_000 + i)}`,
        template: template(`${i}`),
      })),
    },
  });
  await until("the broadcast to be under way", async () =>
    (await ledger([acme.sender])).length >= 5 ? true : undefined,
  );
  const { id } = await api<{ id: string }>("POST", "/v1/messages", {
    key: acme.key,
    body: { to: acme.person(), lane: "otp", template: template("otp") },
  });
  const at = (await ledger([acme.sender])).length;
  await reaches(acme, id, ["sent", "delivered", "read"]);
  const received = (await ledger([acme.sender])).sort(
    (a, b) => (a.received_at_ms ?? 0) - (b.received_at_ms ?? 0),
  );
  // 10 a second: the time from request to claim is a few of them, the broadcast would be 145.
  expect(received.findIndex((entry) => entry.id === id) - at).toBeLessThan(10);
  expect((await sim<{ rate_violations: number }>("GET", "/_sim/ledger")).rate_violations).toBe(before);
});

it("a record that names another tenant's session is dead-lettered and never sent", async () => {
  const owner = await cloudTenant("wronged");
  const thief = await cloudTenant("thief");
  const kafka = openKafka({ brokers: mesh().kafkaBrokers, clientId: "test", log: () => {} });
  const codec = await createCodec({ registryUrl: mesh().registryUrl, topics: [laneTopics.standard] });
  const producer = kafka.producer();
  const id = derivedUuid("wrong tenant", thief.id);
  const record = outboundMessage({
    message_id: id,
    tenant: thief.id,
    session: owner.session,
    lane: "standard",
    not_after: Date.now() + 60_000,
    accepted_at: Date.now(),
    send_at: null,
  });
  await producer.send([
    {
      topic: laneTopics.standard.name,
      partition: partition(thief.id, laneTopics.standard.partitions.local),
      key: thief.id,
      value: codec.encode(laneTopics.standard, record),
      headers: eventHeaders({ id, type: "test", source: "/test", timeMs: Date.now(), tenant: thief.id }),
    },
  ]);
  const after = await api<{ id: string }>("POST", "/v1/messages", {
    key: thief.key,
    body: { to: thief.person(), template: template("x") },
  });
  await reaches(thief, after.id, ["read"]);
  await producer.close();
  expect(await ledger([owner.sender])).toEqual([]);
});
