/** When unrouted callbacks are tried again: at the start, and soon after sessions have changed. */
const settleMs = 200;

export function startUnroutedRetry(deps: {
  retry: () => Promise<void>;
  onChange: (listener: (change: { kind: string }) => void) => () => void;
  log: { error(facts: object, message: string): void };
}): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();

  /** Thousands of sessions change at once when the tables are first read. */
  function soon(): void {
    timer ??= setTimeout(() => {
      timer = null;
      running = running
        .then(deps.retry)
        .catch((error: unknown) => deps.log.error({ err: error }, "unrouted callbacks can't be tried again"));
    }, settleMs);
  }

  const end = deps.onChange((change) => {
    if (change.kind === "session") soon();
  });
  soon();
  return {
    async stop() {
      end();
      if (timer !== null) clearTimeout(timer);
      await running;
    },
  };
}
