/** Conclusions on their way into the store: batched, at most two statements at once, flushed when one returns. */
import { openRange, resolveRange, rowsInMemory } from "../core/outbox-line.ts";
import { endUnsent, type Unsent } from "../core/unsent.ts";
import type { Item } from "../item.ts";
import type { Arrived, OutboxRow, OutcomeStep } from "../store.ts";
import { ask, dbNow, fencesOf, isLeaving, log, mayAct } from "./ask.ts";
import { windowOf } from "./members.ts";
import { forget, freeSlot } from "./ownership.ts";
import { bringUp, itemLeft, readAgain } from "./refilling.ts";
import type { Conclusion, Shard, Slot, World } from "./state.ts";

const statementsAtOnce = 2;

export function conclude(world: World, conclusion: Conclusion): void {
  if (mayAct(world, conclusion.shard)) {
    if (world.outcomes.length === 0) world.outcomesSince = world.now;
    world.outcomes.push(conclusion);
  } else conclusion.shard.sure.push(conclusion);
}

/** An item ends unsent; `claim` when it ends under one. */
export function concludeUnsent(
  world: World,
  shard: Shard,
  item: Item,
  why: Unsent,
  claim: { claimedAt: number; slot: Slot } | null,
): void {
  const { outcome, change } = endUnsent(why, dbNow(world), claim?.claimedAt ?? null);
  shard.known.set(item.id, "busy");
  conclude(world, {
    shard,
    step: { op: "done", id: item.id, n: claim === null ? 0 : item.n, outcome, providerId: null },
    event: { item, change },
    slot: claim?.slot ?? null,
    next: { kind: "left", item },
  });
}

/** An unclaimed item ends as sent: by an earlier claim, whose receipt came before it was sent again. */
export function concludeArrived(
  world: World,
  shard: Shard,
  { item, n, providerId, at: sentAt }: Arrived,
): void {
  const at = dbNow(world);
  shard.known.set(item.id, "busy");
  conclude(world, {
    shard,
    step: { op: "done", id: item.id, n: 0, outcome: "sent", providerId },
    event: {
      item: { ...item, n },
      change: { status: "sent", at, claimedAt: sentAt, sentAt: Math.min(sentAt, at), providerId },
    },
    slot: null,
    next: { kind: "left", item },
  });
}

/** When the waiting outcomes are to be written; a shard that is handed over waits for nothing. */
export function outcomesDue(world: World): number {
  const { outcomeLingerMs, outcomeBatch } = world.settings;
  if (world.outcomes.length >= outcomeBatch || isLeaving(world)) return world.now;
  return world.outcomesSince + outcomeLingerMs;
}

export function flushOutcomes(world: World): void {
  while (
    world.outcomesOpen < statementsAtOnce &&
    world.outcomes.length > 0 &&
    outcomesDue(world) <= world.now
  ) {
    const batch = world.outcomes.splice(0, world.settings.outcomeBatch);
    // The lease may have run out meanwhile: then they are kept until the shard is held again.
    for (const conclusion of batch)
      if (!mayAct(world, conclusion.shard)) conclusion.shard.sure.push(conclusion);
    const held = batch.filter(({ shard }) => mayAct(world, shard));
    if (held.length > 0) write(world, held);
  }
}

/** The part of one shard in a statement. */
type Part = ReturnType<typeof partOf>;

