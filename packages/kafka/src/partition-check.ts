/** Whether topics have the partitions that the catalogue gives them, in one of its profiles. Pure. */
import { allTopics } from "@wamesh/events";

type Profile = "production" | "local";

/**
 * In words, with the remedy; null when all is well. Counts by topic, null where there is no such topic. A process does not know
 * which profile it runs in, but all topics are of one: shards, leases and a tenant's place in each log follow from the number.
 */
export function partitionProblem(counts: ReadonlyMap<string, number | null>): string | null {
  const known = allTopics.filter(({ name }) => counts.has(name));
  const missing = known.filter(({ name }) => counts.get(name) === null);
  if (missing.length > 0)
    return `Kafka has no ${missing.map(({ name }) => name).join(", ")}; run \`npm run deploy\``;
  const wrongIn = (profile: Profile) =>
    known.filter(({ name, partitions }) => counts.get(name) !== partitions[profile]);
  const [production, local] = [wrongIn("production"), wrongIn("local")];
  if (production.length === 0 || local.length === 0) return null;
  const [profile, wrong] =
    local.length < production.length ? (["local", local] as const) : (["production", production] as const);
  const lines = wrong.map(
    ({ name, partitions }) => `  ${name} has ${counts.get(name)} partitions, not ${partitions[profile]}`,
  );
  return (
    `topics have a number of partitions that schemas/topics.json does not give them:\n${lines.join("\n")}\n` +
    "The number is fixed for life, so none can be added or taken: while such a topic is empty, delete it and run " +
    "`npm run deploy`; else move to a new cluster"
  );
}
