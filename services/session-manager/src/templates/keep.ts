/**
 * Keeps templates and their provider in step: orders are told, lists are read. What is due belongs to one instance by its row;
 * should that instance die, the row falls due again by itself.
 */
import type { Log } from "@wamesh/service";
import { takeDueAccounts } from "./accounts.ts";
import { type SyncDeps, syncAccount } from "./sync.ts";
import { doTask, takeTasks } from "./tasks.ts";

export type Keeping = {
  /** Looks for what is due now rather than at the next tick. */
  wake(): void;
  stop(): Promise<void>;
};

const concurrent = 8;
const tickMs = 1_000;
/** A list may have many pages. */
const deadlineMs = 60_000;
/** Longer than a call with its deadline and the transaction after it. */
const leaseMs = 90_000;

export function startKeepingTemplates(deps: SyncDeps & { log: Pick<Log, "info" | "error"> }): Keeping {
  const stopping = new AbortController();
  const inFlight = new Set<Promise<void>>();
  let wakeUp: () => void = () => {};
  let woken = false;

  function wake(): void {
    woken = true;
    wakeUp();
  }

  function start(facts: object, work: (signal: AbortSignal) => Promise<object>): void {
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(deadlineMs)]);
    const startedMs = deps.now();
    const running = work(signal)
      .then((outcome) =>
        deps.log.info({ ...facts, ...outcome, duration_ms: deps.now() - startedMs }, "templates kept"),
      )
      .catch((err: unknown) => deps.log.error({ ...facts, err }, "templates not kept"))
      .finally(() => {
        inFlight.delete(running);
        if (inFlight.size === concurrent - 1) wake();
      });
    inFlight.add(running);
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      woken = false;
      const free = concurrent - inFlight.size;
      try {
        const tasks = await deps.changer.read("all", (tx) => takeTasks(tx, free, leaseMs));
        for (const row of tasks)
          start({ tenant: row.tenant, template: row.id, task: row.task }, async (signal) => ({
            outcome: await doTask(deps, row, signal),
          }));
        const accounts = await deps.changer.read("all", (tx) =>
          takeDueAccounts(tx, free - tasks.length, leaseMs),
        );
        for (const account of accounts)
          start({ tenant: account.tenant, account: account.id }, (signal) =>
            syncAccount(deps, account, signal),
          );
      } catch (err) {
        deps.log.error({ err }, "due templates could not be taken");
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
    async stop() {
      stopping.abort();
      wakeUp();
      await running;
    },
  };
}
