/**
 * Work that is due by a row's time: taken tick by tick, each row in a slot of its own, so that a provider that hangs keeps
 * nobody else waiting. Who takes a row moves its time ahead, so nobody else has it meanwhile; should this process die, the
 * row falls due again by itself.
 */
export type DueLoop = {
  /** Looks for due rows now rather than at the next tick. */
  wake(): void;
  /** How long ago the database was last asked, and answered, in ms. */
  freshMs(): number;
  stop(): Promise<void>;
};

const tickMs = 1_000;

export function runDueLoop<Row>(deps: {
  concurrent: number;
  take(limit: number): Promise<Row[]>;
  /** `stopping` fires when the process ends; what is given up then falls due again. */
  work(row: Row, stopping: AbortSignal): Promise<void>;
  /** `row` is null when rows could not be taken. */
  onError(err: unknown, row: Row | null): void;
}): DueLoop {
  const stopping = new AbortController();
  let wakeUp: () => void = () => {};
  let woken = false;
  const inFlight = new Set<Promise<void>>();
  let freshAt = performance.now();

  function wake(): void {
    woken = true;
    wakeUp();
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      woken = false;
      try {
        for (const row of await deps.take(deps.concurrent - inFlight.size)) {
          const one = deps
            .work(row, stopping.signal)
            .catch((err: unknown) => deps.onError(err, row))
            .finally(() => {
              inFlight.delete(one);
              if (inFlight.size === deps.concurrent - 1) wake();
            });
          inFlight.add(one);
        }
        freshAt = performance.now();
      } catch (err) {
        deps.onError(err, null);
      }
      if (!woken && !stopping.signal.aborted) await nap();
    }
    await Promise.all(inFlight);
  }

  async function nap(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, tickMs);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const running = loop();
  return {
    wake,
    freshMs: () => performance.now() - freshAt,
    async stop() {
      stopping.abort();
      wakeUp();
      await running;
    },
  };
}
