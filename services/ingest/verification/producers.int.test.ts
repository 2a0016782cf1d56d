// The producers of examples/producers, run as they stand there, against real Kafka, registry and worker.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { partition, topics } from "@wamesh/events";
import { javaPackages, pythonPackages, stack, until } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "../src/test-bench.ts";

/** Fetched before the first test's time runs. */
const packages = {
  python: pythonPackages("examples/producers/requirements.txt"),
  java: javaPackages("examples/producers/pom.xml"),
};
const partitions = 2;
/** Some of each partition. */
const tenants = ["acme", "globex", "initech", "umbrella", "hooli"];

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  await bench.startWorker();
  const rule = {
    name: "Welcome",
    event_type: "produced",
    message: { to: { path: "data.phone" }, text: { body: "Grüße 👋" } },
  };
  expect((await bench.call("POST", "/v1/rules", rule)).status).toBe(201);
});
afterAll(() => bench.close());

const fileOf = (name: string) =>
  fileURLToPath(new URL(`../../../examples/producers/${name}`, import.meta.url));

/** Lets the program write one event per tenant, and answers where it says they lie. */
async function produce(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<Map<string, number>> {
  const child = spawn(command, args, {
    env: {
      ...process.env,
      ...env,
      BROKERS: stack().kafkaBrokers,
      REGISTRY: stack().registryUrl,
      TOPIC: bench.topic(topics.domainEvent).name,
      SOURCE: `/${args.at(-1)!.split(".").at(-1)}`,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let said = "";
  let complaint = "";
  child.stdout.on("data", (chunk) => (said += String(chunk)));
  child.stderr.on("data", (chunk) => (complaint += String(chunk)));
  for (const tenant of tenants)
    child.stdin.write(
      `${JSON.stringify({ tenant, id: "e1", type: "produced", data: { phone: "+15551234567" } })}\n`,
    );
  child.stdin.end();
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(complaint);
  const lines = said
    .trim()
    .split("\n")
    .map((line) => line.split(" "));
  return new Map(lines.map(([tenant, at]) => [tenant!, Number(at)]));
}

async function worksAsOurs(placed: Map<string, number>, source: string): Promise<void> {
  expect(placed).toEqual(new Map(tenants.map((tenant) => [tenant, partition(tenant, partitions)])));
  const outcomes = await until(
    async () => {
      const found = (await bench.read(topics.eventOutcome)).filter(
        (one) => one.source_event_source === source,
      );
      return found.length === tenants.length && found;
    },
    { what: "an outcome for each event" },
  );
  const [message] = outcomes.find((one) => one.tenant === "acme")!.message_ids;
  const messages = await bench.read(topics.outboundStandard);
  expect(messages.find((one) => one.message_id === message)?.content.text?.body).toBe("Grüße 👋");
}

test("what the TypeScript producer writes is read, in its tenant's partition, and becomes a message", async () => {
  await worksAsOurs(await produce(process.execPath, [fileOf("produce.ts")], {}), "/ts");
});

test("what the Python producer writes is read, in its tenant's partition, and becomes a message", async (context) => {
  // Told at the end of `npm test`, with this reason; where CI is set it fails the run.
  if (typeof packages.python === "string") return context.skip(packages.python);
  await worksAsOurs(
    await produce("python3", [fileOf("produce.py")], { PYTHONPATH: packages.python.path }),
    "/py",
  );
});

test("what the Java producer writes is read, in its tenant's partition, and becomes a message", async (context) => {
  if (typeof packages.java === "string") return context.skip(packages.java);
  await worksAsOurs(
    await produce("java", ["-cp", packages.java.classPath, fileOf("Produce.java")], {}),
    "/java",
  );
});
