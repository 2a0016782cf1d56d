/** Creates or verifies the topics of schemas/topics.json. A step of `npm run deploy`. */
import { allTopics } from "@wamesh/events";
import type { Kafka } from "@wamesh/kafka";
import { type Profile, planTopic, topicSpec } from "./topic-plan.ts";

/** Changes nothing at all when one topic has another number of partitions; the error names all of them. */
export async function ensureTopics(options: {
  kafka: Kafka;
  profile: Profile;
  replicationFactor: number;
  /** The topics that are there are of a release after this one: their settings stay. Default false. */
  isLater?: boolean;
  log: (line: string) => void;
}): Promise<void> {
  const { kafka, profile, replicationFactor, isLater = false, log } = options;
  const admin = await kafka.admin();
  try {
    const steps = await Promise.all(
      allTopics.map(async (topic) =>
        planTopic(topicSpec(topic, profile, replicationFactor), await admin.describe(topic.name), isLater),
      ),
    );
    const problems = steps.flatMap((step) => (step.kind === "refuse" ? [step.problem] : []));
    if (problems.length > 0) throw new Error(problems.join("\n"));
    for (const step of steps) {
      if (step.kind === "create") {
        await admin.createTopic(step.spec);
        log(`created ${step.spec.name} with ${step.spec.partitions} partitions`);
      } else if (step.kind === "leave") {
        log(`left ${step.changed.join(", ")} of ${step.spec.name} as they are`);
      } else if (step.kind === "configure") {
        await admin.setConfig(step.spec.name, step.spec.config);
        log(`changed ${step.changed.join(", ")} of ${step.spec.name}`);
      }
    }
    const kept = steps.filter(({ kind }) => kind === "keep").length;
    if (kept > 0) log(`${kept} topics are as they should be`);
  } finally {
    await admin.close();
  }
}
