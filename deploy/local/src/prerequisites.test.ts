import { expect, test } from "vitest";
import { checkPrerequisites, judgePrerequisites, parseJavaVersion } from "./prerequisites.ts";

test.each([
  ['openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment', 17],
  ['java version "1.8.0_412"', 8],
  ['openjdk version "25-ea" 2025-09-16', 25],
  ['openjdk version "21" 2023-09-19', 21],
  ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "11.0.2" 2019-01-15', 11],
  ["The operation couldn't be completed. Unable to locate a Java Runtime.", undefined],
])("the major version in %j is %s", (output, version) => {
  expect(parseJavaVersion(output)).toBe(version);
});

const java17 = 'openjdk version "17.0.15"';

test("Java 17 and Maven are enough", () => {
  expect(judgePrerequisites({ java: "java", javaSays: java17, mavenPresent: true })).toEqual({
    kind: "ok",
    java: "java",
  });
});

test.each([
  [
    "no Java",
    { javaSays: undefined, mavenPresent: true },
    /needs Java 17 or later and found none.*install it.*Docker/,
  ],
  ["an old Java", { javaSays: 'java version "1.8.0_1"', mavenPresent: true }, /found Java 8 \(\/opt\/java\)/],
  ["no Maven", { javaSays: java17, mavenPresent: false }, /needs Maven.*found none.*install it.*Docker/],
])("%s is one sentence with its remedy", (_, found, says) => {
  const result = judgePrerequisites({ java: "/opt/java", ...found });
  if (result.kind === "ok") throw new Error("accepted");
  expect(result.message).toMatch(says);
  expect(result.message).not.toContain("\n");
});

test("a machine without Java is noticed before anything is started", async () => {
  const env = { WAMESH_STACK: "embedded", JAVA_HOME: "/nowhere", PATH: "/nowhere" };
  expect(await checkPrerequisites(env)).toMatch(/needs Java 17 or later and found none/);
});

test("servers of the environment need neither Java nor Maven", async () => {
  const names = ["WAMESH_KAFKA_BROKERS", "WAMESH_REGISTRY_URL", "WAMESH_POSTGRES_URL", "WAMESH_REDIS_URL"];
  const env = { ...Object.fromEntries(names.map((name) => [name, "x"])), PATH: "/nowhere" };
  expect(await checkPrerequisites(env)).toBeNull();
});
