import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseSource } from "./choose.ts";

const NAMES = ["WAMESH_KAFKA_BROKERS", "WAMESH_REGISTRY_URL", "WAMESH_POSTGRES_URL", "WAMESH_REDIS_URL"];
const all = {
  WAMESH_KAFKA_BROKERS: "k:9092",
  WAMESH_REGISTRY_URL: "http://r",
  WAMESH_POSTGRES_URL: "postgres://p",
  WAMESH_REDIS_URL: "redis://s",
};
const addresses = {
  kafkaBrokers: "k:9092",
  registryUrl: "http://r",
  postgresUrl: "postgres://p",
  redisUrl: "redis://s",
};

test.each([
  ["nothing said: Docker decides", {}, { kind: "ask_docker" }],
  ["all four addresses", all, { kind: "environment", addresses }],
  ["all four, but embedded wanted", { ...all, WAMESH_STACK: "embedded" }, { kind: "embedded" }],
  ["all four, but containers wanted", { ...all, WAMESH_STACK: "containers" }, { kind: "containers" }],
  [
    "environment wanted and there",
    { ...all, WAMESH_STACK: "environment" },
    { kind: "environment", addresses },
  ],
  ["an empty switch is no switch", { WAMESH_STACK: "" }, { kind: "ask_docker" }],
])("%s", (_, env, choice) => {
  expect(chooseSource(env)).toEqual(choice);
});

test("an unknown source is refused by name", () => {
  expect(chooseSource({ WAMESH_STACK: "podman" })).toMatchObject({
    kind: "invalid",
    message: expect.stringContaining('"podman"'),
  });
});

test("environment without addresses names all that lack", () => {
  const choice = chooseSource({ WAMESH_STACK: "environment" });
  for (const name of NAMES) expect(choice).toMatchObject({ message: expect.stringContaining(name) });
});

test("some addresses are never silently replaced by other servers", () => {
  fc.assert(
    fc.property(fc.subarray(NAMES, { minLength: 1, maxLength: 3 }), (set) => {
      const choice = chooseSource(Object.fromEntries(set.map((name) => [name, "x"])));
      if (choice.kind !== "invalid") throw new Error(choice.kind);
      for (const name of NAMES) expect(choice.message.includes(name)).toBe(!set.includes(name));
    }),
  );
});
