/** What the brokers should have, and what is to be done about what they have. Pure. */
import type { Topic } from "@wamesh/events";

export type Profile = "local" | "production";

export type TopicSpec = {
  name: string;
  partitions: number;
  replicationFactor: number;
  config: Record<string, string>;
};

export type TopicStep =
  | { kind: "create"; spec: TopicSpec }
  | { kind: "configure"; spec: TopicSpec; changed: string[] }
  | { kind: "keep"; spec: TopicSpec }
  /** Other settings than these, and they stay. */
  | { kind: "leave"; spec: TopicSpec; changed: string[] }
  | { kind: "refuse"; problem: string };

const dayMs = 24 * 3600 * 1000;

export function topicSpec(topic: Topic<unknown>, profile: Profile, replicationFactor: number): TopicSpec {
  const config: Record<string, string> = {
    "cleanup.policy": topic.policy,
    "min.insync.replicas": String(Math.max(1, replicationFactor - 1)),
  };
  if (topic.retentionDays !== null) config["retention.ms"] = String(topic.retentionDays * dayMs);
  if (topic.policy === "compact") {
    // A reader reads all of it at its start, so it is kept near its real size: cleaned once a tenth is stale, and within a day.
    config["min.cleanable.dirty.ratio"] = "0.1";
    config["segment.ms"] = String(dayMs);
    config["max.compaction.lag.ms"] = String(dayMs);
  }
  // Core applications may compress with what our client can't read; the broker writes it anew.
  if (topic.record === "domain-event") config["compression.type"] = "gzip";
  // It holds whole records of other topics, which may be as large as a broker takes (1 MiB).
  if (topic.record === "dead-letter") config["max.message.bytes"] = String(2 * 1024 * 1024);
  return { name: topic.name, partitions: topic.partitions[profile], replicationFactor, config };
}

/** `found` null: there is no such topic yet. `isLater`: what is found is of a release after this one, and nothing of it is set back. */
export function planTopic(
  spec: TopicSpec,
  found: { partitions: number; config: Record<string, string> } | null,
  isLater = false,
): TopicStep {
  if (found === null) return { kind: "create", spec };
  if (found.partitions !== spec.partitions)
    return {
      kind: "refuse",
      problem:
        `${spec.name} has ${found.partitions} partitions, this profile asks for ${spec.partitions}. ` +
        "The number is fixed for life: a tenant's place in every log and every lease follows from it. " +
        "Deploy with the profile it was created with, or move to a new cluster.",
    };
  const changed = Object.keys(spec.config).filter((key) => found.config[key] !== spec.config[key]);
  if (changed.length === 0) return { kind: "keep", spec };
  return { kind: isLater ? "leave" : "configure", spec, changed };
}
