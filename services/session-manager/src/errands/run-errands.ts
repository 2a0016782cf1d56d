/** Runs what is to be done for sessions at their providers, until it is done, whatever crashes in between. */
import { type Changer, ourselves } from "../change.ts";
import { type DueLoop, runDueLoop } from "../due-loop.ts";
import type { SessionRow } from "../rows.ts";
import { findCredentials } from "../session-change.ts";
import { type ErrandKind, nextTry } from "./errand.ts";
import {
  type ErrandRow,
  endErrand,
  errandLeaseMs,
  isStillOurs,
  settleErrand,
  takeDueErrands,
} from "./errand-rows.ts";
import { forget } from "./remove-at-provider.ts";
import type { Outcome, Work } from "./work.ts";

const concurrent = 16;
const deadlineMs = 10_000;

export function runErrands(deps: {
  changer: Changer;
  works: Record<ErrandKind, Work>;
  random: () => number;
  log: { info(facts: object, text: string): void; error(facts: object, text: string): void };
}): DueLoop {
  async function work(errand: ErrandRow, stopping: AbortSignal): Promise<void> {
    const found = await deps.changer.read([errand.tenant], async (tx) => {
      const [session] = await tx<SessionRow[]>`select * from session where id = ${errand.session}`;
      return { session: session!, sealed: await findCredentials(tx, errand.session) };
    });
    const outcome = await deps.works[errand.kind]({
      ...found,
      errand,
      deadline: () => AbortSignal.any([stopping, AbortSignal.timeout(deadlineMs)]),
    });
    if (stopping.aborted) return; // its lease runs out, the next instance tries again
    const became = await deps.changer.change([errand.tenant], ourselves, async (change) => {
      // The session before its errand, as everywhere.
      const [row] = await change.tx<SessionRow[]>`
        select * from session where id = ${errand.session} for update`;
      if (!(await isStillOurs(change.tx, errand))) return "superseded";
      const settled = await settle(change.tx, errand, outcome, change.nowMs);
      if (settled === "given up") await forget(change, row!, "session.removal_given_up", detailOf(outcome));
      await outcome.apply?.(change, row!);
      return settled;
    });
    deps.log.info(
      {
        tenant: errand.tenant,
        session: errand.session,
        errand: errand.kind,
        step: errand.step,
        tries: errand.tries,
        outcome: became,
        detail: detailOf(outcome),
      },
      "errand tried",
    );
  }

  async function settle(
    tx: Parameters<typeof endErrand>[0],
    errand: ErrandRow,
    { ended }: Outcome,
    nowMs: number,
  ): Promise<"done" | "again" | "stopped" | "given up"> {
    const { session, kind, tries } = errand;
    if (ended.kind === "done") {
      await endErrand(tx, session, kind);
      return "done";
    }
    const next = nextTry({ kind, tries, begunMs: errand.begun_at.getTime() }, ended, nowMs, deps.random());
    switch (next.kind) {
      case "again":
        await settleErrand(tx, session, next.inMs, ended.detail);
        return "again";
      case "stopped":
        await settleErrand(tx, session, null, ended.detail);
        return "stopped";
      case "given_up":
        await endErrand(tx, session, kind);
        return "given up";
    }
  }

  return runDueLoop({
    concurrent,
    take: (limit) => deps.changer.read("all", (tx) => takeDueErrands(tx, limit, errandLeaseMs)),
    work,
    onError: (err, row) =>
      row === null
        ? deps.log.error({ err }, "due errands could not be taken")
        : deps.log.error({ err, session: row.session, errand: row.kind }, "an errand was not settled"),
  });
}

function detailOf({ ended }: Outcome): string {
  return ended.kind === "done" ? "" : ended.detail;
}
