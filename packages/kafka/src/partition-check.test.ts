import { allTopics, topics } from "@wamesh/events";
import { expect, test } from "vitest";
import { partitionProblem } from "./partition-check.ts";

const all = (profile: "production" | "local", changed: Record<string, number | null> = {}) =>
  new Map(
    Object.entries({
      ...Object.fromEntries(allTopics.map(({ name, partitions }) => [name, partitions[profile]])),
      ...changed,
    }),
  );
const status = topics.messageStatus.name;

test.each(["production", "local"] as const)("topics as the %s profile makes them are taken", (profile) => {
  expect(partitionProblem(all(profile))).toBeNull();
});

test("one topic with another number is named with it, and with what to do", () => {
  const problem = partitionProblem(all("production", { [status]: 63 }));
  expect(problem).toContain(`${status} has 63 partitions, not 64`);
  expect(problem).toContain("npm run deploy");
  expect(problem?.match(/has \d+ partitions/g)).toHaveLength(1);
});

test("topics of two profiles beside each other are refused", () => {
  expect(partitionProblem(all("production", { [status]: 8 }))).toContain(
    `${status} has 8 partitions, not 64`,
  );
  expect(partitionProblem(all("local", { [status]: 64 }))).toContain(`${status} has 64 partitions, not 8`);
});

test("a topic that is not there is named before anything else", () => {
  expect(partitionProblem(all("local", { [status]: null, [topics.dead.name]: 9 }))).toBe(
    `Kafka has no ${status}; run \`npm run deploy\``,
  );
});
