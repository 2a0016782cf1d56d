/** Waits for a condition instead of for a time. */
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks until the answer is neither undefined, null nor false, and returns it. A condition that throws counts as not met; its
 * last error is the cause of the failure.
 */
export async function until<Answer>(
  condition: () => Answer | Promise<Answer>,
  { withinMs = 20_000, everyMs = 20, what = "the condition" } = {},
): Promise<NonNullable<Exclude<Answer, false>>> {
  const deadline = performance.now() + withinMs;
  let cause: unknown;
  do {
    try {
      const answer = await condition();
      if (answer !== undefined && answer !== null && answer !== false)
        return answer as NonNullable<Exclude<Answer, false>>;
    } catch (error) {
      cause = error;
    }
    await sleep(everyMs);
  } while (performance.now() < deadline);
  throw new Error(`${what} was not met within ${withinMs} ms`, { cause });
}
