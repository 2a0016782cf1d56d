/** Looks for steps that are due, second by second, and forgets what ended long ago. */
import { setTimeout as sleep } from "node:timers/promises";
import { withTenants } from "@wamesh/store";
import { type DueDeps, makeDueSteps } from "./due-steps.ts";
import { forgetSteps } from "./step-store.ts";

export type DueLoop = {
  /** How long ago the database was last asked, and answered, in ms. */
  freshMs(): number;
  stop(): Promise<void>;
};

const tickMs = 1_000;
const forgetEveryMs = 3_600_000;
/** Longer than the log is kept: so long the same event may come again. */
const keepEndedMs = 30 * 24 * 3_600_000;

export function runDueSteps(
  deps: DueDeps & {
    log: { info(facts: object, message: string): void };
    onError: (error: unknown) => void;
  },
): DueLoop {
  const stopping = new AbortController();
  let freshAt = performance.now();
  let forgetAt = freshAt;

  async function tick(): Promise<void> {
    for (let taken = -1; taken !== 0 && !stopping.signal.aborted; ) {
      taken = await makeDueSteps(deps);
      if (taken > 0) deps.log.info({ steps: taken }, "due steps made");
    }
    freshAt = performance.now();
    if (freshAt < forgetAt) return;
    forgetAt = freshAt + forgetEveryMs;
    const removed = await withTenants(deps.sql, "all", (tx) => forgetSteps(tx, deps.now() - keepEndedMs));
    if (removed > 0) deps.log.info({ removed }, "ended steps forgotten");
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      // Away or broken: it is told, and tried again at the next tick.
      await tick().catch(deps.onError);
      await sleep(tickMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }
  const running = loop();
  return {
    freshMs: () => performance.now() - freshAt,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
