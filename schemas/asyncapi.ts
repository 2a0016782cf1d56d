/** The topics as an AsyncAPI 3 document. Pure. */
import { stringify } from "yaml";
import type { TopicContract } from "./contracts.ts";

const dayMs = 86_400_000;
const bindingVersion = "0.5.0";
const outside = "core-application";

/** One message per record; lanes and the like share it. Payloads are the Avro schemas, whole. */
export function asyncApi(topics: readonly TopicContract[]): string {
  const records = new Map(topics.map((topic) => [topic.record, topic]));
  const document = {
    asyncapi: "3.0.0",
    info: {
      title: "wamesh topics",
      version: "1.0.0",
      description:
        "Topics of a wamesh mesh, as wamesh writes (send) and reads (receive) them. Made by `npm run schemas`; " +
        "the same for people is in topics.md beside it.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    defaultContentType: "application/avro",
    channels: Object.fromEntries(topics.map((topic) => [topic.name, channel(topic)])),
    operations: Object.fromEntries(topics.flatMap(operations)),
    components: {
      messages: Object.fromEntries([...records].map(([record, topic]) => [record, message(topic)])),
      schemas: { headers },
    },
  };
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}

function channel(topic: TopicContract) {
  const { name, record, schema, partitions, policy, retention_days: days } = topic;
  return {
    address: name,
    summary: schema.doc,
    messages: { [record]: { $ref: `#/components/messages/${record}` } },
    bindings: {
      kafka: {
        partitions: partitions.production,
        topicConfiguration: {
          "cleanup.policy": [policy],
          ...(days !== undefined && { "retention.ms": days * dayMs }),
        },
        bindingVersion,
      },
    },
    "x-key": topic.key,
    "x-producers": topic.producers,
    "x-consumers": topic.consumers,
    "x-deduplicate": topic.deduplicate,
    "x-merge": topic.merge,
    "x-order": topic.order,
    "x-corrections": topic.corrections,
  };
}

function operations(topic: TopicContract) {
  const to = {
    channel: { $ref: `#/channels/${topic.name}` },
    messages: [{ $ref: `#/channels/${topic.name}/messages/${topic.record}` }],
  };
  return [
    ...(topic.producers.some((one) => one !== outside)
      ? [[`send.${topic.name}`, { action: "send", ...to }] as const]
      : []),
    ...(topic.producers.includes(outside)
      ? [[`receive.${topic.name}`, { action: "receive", ...to }] as const]
      : []),
  ];
}

function message({ record, schema, version, example, fields }: TopicContract) {
  return {
    name: record,
    title: schema.name,
    summary: schema.doc,
    contentType: "application/avro",
    headers: { $ref: "#/components/schemas/headers" },
    payload: { schemaFormat: "application/vnd.apache.avro+json;version=1.9.0", schema },
    bindings: {
      kafka: {
        key: { type: "string" },
        schemaIdLocation: "payload",
        schemaIdPayloadEncoding: "confluent",
        schemaLookupStrategy: "TopicNameStrategy",
        bindingVersion,
      },
    },
    examples: [{ payload: example }],
    "x-schema-version": version,
    "x-classes": Object.fromEntries(
      fields.flatMap((row) => (row.class === null ? [] : [[row.path, row.class]])),
    ),
  };
}

const text = (description: string) => ({ type: "string", description });

/** packages/events writes them; foreign producers of domain events need none. */
const headers = {
  type: "object",
  description: "CloudEvents 1.0, binary mode, and two of wamesh's own.",
  properties: {
    ce_specversion: { type: "string", const: "1.0" },
    ce_id: text("Id of the event; the same as the record's own id where that is one field."),
    ce_type: text("For example wamesh.message.status."),
    ce_source: text("The service, for example /wamesh/dispatcher."),
    ce_time: { type: "string", format: "date-time" },
    ce_subject: text("What it is about, where there is one."),
    "content-type": { type: "string", const: "application/avro" },
    tenant: text("Tenant id, as in key and record."),
    status: text("On statuses: which, so that a reader can skip without decoding."),
    traceparent: text("W3C trace context, where the record is part of a trace."),
    tracestate: text("W3C trace context."),
  },
};
