import { allTopics, topics } from "@wamesh/events";
import { describe, expect, test } from "vitest";
import { planTopic, topicSpec } from "./topic-plan.ts";

const status = topicSpec(topics.messageStatus, "local", 1);

test("production has 64 partitions of three copies, of which one may be missing", () => {
  for (const topic of allTopics)
    expect(topicSpec(topic, "production", 3)).toMatchObject({
      partitions: 64,
      replicationFactor: 3,
      config: { "min.insync.replicas": "2" },
    });
});

test("what core applications compress is written anew by the broker, and a dead letter may hold a whole record", () => {
  expect(topicSpec(topics.domainEvent, "local", 1).config["compression.type"]).toBe("gzip");
  expect(Number(topicSpec(topics.dead, "local", 1).config["max.message.bytes"])).toBeGreaterThan(1_048_588);
});

test("retention and compaction follow the catalogue", () => {
  expect(status.config).toMatchObject({
    "cleanup.policy": "delete",
    "retention.ms": String(14 * 24 * 3600 * 1000),
  });
  const { config } = topicSpec(topics.sessionState, "local", 1);
  expect(config["cleanup.policy"]).toBe("compact");
  expect(config).not.toHaveProperty("retention.ms");
});

describe("a topic", () => {
  test("that does not exist is created", () => {
    expect(planTopic(status, null).kind).toBe("create");
  });
  test("that is as it should be is kept, settings of the operator included", () => {
    const config = { ...status.config, "segment.bytes": "1" };
    expect(planTopic(status, { partitions: 8, config }).kind).toBe("keep");
  });
  test("with another setting is configured", () => {
    const found = { partitions: 8, config: { ...status.config, "retention.ms": "1" } };
    expect(planTopic(status, found)).toMatchObject({ kind: "configure", changed: ["retention.ms"] });
  });
  test("with another setting is left so where a later release set it", () => {
    const found = { partitions: 8, config: { ...status.config, "retention.ms": "1" } };
    expect(planTopic(status, found, true)).toMatchObject({ kind: "leave", changed: ["retention.ms"] });
    expect(planTopic(status, null, true).kind).toBe("create");
    expect(planTopic(status, { ...found, partitions: 7 }, true).kind).toBe("refuse");
  });
  test.each([7, 9, 64])("with %i partitions is refused", (partitions) => {
    const step = planTopic(status, { partitions, config: status.config });
    expect(step).toMatchObject({
      kind: "refuse",
      problem: expect.stringContaining(`${partitions} partitions`),
    });
  });
});
