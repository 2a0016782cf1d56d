/**
 * Keeps templates and their provider in step: orders are told, lists are read. What is due belongs to one instance by its row;
 * should that instance die, the row falls due again by itself.
 */
import type { Log } from "@wamesh/service";
import { type DueLoop, runDueLoop } from "../due-loop.ts";
import { type AccountRow, takeDueAccounts } from "./accounts.ts";
import type { TemplateRow } from "./store.ts";
import { type SyncDeps, syncAccount } from "./sync.ts";
import { doTask, takeTasks } from "./tasks.ts";

const concurrent = 8;
/** A list may have many pages. */
const deadlineMs = 60_000;
/** Longer than a call with its deadline and the transaction after it. */
const leaseMs = 90_000;

/** Orders before lists: a person waits for them. */
type Due = { kind: "order"; row: TemplateRow } | { kind: "list"; account: AccountRow };

export function startKeepingTemplates(deps: SyncDeps & { log: Pick<Log, "info" | "error"> }): DueLoop {
  async function take(limit: number): Promise<Due[]> {
    const orders = await deps.changer.read("all", (tx) => takeTasks(tx, limit, leaseMs));
    const lists = await deps.changer.read("all", (tx) => takeDueAccounts(tx, limit - orders.length, leaseMs));
    return [
      ...orders.map((row) => ({ kind: "order", row }) as const),
      ...lists.map((account) => ({ kind: "list", account }) as const),
    ];
  }

  return runDueLoop<Due>({
    concurrent,
    take,
    async work(due, stopping) {
      const signal = AbortSignal.any([stopping, AbortSignal.timeout(deadlineMs)]);
      const startedMs = deps.now();
      const outcome =
        due.kind === "order"
          ? { outcome: await doTask(deps, due.row, signal) }
          : await syncAccount(deps, due.account, signal);
      const facts = { ...factsOf(due), ...outcome, duration_ms: deps.now() - startedMs };
      deps.log.info(facts, "templates kept");
    },
    onError: (err, due) =>
      due === null
        ? deps.log.error({ err }, "due templates could not be taken")
        : deps.log.error({ ...factsOf(due), err }, "templates not kept"),
  });
}

function factsOf(due: Due): object {
  return due.kind === "order"
    ? { tenant: due.row.tenant, template: due.row.id, task: due.row.task }
    : { tenant: due.account.tenant, account: due.account.id };
}
