/**
 * Writes domain events into Kafka: one JSON object {"tenant", "id", "type", "data"} per line of standard input.
 * npm install kafkajs @kafkajs/confluent-schema-registry; BROKERS and REGISTRY say where; TOPIC and SOURCE have defaults.
 */
import { createInterface } from "node:readline";
import { SchemaRegistry } from "@kafkajs/confluent-schema-registry";
// biome-ignore lint/style/noRestrictedImports: a program outside of wamesh, with a client of its own.
import { Kafka, Partitioners } from "kafkajs";

const { BROKERS = "", REGISTRY = "", TOPIC = "wa.domain.event.v1", SOURCE = "/crm" } = process.env;

// The schema is registered when wamesh is deployed. It is looked up and never registered from here.
const registry = new SchemaRegistry({ host: REGISTRY });
const schemaId = await registry.getLatestSchemaId("wa.domain.event.v1-value");

const producer = new Kafka({ brokers: BROKERS.split(","), logLevel: 1 }).producer({
  // murmur2, as Java's. LegacyPartitioner would lay tenants elsewhere.
  createPartitioner: Partitioners.DefaultPartitioner,
  idempotent: true,
});
await producer.connect();

for await (const line of createInterface({ input: process.stdin })) {
  const { tenant, id, type, data } = JSON.parse(line);
  const record = {
    // Unique per tenant and source: the same id is the same event.
    event_id: id,
    tenant,
    source: SOURCE,
    type,
    subject: null,
    occurred_at: Date.now(),
    // A JSON object, as text.
    data: JSON.stringify(data),
    received_at: null,
  };
  const value = await registry.encode(schemaId, record);
  // The key is the tenant and nothing else: all of a tenant's events lie in one partition, in order.
  const [written] = await producer.send({ topic: TOPIC, acks: -1, messages: [{ key: tenant, value }] });
  console.log(tenant, written?.partition, written?.baseOffset);
}
await producer.disconnect();
