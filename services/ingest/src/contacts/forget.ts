/** Removes who wrote too long ago to matter, and counts of days gone by. Several processes may do it at once: it only deletes what is too old. */
import { type Sql, withTenants } from "@wamesh/store";
import { forgetDays } from "../limits/sent-by-day.ts";
import { recentMs } from "./last-sessions.ts";
import { forgetOld } from "./store.ts";

const everyMs = 3_600_000;

export function startForgetting(deps: {
  sql: Sql;
  now: () => number;
  log: { info(facts: object, message: string): void; error(facts: object, message: string): void };
}): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(async () => {
      try {
        const removed = await withTenants(deps.sql, "all", async (tx) => {
          await forgetDays(tx, deps.now());
          return forgetOld(tx, deps.now() - recentMs);
        });
        if (removed > 0) deps.log.info({ removed }, "contacts forgotten");
      } catch (error) {
        deps.log.error({ err: error }, "could not forget old contacts");
      }
    });
  }, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
