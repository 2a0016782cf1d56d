/** What events begin and call off among the steps that wait, in the order in which events are read. */
import { setTimeout as sleep } from "node:timers/promises";
import type { EventOutcome } from "@wamesh/events";
import {
  advanceCursor,
  enqueue,
  isStoreUnavailable,
  lockCursor,
  type Sql,
  type StreamPosition,
  type Tx,
  withTenants,
} from "@wamesh/store";
import type { Considered } from "../events/consider-event.ts";
import { outcomeOf, reason } from "../events/outcome.ts";
import type { Records } from "../records.ts";
import type { Run } from "./begin-rule.ts";
import type { CallOff } from "./call-off.ts";
import { beginWaiting, type EndedStep, endWaiting, type Met, meetRun } from "./step-store.ts";

/** Runs that do not run, since steps of an earlier event wait. */
export type Ignored = ReadonlySet<Run>;

export type StepKeeper = (part: {
  /** Where the events come from, but for the consumer's name. */
  position: Omit<StreamPosition, "consumer">;
  /** Offset after the last of them. */
  nextOffset: number;
  events: readonly { offset: number; considered: Considered }[];
  signal: AbortSignal;
}) => Promise<Ignored>;

const pauseMs = 500;
const none: Ignored = new Set();

/**
 * Twice is harmless: what was done lies below the cursor, which moves in the same transaction as the steps and as what is told of
 * them. Below it nothing is changed any more; whether a run was ignored then is seen by its not having begun. The same event
 * again from its producer, at another offset, has begun already and does nothing.
 * Postgres away stops the partition and not the process.
 */
export function createStepKeeper(deps: {
  sql: Sql;
  records: Pick<Records, "outcome">;
  /** Names the cursors. */
  consumer: string;
  now: () => number;
  onError: (error: unknown) => void;
}): StepKeeper {
  return async (part) => {
    const concerned = part.events.filter(
      ({ considered }) => considered.callOffs.length > 0 || considered.begun.some(({ run }) => run !== null),
    );
    if (concerned.length === 0) return none;
    for (;;) {
      try {
        return await withTenants(deps.sql, "all", async (tx) => {
          const position = { ...part.position, consumer: deps.consumer };
          const cursor = (await lockCursor(tx, position)) ?? 0;
          const ignored = new Set<Run>();
          const told: EventOutcome[] = [];
          for (const { offset, considered } of concerned) {
            const fresh = offset >= cursor;
            if (fresh) for (const one of considered.callOffs) told.push(...(await end(tx, one, deps.now())));
            for (const { run } of considered.begun) {
              if (run === null) continue;
              const met = await meetRun(tx, run);
              if (run.retrigger === "ignore" && !met.known && (!fresh || met.others)) ignored.add(run);
              else if (fresh && !met.known) told.push(...(await begin(tx, run, met, deps.now())));
            }
          }
          await enqueue(
            tx,
            told.map((outcome) => deps.records.outcome(outcome)),
          );
          await advanceCursor(tx, position, part.nextOffset);
          return ignored;
        });
      } catch (error) {
        if (!isStoreUnavailable(error)) throw error;
        deps.onError(error);
        await sleep(pauseMs, undefined, { signal: part.signal });
      }
    }
  };
}

async function begin(tx: Tx, run: Run, met: Met, nowMs: number): Promise<EventOutcome[]> {
  const { event, rule, keys } = run;
  // Deleted since it was read: what would wait is called off at once.
  if (met.state === "deleted")
    return run.waiting.map(({ scheduled }) => ({
      ...scheduled,
      outcome: "cancelled",
      reason: reason("rule_deleted"),
    }));
  const ended =
    run.retrigger === "restart" && met.others
      ? await endWaiting(tx, { tenant: event.tenant, rule: rule.id, keys, butRun: run.id }, nowMs)
      : [];
  await beginWaiting(tx, run, met.state === "paused" ? "held" : "waiting", nowMs);
  return [
    ...ended.map((step) => toldOfEnd(step, "rule_restarted", nowMs, event)),
    ...run.waiting.map(({ scheduled }) => scheduled),
  ];
}

async function end(tx: Tx, { event, rule, of, told }: CallOff, nowMs: number): Promise<EventOutcome[]> {
  const ended: EndedStep[] = [];
  for (const { version, keys } of of)
    ended.push(...(await endWaiting(tx, { tenant: event.tenant, rule, keys, version }, nowMs)));
  return [...ended.map((step) => toldOfEnd(step, "cancelled_by_event", nowMs, event)), told(ended.length)];
}

/** Never at the same moment as what was told of it before: the later word holds. */
export function toldOfEnd(
  step: EndedStep,
  why: "rule_restarted" | "cancelled_by_event" | "rule_deleted",
  nowMs: number,
  by?: { id: string; source: string },
): EventOutcome {
  return outcomeOf(eventOf(step), step, Math.max(nowMs, step.since.getTime() + 1), {
    outcome: "cancelled",
    reason: reason(why),
    due_at: step.due_at.getTime(),
    cancelled_by_event: by?.id ?? null,
    cancelled_by_source: by?.source ?? null,
  });
}

export function eventOf({ tenant, source, event_id, event_type, occurred_at }: EndedStep) {
  return { tenant, source, id: event_id, type: event_type, occurredAt: occurred_at.getTime() };
}
