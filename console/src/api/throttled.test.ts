import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { throttled } from "./throttled.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("a burst runs at once and once more after the interval, never in between", () => {
  const run = vi.fn();
  const soon = throttled(run, 1_000);
  for (let i = 0; i < 50; i++) soon.call();
  expect(run).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(999);
  expect(run).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(run).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(5_000);
  expect(run).toHaveBeenCalledTimes(2);
});

test("stopped, it forgets what was asked for", () => {
  const run = vi.fn();
  const soon = throttled(run, 1_000);
  soon.call();
  soon.call();
  soon.stop();
  vi.advanceTimersByTime(5_000);
  expect(run).toHaveBeenCalledTimes(1);
});
