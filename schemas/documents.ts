/** Everything below docs/data that is made from the schemas: path from there -> text. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { asyncApi } from "./asyncapi.ts";
import { topicIndex, topicPage } from "./catalogue.ts";
import { schemaChanges } from "./changes.ts";
import { topicContracts } from "./contracts.ts";
import { readClassification } from "./fields.ts";

export const documentsFolder = fileURLToPath(new URL("../docs/data/", import.meta.url));

export function documents(): Map<string, string> {
  const topics = topicContracts();
  return new Map([
    ["asyncapi.yaml", asyncApi(topics)],
    ["changes.md", schemaChanges()],
    ["topics.md", topicIndex(topics, readClassification())],
    ...topics.map((topic): [string, string] => [`${topic.name}.md`, topicPage(topic)]),
  ]);
}

/** Pages that lie there of topics that are no more. */
export function leftOver(): string[] {
  const known = documents();
  return readdirSync(documentsFolder).filter((file) => file.startsWith("wa.") && !known.has(file));
}
