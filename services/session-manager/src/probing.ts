/**
 * Looks at every session on a jittered schedule, and at a new one at once. A session that is being probed belongs to one
 * instance by its row (see `takeDue`); should that instance die, the row falls due again by itself.
 */
import type { SessionStatus } from "@wamesh/events";
import { type Changer, ourselves } from "./change.ts";
import { observe, scheduleProbe, takeDue } from "./observe.ts";
import type { SessionRow } from "./rows.ts";
import { lockSession } from "./session-change.ts";

/** What a look at the provider found. Never throws: whatever goes wrong is "unsure". */
export type Finding =
  | { kind: "state"; status: SessionStatus; detail: string }
  | { kind: "unsure"; why: string };
export type Look = (row: SessionRow, signal: AbortSignal) => Promise<Finding>;

export type Probing = {
  /** Looks for due sessions now rather than at the next tick. */
  wake(): void;
  /** How long ago the database was last asked, and answered, in ms. */
  freshMs(): number;
  stop(): Promise<void>;
};

const concurrent = 64;
const tickMs = 1_000;
const deadlineMs = 10_000;
/** Longer than a look with its deadline and the transaction after it. */
const leaseMs = 20_000;

export function startProbing(deps: {
  changer: Changer;
  look: Look;
  now: () => number;
  random: () => number;
  log: { info(facts: object, text: string): void; error(facts: object, text: string): void };
}): Probing {
  const stopping = new AbortController();
  let wakeUp: () => void = () => {};
  let woken = false;
  const inFlight = new Set<Promise<void>>();
  let freshAt = performance.now();

  function wake(): void {
    woken = true;
    wakeUp();
  }

  async function probe(row: SessionRow): Promise<void> {
    const startedMs = deps.now();
    const finding = await deps.look(row, AbortSignal.any([stopping.signal, AbortSignal.timeout(deadlineMs)]));
    if (stopping.signal.aborted) return; // its lease runs out, the next instance looks again
    const outcome = await deps.changer.change([row.tenant], ourselves, async (change) => {
      if (finding.kind === "state") {
        const { status, detail } = finding;
        const seen = { kind: "observed", status, evidence: "probe", atMs: startedMs, detail } as const;
        return observe(change, row.tenant, row.id, seen, deps.random(), row.version);
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

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      woken = false;
      const free = concurrent - inFlight.size;
      try {
        // Each look has a slot of its own, so a provider that hangs keeps nobody else waiting.
        for (const row of await deps.changer.read("all", (tx) => takeDue(tx, free, leaseMs))) {
          const look = probe(row)
            .catch((err: unknown) =>
              deps.log.error({ err, session: row.id }, "a probe's result was not kept"),
            )
            .finally(() => {
              inFlight.delete(look);
              if (inFlight.size === concurrent - 1) wake();
            });
          inFlight.add(look);
        }
        freshAt = performance.now();
      } catch (err) {
        deps.log.error({ err }, "due sessions could not be taken");
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