function write(world: World, batch: Conclusion[]): void {
  const parts = [...Map.groupBy(batch, ({ shard }) => shard)].map(([shard, conclusions]) =>
    partOf(world, shard, conclusions),
  );
  const steps = parts.flatMap((part) => part.steps);
  world.outcomesOpen++;
  for (const conclusion of batch) world.writing.add(conclusion);
  const close = () => {
    world.outcomesOpen--;
    for (const conclusion of batch) world.writing.delete(conclusion);
  };
  ask(
    world,
    "outcome",
    { fences: fencesOf(parts.map(({ shard }) => shard)), steps },
    (reply) => {
      close();
      const matched = new Set([...reply.matched].map((index) => steps[index]!));
      for (const part of parts) {
        const { shard, conclusions, range } = part;
        if (!reply.fenced.includes(shard.id)) {
          // Not written under this epoch: under the next one, if there is one.
          if (isSame(part)) forget(world, shard, "outcome_unfenced");
          for (const conclusion of conclusions) conclude(world, conclusion);
          continue;
        }
        if (isSame(part)) {
          shard.open--;
          const keep = rowsInMemory(shard.line) < world.settings.eventsInMemory;
          resolveRange(range, rowsOf(part, matched), keep);
        }
        const dropped = part.steps.filter((step) => !matched.has(step));
        if (dropped.length > 0)
          log(world, {
            event: "outcomes_dropped",
            shard: shard.id,
            count: dropped.length,
            ops: [...new Set(dropped.map(({ op }) => op))],
            message: dropped[0]!.id,
            claim: dropped[0]!.n,
          });
        conclusions.forEach((conclusion, index) => {
          settled(world, conclusion, matched.has(part.steps[index]!), shard.epoch === part.epoch);
        });
      }
    },
    () => {
      // It may have been written. A new epoch shuts out what is still under way; then each step is tried once more, and one
      // that was written does not match any more. Its event is in the outbox and is read from there.
      close();
      for (const part of parts) {
        if (isSame(part)) forget(world, part.shard, "outcome_unknown");
        for (const conclusion of part.conclusions) conclude(world, conclusion);
      }
    },
  );
}

function partOf(world: World, shard: Shard, conclusions: Conclusion[]) {
  const events = conclusions.map(({ event }) =>
    event === null ? null : world.describe(event.item, event.change),
  );
  const { first, range } = openRange(shard.line, events.filter((event) => event !== null).length);
  let seq = first;
  const steps = conclusions.map(({ step }, index): OutcomeStep => {
    const event = events[index]!;
    return { ...step, shard: shard.id, event, seq: event === null ? 0 : seq++ };
  });
  shard.open++;
  return { shard, epoch: shard.epoch, conclusions, steps, range };
}

function isSame({ shard, epoch }: Part): boolean {
  return shard.epoch === epoch && shard.phase !== "idle" && shard.phase !== "acquiring";
}

function rowsOf(part: Part, matched: ReadonlySet<OutcomeStep>): OutboxRow[] {
  return part.steps.flatMap((step) =>
    step.event !== null && matched.has(step) ? [{ shard: step.shard, seq: step.seq, event: step.event }] : [],
  );
}

/** The store has answered: done, or moved on without us (then whoever moved it decides). */
function settled(
  world: World,
  { shard, step, slot, next }: Conclusion,
  done: boolean,
  isSameEpoch: boolean,
): void {
  if (slot !== null) freeSlot(world, slot);
  shard.known.delete(step.id);
  if (next?.kind === "left") {
    // What was done under an earlier epoch was gone when the backlogs were counted for this one.
    if (done) itemLeft(world, shard, next.item, isSameEpoch);
  } else if (next?.kind === "back") {
    // Not done: its claim never was, so it waits already, and was passed over while it was in hand.
    if (done) bringUp(world, shard, next.head, true);
    else readAgain(world, shard, next.head);
  } else if (step.op === "requeue" || step.op === "reopen") {
    if (next?.kind === "reopened" && done && isSameEpoch && mayAct(world, shard)) {
      const { member, lane, stream, tenant } = next.item;
      windowOf(world, shard, { member, lane, stream: stream ?? "", tenant }, 1);
    }
    // Done now, or by an earlier statement of unknown fate: the poll finds it, since its place in the window has been passed.
    world.dueSince = Math.min(world.dueSince, step.nextAt - 1);
    world.pollAt = Math.min(world.pollAt, world.now);
  }
}
