import { type DomainEvent, topics } from "@wamesh/events";
import { unprotectedTables } from "@wamesh/store";
import { domainEvent, outgoing, until } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench, replyOf } from "../test-bench.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  await bench.startWorker();
  await bench.startOutbox();
});
afterAll(() => bench.close());

const welcome = (eventType: string, body = "Hi {{name}}") => ({
  name: "Welcome",
  event_type: eventType,
  message: {
    to: { path: "data.phone" },
    text: { body, variables: { name: { path: "data.first_name" } } },
  },
});

async function createRule(definition: object, key?: string) {
  const response = await bench.call("POST", "/v1/rules", definition, key === undefined ? {} : { key });
  expect(response.status).toBe(201);
  return replyOf(response);
}

const cloudEvent = (
  type: string,
  id: string,
  data: object = { phone: "+15551234567", first_name: "Mara" },
) => ({
  specversion: "1.0",
  source: "/crm",
  id,
  type,
  data,
});

async function tell(...events: object[]) {
  expect((await bench.call("POST", "/v1/events", events)).status).toBe(202);
}

const outcomeOf = (id: string) =>
  until(async () => {
    const outcomes = await bench.read(topics.eventOutcome);
    const found = outcomes.filter((one) => one.source_event_id === id);
    return found.length > 0 && found;
  });

const messagesOf = async (id: string) =>
  (await bench.read(topics.outboundStandard)).filter((one) => one.source_event_id === id);

/** Straight into Kafka, as a first-party producer does: keyed, but without our headers. */
async function write(record: DomainEvent, bytes?: Buffer) {
  const producer = bench.kafka.producer();
  const topic = bench.topic(topics.domainEvent);
  const { tenant } = record;
  const one = outgoing(topic, bytes ?? bench.codec.encode(topic, record), { tenant });
  await producer.send([{ ...one, headers: {} }]);
  await producer.close();
}

test("an event told after the rule's 201 becomes its message, every time", async () => {
  for (let i = 0; i < 5; i++) {
    const rule = await createRule(welcome(`fresh_${i}`));
    await tell(cloudEvent(`fresh_${i}`, `fresh-${i}`));
    const [outcome] = await outcomeOf(`fresh-${i}`);
    expect(outcome).toMatchObject({ outcome: "messages", rule: rule.id, rule_version: 1 });
    const messages = await messagesOf(`fresh-${i}`);
    expect(messages.map((one) => one.message_id)).toEqual(outcome?.message_ids);
    expect(messages[0]?.content.text?.body).toBe("Hi Mara");
  }
});

test("an event written straight into Kafka works the same", async () => {
  await createRule(welcome("direct"));
  await write(domainEvent({ tenant: "acme", type: "direct", event_id: "direct-1" }));
  expect(await outcomeOf("direct-1")).toMatchObject([{ outcome: "messages" }]);
  expect(await messagesOf("direct-1")).toHaveLength(1);
});

test("the same event twice has the same message id and the same outcome id", async () => {
  await createRule(welcome("twice"));
  await tell(cloudEvent("twice", "twice-1"));
  await tell(cloudEvent("twice", "twice-1"));
  await until(async () => (await outcomeOf("twice-1")).length === 2);
  const messages = await messagesOf("twice-1");
  expect(messages).toHaveLength(2);
  expect(new Set(messages.map((one) => one.message_id)).size).toBe(1);
  expect(new Set(messages.map((one) => one.fingerprint)).size).toBe(1);
  expect(new Set((await outcomeOf("twice-1")).map((one) => one.event_id)).size).toBe(1);
});

