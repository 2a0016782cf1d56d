/** What a reader of a topic may rely on: topics.json, the latest schema, and `<record>/contract.json`, together. */
import { readFileSync } from "node:fs";
import { type FieldRow, fieldsOf, readClassification } from "./fields.ts";
import { type AvroNamed, readSchema, root, versionsOf } from "./read.ts";

export type CatalogueTopic = {
  name: string;
  record: string;
  key: string;
  partitions: { production: number; local: number };
  policy: "delete" | "compact";
  retention_days?: number;
  producers: string[];
  consumers: string[];
};

/** Sentences for readers: which records are the same one, how several become a state, what order they come in, what comes late. */
export type Contract = {
  deduplicate: string;
  merge: string;
  order: string;
  corrections: string;
  /** Why each version but the first came to be, and with which release. */
  changes: { version: number; release: string; why: string }[];
  /** A record in Avro's JSON spelling, unions unwrapped. */
  example: Record<string, unknown>;
};

export type TopicContract = CatalogueTopic &
  Contract & { version: number; schema: AvroNamed; fields: FieldRow[] };

export function readContract(record: string): Contract {
  return JSON.parse(readFileSync(`${root}${record}/contract.json`, "utf8"));
}

export function topicContracts(): TopicContract[] {
  const { topics } = JSON.parse(readFileSync(`${root}topics.json`, "utf8")) as { topics: CatalogueTopic[] };
  const classification = readClassification();
  return topics.map((topic) => {
    const version = versionsOf(topic.record).at(-1)!;
    const schema = readSchema(topic.record, version);
    return {
      ...topic,
      ...readContract(topic.record),
      version,
      schema,
      fields: fieldsOf(schema, classification),
    };
  });
}

/** What is done with records that grow old. */
export function retentionOf({ policy, retention_days: days }: CatalogueTopic): string {
  return policy === "compact" ? "compacted: the newest record of each key stays" : `${days} days`;
}
