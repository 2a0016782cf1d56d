import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { contactFailed, contactWorked, watchDependency } from "./dependency.ts";
import { metricsText } from "./process-registry.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const value = async (name: string, dependency: string) =>
  (await metricsText())
    .split("\n")
    .find((line) => line.startsWith(`wamesh_${name}{dependency="${dependency}"}`))
    ?.split(" ")[1];

test("the last contact says whether a dependency is up, and failures are counted", async () => {
  contactWorked("kafka");
  expect(await value("dependency_up", "kafka")).toBe("1");
  contactFailed("kafka");
  expect(await value("dependency_up", "kafka")).toBe("0");
  expect(await value("dependency_errors_total", "kafka")).toBe("1");
  contactWorked("kafka");
  expect(await value("dependency_up", "kafka")).toBe("1");
});

test("a watched dependency is asked every five seconds, until it is stopped", async () => {
  let answer: Promise<unknown> = Promise.resolve();
  const ask = vi.fn(() => answer);
  const watch = watchDependency("postgres", ask);
  await vi.advanceTimersByTimeAsync(1);
  expect(await value("dependency_up", "postgres")).toBe("1");
  answer = Promise.reject(new Error("connection refused"));
  answer.catch(() => {});
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await value("dependency_up", "postgres")).toBe("0");
  watch.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ask).toHaveBeenCalledTimes(2);
});
