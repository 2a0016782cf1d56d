/** The topics as pages for people: one each, and an index. Pure. */
import { retentionOf, type TopicContract } from "./contracts.ts";
import type { Classification } from "./fields.ts";

const made = "<!-- Made by `npm run schemas` from schemas/. Do not edit. -->";

export function topicPage(topic: TopicContract): string {
  const { name, record, schema, version, key, partitions } = topic;
  const facts: [string, string][] = [
    ["record", `[${schema.name}](../../schemas/${record}/v${version}.avsc), version ${version}`],
    ["subject at the registry", `\`${name}-value\``],
    ["key", `\`${key}\``],
    ["partitions", `${partitions.production} (${partitions.local} locally), for life`],
    ["placed by", "the tenant: murmur2; accounts of a large tenant over up to 8 partitions beside it"],
    ["kept", retentionOf(topic)],
    ["written by", topic.producers.join(", ")],
    ["read by", topic.consumers.join(", ")],
    ["the same record twice", topic.deduplicate],
    ["several records, one state", topic.merge],
    ["order", topic.order],
    ["late corrections", topic.corrections],
  ];
  const rows = topic.fields.map(({ path, type, unit, class: of, doc }) => [
    `\`${path}\``,
    type,
    unit,
    of ?? "",
    doc,
  ]);
  return [
    made,
    `# ${name}`,
    `${schema.doc}`,
    table(["what", "is"], facts),
    "## Fields",
    table(["field", "type", "unit", "class", "meaning"], rows),
    "## Example",
    `\`\`\`json\n${JSON.stringify(topic.example, null, 2)}\n\`\`\`\n`,
  ].join("\n\n");
}

export function topicIndex(topics: readonly TopicContract[], { classes }: Classification): string {
  const rows = topics.map((topic) => [
    `[${topic.name}](${topic.name}.md)`,
    (topic.schema.doc ?? "").split(/(?<=\.) /)[0]!,
    topic.key,
    topic.policy === "compact" ? "compacted" : `${topic.retention_days} days`,
    topic.producers.join(", "),
    topic.consumers.join(", "),
    classesIn(topic),
  ]);
  return `${[
    made,
    "# Topics",
    "How to read them is in [README](README.md); the same for tools in [asyncapi.yaml](asyncapi.yaml).",
    table(["topic", "holds", "key", "kept", "written by", "read by", "classes"], rows),
    "## Classes",
    table(["class", "means"], Object.entries(classes)),
  ].join("\n\n")}\n`;
}

/** Those that need care; the rest goes without saying. */
function classesIn({ fields }: TopicContract): string {
  const found = new Set(fields.map((row) => row.class));
  return (["personal", "content", "secret"] as const).filter((one) => found.has(one)).join(", ");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
