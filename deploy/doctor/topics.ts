/** Topics against the catalogue. */
import type { Topic } from "@wamesh/events";
import type { Admin } from "@wamesh/kafka";
import { type Profile, planTopic, topicSpec } from "../topic-plan.ts";
import { bad, type Finding, ok } from "./finding.ts";

type Found = { partitions: number; replicas: number; config: Record<string, string> } | null;

/** One finding per topic. Pure. */
export function judgeTopic(
  topic: Topic<unknown>,
  found: Found,
  profile: Profile,
  replicationFactor: number,
): Finding {
  const { name } = topic;
  const step = planTopic(topicSpec(topic, profile, replicationFactor), found);
  const wrong = (said: string, remedy: string) => bad("topics", name, said, remedy);
  if (step.kind === "create") return wrong("does not exist", "run `npm run deploy`");
  if (step.kind === "refuse")
    return wrong(
      `has ${found?.partitions} partitions, the ${profile} profile asks for ${topic.partitions[profile]}`,
      "the number is fixed for life: while the topic is empty, delete it and run `npm run deploy`; if all topics have the other " +
        "number, set WAMESH_ENVIRONMENT to the profile they were made with; else move to a new cluster",
    );
  if (step.kind === "configure")
    return wrong(
      step.changed
        .map((key) => `${key} is ${found?.config[key] ?? "not set"}, not ${step.spec.config[key]}`)
        .join("; "),
      "run `npm run deploy`, which sets it back",
    );
  if (found !== null && found.replicas < replicationFactor)
    return wrong(
      `has ${found.replicas} ${found.replicas === 1 ? "copy" : "copies"}, not ${replicationFactor}`,
      "add copies with kafka-reassign-partitions, or set WAMESH_REPLICATION_FACTOR to what is meant",
    );
  return ok("topics", name, `${found?.partitions} partitions, ${topic.policy}`);
}

export async function examineTopics(options: {
  admin: Pick<Admin, "describe">;
  catalogue: readonly Topic<unknown>[];
  profile: Profile;
  replicationFactor: number;
}): Promise<Finding[]> {
  const { admin, catalogue, profile, replicationFactor } = options;
  return Promise.all(
    catalogue.map(async (topic) =>
      judgeTopic(topic, await admin.describe(topic.name), profile, replicationFactor),
    ),
  );
}
