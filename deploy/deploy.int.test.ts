import { allTopics, schemaText, topics } from "@wamesh/events";
import { openKafka } from "@wamesh/kafka";
import { deployTopics, stack } from "@wamesh/testing";
import { beforeAll, expect, test } from "vitest";
import { registerSchemas } from "./schemas.ts";
import { ensureTopics } from "./topics.ts";

beforeAll(() => deployTopics());

const kafka = () => openKafka({ brokers: stack().kafkaBrokers, clientId: "test-deploy", log: () => {} });

test("a second deployment changes nothing", async () => {
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  await ensureTopics({ kafka: kafka(), profile: "local", replicationFactor: 1, log });
  expect(lines).toEqual([`${allTopics.length} topics are as they should be`]);
  await registerSchemas({ registryUrl: stack().registryUrl, log });
});

test("the number of partitions is never changed, and the error names every topic", async () => {
  const other = ensureTopics({ kafka: kafka(), profile: "production", replicationFactor: 1, log: () => {} });
  await expect(other).rejects.toThrow(/has 8 partitions, this profile asks for 64(.|\n)*has 8 partitions/);
});

test("the registry refuses a schema that old readers could not read", async () => {
  const subject = topics.messageStatus.subject;
  const config = await fetch(`${stack().registryUrl}/config/${subject}`);
  expect(await config.json()).toEqual({ compatibilityLevel: "FULL_TRANSITIVE" });
  const schema = JSON.parse(schemaText("message-status")) as { fields: object[] };
  schema.fields.push({ name: "no_default", type: "string" });
  const answer = await fetch(`${stack().registryUrl}/subjects/${subject}/versions`, {
    method: "POST",
    headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
    body: JSON.stringify({ schemaType: "AVRO", schema: JSON.stringify(schema) }),
  });
  expect(answer.status).toBe(409);
});
