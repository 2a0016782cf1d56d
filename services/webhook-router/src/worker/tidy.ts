/** Removes what has served its time, now and then. Several processes may do it at once: it only deletes what is too old. */
const everyMs = 10 * 60_000;

export function startTidying(deps: {
  /** What it did, for the log. */
  tidy: () => Promise<Record<string, number>>;
  log: { info(facts: object, message: string): void; error(facts: object, message: string): void };
}): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(async () => {
      try {
        const removed = await deps.tidy();
        if (Object.values(removed).some((count) => count > 0)) deps.log.info(removed, "tidied");
      } catch (error) {
        deps.log.error({ err: error }, "could not tidy");
      }
    });
  }, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
