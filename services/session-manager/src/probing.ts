/**
 * Looks at every session on a jittered schedule inside its account's call budget, and at a new one at once. A session that is
 * being probed belongs to one instance by its row (see `takeDue`).
 */
import type { SessionStatus } from "@wamesh/events";
import { type Changer, ourselves } from "./change.ts";
import { markUse } from "./credential-use.ts";
import { type DueLoop, runDueLoop } from "./due-loop.ts";
import { observe, scheduleProbe, takeDue } from "./observe.ts";
import type { SessionRow } from "./rows.ts";
import { lockSession } from "./session-change.ts";

/** What a look at the provider found. Never throws: whatever goes wrong is "unsure". */
export type Finding =
  | { kind: "state"; status: SessionStatus; detail: string }
  | { kind: "unsure"; why: string };
export type Look = (row: SessionRow, signal: AbortSignal) => Promise<Finding>;

const concurrent = 64;
const deadlineMs = 10_000;
/** Longer than a look with its deadline and the transaction after it. */
const leaseMs = 20_000;

export function startProbing(deps: {
  changer: Changer;
  look: Look;
  now: () => number;
  random: () => number;
  log: { info(facts: object, text: string): void; error(facts: object, text: string): void };
}): DueLoop {
  async function probe(row: SessionRow, stopping: AbortSignal): Promise<void> {
    const startedMs = deps.now();
    const finding = await deps.look(row, AbortSignal.any([stopping, AbortSignal.timeout(deadlineMs)]));
    if (stopping.aborted) return; // its lease runs out, the next instance looks again
    const outcome = await deps.changer.change([row.tenant], ourselves, async (change) => {
      if (finding.kind === "state") {
        const { status, detail } = finding;
        const seen = { kind: "observed", status, evidence: "probe", atMs: startedMs, detail } as const;
        const became = await observe(change, row.tenant, row.id, seen, deps.random(), row.version);
        const use = { atMs: startedMs, accepted: status !== "auth_failed" };
        await markUse(change.tx, { tenant: row.tenant, session: row.id }, use);
        return became;
      }
      const current = await lockSession(change.tx, row.tenant, row.id);
      // Changed meanwhile, it has a due time of its own.
      if (current?.version === row.version)
        await scheduleProbe(change.tx, current, current.unsure_probes + 1, deps.random());
      return "unsure" as const;
    });
    deps.log.info(
      {
        tenant: row.tenant,
        session: row.id,
        provider: row.provider,
        was: row.status,
        found: finding.kind === "state" ? finding.status : finding.why,
        outcome,
        duration_ms: deps.now() - startedMs,
      },
      "session probed",
    );
  }

  return runDueLoop({
    concurrent,
    take: (limit) => deps.changer.read("all", (tx) => takeDue(tx, limit, leaseMs, deps.now(), deps.random)),
    work: probe,
    onError: (err, row) =>
      row === null
        ? deps.log.error({ err }, "due sessions could not be taken")
        : deps.log.error({ err, session: row.id }, "a probe's result was not kept"),
  });
}
