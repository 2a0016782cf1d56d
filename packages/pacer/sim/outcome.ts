/** What became of items: sql/outcome.ts, in memory. */

import { leastRenewedMs } from "../src/sql/outcome.ts";
import type { Fence, OutcomeReply, OutcomeStep } from "../src/store.ts";
import {
  type Attempt,
  deletePending,
  fenced,
  insertPending,
  outboxOf,
  type Pending,
  refuseTaken,
  type Tables,
} from "./tables.ts";

export function outcome(
  tables: Tables,
  owner: string,
  { steps, fences }: { steps: readonly OutcomeStep[]; fences: readonly Fence[] },
): OutcomeReply {
  const held = fenced(tables, owner, fences);
  const matched: number[] = [];
  steps.forEach((step, index) => {
    if (held.has(step.shard) && matches(tables, step)) matched.push(index);
  });
  for (const index of matched) refuseTaken(tables, steps[index]!);
  for (const index of matched) apply(tables, steps[index]!);
  return { fenced: [...held.keys()], dbNow: held.size > 0 ? tables.now() : Number.NaN, matched };
}

function matches(tables: Tables, step: OutcomeStep): boolean {
  const attempt = tables.attempts.get(step.id);
  if (step.op === "correct" || step.op === "reopen" || step.op === "forget") {
    const done = tables.done.get(step.id);
    return (
      done !== undefined &&
      done.shard === step.shard &&
      done.n === step.n &&
      done.outcome === "unconfirmed" &&
      done.item !== null
    );
  }
  if (step.n === 0) return tables.pending.get(step.id)?.shard === step.shard && attempt === undefined;
  if (attempt === undefined || attempt.n !== step.n || attempt.shard !== step.shard) return false;
  if (step.op === "release" && attempt.epoch !== step.epoch) return false;
  return step.op !== "doubt" || attempt.state === "claimed";
}

function apply(tables: Tables, step: OutcomeStep): void {
  const row = tables.pending.get(step.id);
  if (step.op === "correct" || step.op === "reopen" || step.op === "forget") applyToEnded(tables, step);
  else if (row !== undefined) applyToOpen(tables, step, row, tables.attempts.get(step.id));
  if (step.op === "correct" || (step.op === "done" && step.outcome !== "unconfirmed"))
    for (const [key, { id }] of tables.echoes) if (id === step.id) tables.echoes.delete(key);
  if (step.op === "reopen" || (step.op === "requeue" && step.decided))
    for (const command of tables.commands.values())
      if (command.id === step.id && command.kind === "resend" && command.n === step.n) command.n = null;
  if (step.event !== null) outboxOf(tables, step.shard).set(step.seq, step.event);
}

type ToEnded = Extract<OutcomeStep, { op: "correct" | "reopen" | "forget" }>;

function applyToOpen(
  tables: Tables,
  step: Exclude<OutcomeStep, ToEnded>,
  row: Pending,
  attempt: Attempt | undefined,
): void {
  if (step.op === "doubt") {
    if (attempt === undefined) return;
    attempt.state = "in_doubt";
    attempt.resolveBy = Math.ceil(step.resolveBy);
    return;
  }
  if (step.n > 0) tables.attempts.delete(step.id);
  if (step.op === "done") {
    const { id, shard, fingerprint } = row;
    const n = Math.max(step.n, row.n);
    tables.done.set(id, { id, shard, outcome: step.outcome, n, fingerprint, item: row });
    deletePending(tables, row);
    return;
  }
  row.n = step.n;
  if (step.op === "release") return;
  row.attempts = step.attempts;
  row.nextAt = Math.ceil(step.nextAt);
  if (step.decided) row.notAfter = Math.max(row.notAfter, row.nextAt + timeToLive(row));
}

function applyToEnded(tables: Tables, step: ToEnded): void {
  const done = tables.done.get(step.id)!;
  if (step.op === "correct") done.outcome = "sent";
  else if (step.op === "forget") done.item = null;
  else {
    const at = Math.ceil(step.nextAt);
    const item = done.item!;
    const times = { place: at, nextAt: at, notAfter: at + timeToLive(item) };
    insertPending(tables, { ...item, ...times, attempts: step.attempts, n: done.n });
    tables.done.delete(step.id);
  }
}

function timeToLive({ notAfter, place }: Pending): number {
  return Math.max(notAfter - place, leastRenewedMs);
}
