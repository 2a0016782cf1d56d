/** The same thing twice is one thing: requests, Kafka ranges, callbacks. */
import { openKafka } from "@wamesh/kafka";
import { expect, it } from "vitest";
import { api, cloudTenant, control, http, ledger, mesh, reaches, sim, type TestTenant } from "./fixture.ts";

const template = { name: "welcome", language: "en_US", variables: ["Mara"] };

async function sendMany(tenant: TestTenant, count: number): Promise<string[]> {
  const answer = await api<{ results: { id: string }[] }>("POST", "/v1/messages/batch", {
    key: tenant.key,
    headers: { "idempotency-key": `many-${tenant.id}` },
    body: { messages: Array.from({ length: count }, () => ({ to: tenant.person(), template })) },
  });
  return answer.results.map((result) => result.id);
}

it("a repeated request with the same key is answered the same and sent once; another body is refused", async () => {
  const acme = await cloudTenant("twice-key");
  const body = { to: acme.person(), template };
  const headers = { "idempotency-key": "order-88" };
  const first = await api<{ id: string }>("POST", "/v1/messages", { key: acme.key, headers, body });
  const second = await api<{ id: string }>("POST", "/v1/messages", { key: acme.key, headers, body });
  expect(second.id).toBe(first.id);
  const other = await http("POST", `${mesh().origin}/v1/messages`, {
    key: acme.key,
    headers,
    body: { ...body, template: { ...template, variables: ["Ada"] } },
  });
  expect(other).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } });
  await reaches(acme, first.id, ["read"]);
  expect(await ledger([acme.sender])).toHaveLength(1);
});

it("reading the outbound topics again from the beginning sends nothing again", async () => {
  const acme = await cloudTenant("twice-range");
  const ids = await sendMany(acme, 40);
  for (const id of ids) await reaches(acme, id, ["read"]);

  await control("services", "dispatcher", "stop");
  const kafka = openKafka({ brokers: mesh().kafkaBrokers, clientId: "test", log: () => {} });
  const admin = await kafka.admin();
  try {
    await admin.resetOffsets("wamesh-dispatcher", [
      "wa.outbound.otp.v1",
      "wa.outbound.standard.v1",
      "wa.outbound.bulk.v1",
    ]);
  } finally {
    await admin.close();
  }
  await control("services", "dispatcher", "start");

  // A message sent afterwards in the same lane proves that the range was passed.
  const [after = ""] = (
    await api<{ results: { id: string }[] }>("POST", "/v1/messages/batch", {
      key: acme.key,
      body: { messages: [{ to: acme.person(), template }] },
    })
  ).results.map((r) => r.id);
  await reaches(acme, after, ["read"], 60_000);
  const received = await ledger([acme.sender]);
  expect(received).toHaveLength(41);
  expect(received.every((entry) => entry.accepted === 1)).toBe(true);
});

it("duplicated, reordered and early callbacks change nothing", async () => {
  const acme = await cloudTenant("twice-callbacks");
  for (const kind of ["duplicate_callbacks", "reorder_callbacks", "early_callbacks"]) {
    await sim("POST", "/_sim/faults", { kind, match: { phone_number_id: acme.sender } });
  }
  const ids = await sendMany(acme, 60);
  for (const id of ids) expect((await reaches(acme, id, ["read"])).reason).toBeNull();
  const counters = await api<Record<string, number>>("GET", "/v1/status/counters", { key: acme.key });
  expect(counters).toMatchObject({
    accepted: 60,
    sent: 60,
    delivered: 60,
    read: 60,
    failed: 0,
    unconfirmed: 0,
  });
  await sim("DELETE", "/_sim/faults");
});
