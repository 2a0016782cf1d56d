import { expect, test } from "vitest";
import { startArrivalClock } from "./arrival.ts";

test("what is handled right after a blocked moment may have arrived at any time during it", async () => {
  const clock = startArrivalClock(() => performance.now());
  try {
    // Wait for beats, so that the clock is in step.
    while (performance.now() - clock.stamp().earliest > 30)
      await new Promise((resolve) => setTimeout(resolve, 1));
    const start = performance.now();
    while (performance.now() - start < 100);
    // First the overdue beat, as before a poll of the event loop; then the arrival.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const { earliest, at } = clock.stamp();
    expect(earliest).toBeLessThanOrEqual(start);
    expect(at).toBeGreaterThanOrEqual(start + 100);
    expect(clock.maxLagMs()).toBeGreaterThanOrEqual(50);
  } finally {
    clock.stop();
  }
});
