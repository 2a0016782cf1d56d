// A foreign producer with another client, other codecs and bad records on the topic of domain events: nothing stops.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { encodeWire, partition, topics } from "@wamesh/events";
import { domainEvent, pythonPackages, stack, until } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { topicSpec } from "../../../deploy/topic-plan.ts";
import { type Bench, openBench } from "../src/test-bench.ts";

const codecs = ["zstd", "snappy", "lz4"] as const;
const program = fileURLToPath(new URL("foreign.py", import.meta.url));
const requirements = "services/ingest/verification/foreign-requirements.txt";
const home = partition("acme", 2);

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  const admin = await bench.kafka.admin();
  await admin.setConfig(
    bench.topic(topics.domainEvent).name,
    topicSpec(topics.domainEvent, "local", 1).config,
  );
  await admin.close();
  await bench.startWorker();
  const message = { to: { path: "data.phone" }, text: { body: "Hello" } };
  const rule = { name: "Foreign", event_type: "foreign", message };
  expect((await bench.call("POST", "/v1/rules", rule)).status).toBe(201);
});
afterAll(() => bench.close());

async function write(codec: string, values: readonly Buffer[], pythonPath: string): Promise<void> {
  const where = { BROKERS: stack().kafkaBrokers, TOPIC: bench.topic(topics.domainEvent).name, CODEC: codec };
  const child = spawn("python3", [program], {
    env: { ...process.env, ...where, PYTHONPATH: pythonPath },
    stdio: ["pipe", "ignore", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (chunk) => (complaint += String(chunk)));
  for (const value of values)
    child.stdin.write(
      `${JSON.stringify({ partition: home, key: "acme", value: value.toString("base64") })}\n`,
    );
  child.stdin.end();
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(complaint);
}

test("what librdkafka writes with zstd, snappy and lz4 is read, and the bad among it is dead by name", async (context) => {
  const packages = pythonPackages(requirements);
  if (typeof packages === "string") return context.skip(packages);
  for (const codec of codecs) {
    const event = domainEvent({ tenant: "acme", source: "/foreign", type: "foreign", event_id: codec });
    const garbage = bench.codec.encode(topics.domainEvent, event);
    // A length that goes on beyond the record's end.
    garbage.fill(0xff, 5);
    const stranger = encodeWire("domain-event", 2_000_000, event);
    const good = bench.codec.encode(topics.domainEvent, event);
    await write(codec, [Buffer.from("no Avro"), garbage, stranger, good], packages.path);
  }
  const outcomes = await until(
    async () => {
      const found = (await bench.read(topics.eventOutcome)).filter(
        ({ source_event_source }) => source_event_source === "/foreign",
      );
      return found.length >= codecs.length && found;
    },
    { what: "an outcome for each good event" },
  );
  expect(outcomes.map(({ source_event_id }) => source_event_id)).toEqual([...codecs]);
  const dead = await until(
    async () => {
      const letters = bench.sent.filter(({ topic }) => topic === topics.dead.name);
      return letters.length >= 3 * codecs.length && letters;
    },
    { what: "a dead letter for each bad record" },
  );
  const reasons = await Promise.all(
    dead.map(async ({ value }) => {
      const decoded = await bench.codec.decode(topics.dead, value);
      return decoded.ok ? decoded.record.reason.code : decoded.code;
    }),
  );
  const expected = codecs.flatMap(() => ["undecodable", "undecodable", "unknown_schema"]);
  expect(reasons.sort()).toEqual(expected.sort());
});