test("bad data never stops the partition: each becomes an outcome or a dead letter, and the next event its message", async () => {
  await createRule(welcome("mixed"));
  await write(domainEvent(), Buffer.from("not avro"));
  await write(domainEvent({ tenant: "acme", type: "mixed", event_id: "bad-json", data: "{" }));
  await write(domainEvent({ tenant: "acme", type: "mixed", event_id: "", source: "/empty" }));
  await write(domainEvent({ tenant: "acme", type: "mixed\0", event_id: "zero" }));
  await write(domainEvent({ tenant: "acme", type: "mixed", event_id: "far", occurred_at: 8.64e15 }));
  await tell(cloudEvent("mixed", "no-name", { phone: "+15551234567" }), cloudEvent("unknown", "no-rule"));
  await tell(cloudEvent("mixed", "good"));
  expect(await outcomeOf("good")).toMatchObject([{ outcome: "messages" }]);
  expect(await outcomeOf("bad-json")).toMatchObject([
    { outcome: "failed", reason: { code: "invalid_record" } },
  ]);
  expect(await outcomeOf("no-name")).toMatchObject([
    { outcome: "failed", reason: { code: "variable_missing" } },
  ]);
  expect(await outcomeOf("no-rule")).toMatchObject([{ outcome: "no_rule", rule: null }]);
  // Not read as a table: what names no tenant has no key.
  const written = await until(() => {
    const found = bench.sent.filter((one) => one.topic === topics.dead.name);
    return found.length === 5 && found;
  });
  const dead = await Promise.all(
    written.map(async ({ value }) => {
      const decoded = await bench.codec.decode(topics.dead, value);
      if (!decoded.ok) throw new Error(decoded.detail);
      return decoded.record;
    }),
  );
  expect(dead.map((one) => one.reason.code).sort()).toEqual([
    ...Array(4).fill("invalid_record"),
    "undecodable",
  ]);
  const undecodable = dead.find((one) => one.reason.code === "undecodable");
  expect(Buffer.from(undecodable?.origin_value ?? []).toString()).toBe("not avro");
});

test("a changed rule holds for the next event, a deleted one no more", async () => {
  const rule = await createRule(welcome("changing"));
  const changed = await bench.call("PUT", `/v1/rules/${rule.id}`, welcome("changing", "Ho {{name}}"));
  expect(await replyOf(changed)).toMatchObject({ id: rule.id, version: 2 });
  await tell(cloudEvent("changing", "changed-1"));
  expect(await outcomeOf("changed-1")).toMatchObject([{ rule_version: 2 }]);
  expect((await messagesOf("changed-1"))[0]?.content.text?.body).toBe("Ho Mara");

  expect((await bench.call("DELETE", `/v1/rules/${rule.id}`)).status).toBe(204);
  expect((await bench.call("GET", `/v1/rules/${rule.id}`)).status).toBe(404);
  await tell(cloudEvent("changing", "changed-2"));
  expect(await outcomeOf("changed-2")).toMatchObject([{ outcome: "no_rule" }]);
});

test("a rule is its tenant's: nobody else reads, changes, lists, deletes or triggers it", async () => {
  const rule = await createRule(welcome("private"));
  const as = { key: "globex000000" };
  expect((await bench.call("GET", `/v1/rules/${rule.id}`, undefined, as)).status).toBe(404);
  expect((await bench.call("PUT", `/v1/rules/${rule.id}`, welcome("private"), as)).status).toBe(404);
  expect((await bench.call("DELETE", `/v1/rules/${rule.id}`, undefined, as)).status).toBe(404);
  expect(await replyOf(bench.call("GET", "/v1/rules", undefined, as))).toEqual({
    items: [],
    next_cursor: null,
  });
  await bench.call("POST", "/v1/events", cloudEvent("private", "private-1"), as);
  expect(await outcomeOf("private-1")).toMatchObject([{ tenant: "globex", outcome: "no_rule" }]);
  expect((await bench.call("GET", `/v1/rules/${rule.id}`)).status).toBe(200);
});

test("without a tenant's context the tables look empty", async () => {
  await createRule(welcome("walled"));
  expect(await bench.sql`select 1 from rule`).toHaveLength(0);
  expect(await bench.sql`select 1 from rule_version`).toHaveLength(0);
  expect(await unprotectedTables(bench.sql, "ingest")).toEqual([]);
});

test("rules are listed page by page, each once", async () => {
  for (let i = 0; i < 3; i++) await createRule(welcome(`page_${i}`));
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? "?limit=2" : `?limit=2&cursor=${cursor}`;
    const { items, next_cursor } = await replyOf(bench.call("GET", `/v1/rules${query}`));
    seen.push(...items.map((one: { id: string }) => one.id));
    cursor = next_cursor;
  } while (cursor !== null);
  expect(seen).toEqual([...new Set(seen)].sort());
  expect(seen.length).toBeGreaterThanOrEqual(3);
});

test("every change of a rule is audited, in order, and says who made it", async () => {
  const rule = await createRule(welcome("audited"));
  await bench.call("PUT", `/v1/rules/${rule.id}`, welcome("audited"));
  await bench.call("DELETE", `/v1/rules/${rule.id}`);
  const entries = await until(async () => {
    const found = (await bench.read(topics.audit)).filter((one) => one.object_id === rule.id);
    return found.length >= 3 && found;
  });
  expect(entries.map((one) => one.action)).toEqual(["rule.created", "rule.changed", "rule.deleted"]);
  expect(entries[0]).toMatchObject({ tenant: "acme", service: "ingest", actor_key: "acme00000000" });
});
