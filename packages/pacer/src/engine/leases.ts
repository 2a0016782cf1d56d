/** Who owns a shard: acquiring, renewing, handing over. What may be done for it depends on nothing else. */
import { factorAt } from "../core/adapt.ts";
import { latestDbTime } from "../core/clock.ts";
import { newOutboxLine } from "../core/outbox-line.ts";
import type { PaceRow } from "../store.ts";
import { admitWaiting } from "./admission.ts";
import { ask, dbNow, fencesOf, log, mayAct } from "./ask.ts";
import { pollSoon } from "./housekeeping.ts";
import { continueLimits, paceOf } from "./limits.ts";
import { continuePace, memberOf, memberPace, windowOf } from "./members.ts";
import { conclude } from "./outcomes.ts";
import { dropSure, forget, releaseOf } from "./ownership.ts";
import { isPublished } from "./publishing.ts";
import type { Shard, StoreReply, World } from "./state.ts";
import { continueStreams, streamsLeft } from "./stream-pace.ts";

/** Behind a failed statement: the database may be away. */
const failedRetryMs = 500;
/** What may still be flushed after the sends of a hand-over had to be given up. */
const flushMs = 500;

export function keepLeases(world: World): void {
  for (const shard of world.shards.values()) {
    if (mayAct(world, shard)) continue;
    if (shard.phase === "owned" || shard.phase === "leaving") forget(world, shard, "lease_not_renewed");
    if (shard.phase === "idle" && shard.wanted && world.now >= shard.acquireAt) acquire(world, shard);
  }
  renew(world);
  for (const shard of world.shards.values()) if (shard.phase === "leaving") leave(world, shard);
}

function acquire(world: World, shard: Shard): void {
  shard.phase = "acquiring";
  const { leaseMs } = world.settings;
  ask(
    world,
    "acquire",
    { shard: shard.id, leaseMs },
    (reply, sentAt) => {
      if (reply !== null) return begin(world, shard, reply, sentAt);
      // Another process holds it and decides over what was in our hands.
      dropSure(world, shard);
      rest(world, shard, world.settings.acquireRetryMs);
    },
    () => rest(world, shard, failedRetryMs),
  );
}

/** Not held; tried again later if it is still wanted. */
function rest(world: World, shard: Shard, retryMs: number): void {
  shard.phase = "idle";
  shard.acquireAt = world.now + retryMs;
  if (shard.wanted) return;
  dropSure(world, shard);
  world.effects.push({ kind: "left", shard: shard.id });
}

function begin(world: World, shard: Shard, got: NonNullable<StoreReply["acquire"]>, sentAt: number): void {
  shard.phase = "owned";
  shard.epoch = got.epoch;
  shard.acquiredAt = world.now;
  // Counted from before the statement was sent: the store's ten seconds began later.
  shard.goodUntil = sentAt + world.settings.leaseActMs;
  shard.line = newOutboxLine(shard.id, got.publishedSeq, got.lastSeq);
  shard.open = 0;
  log(world, {
    event: "shard_acquired",
    shard: shard.id,
    epoch: got.epoch,
    waiting: got.windows.reduce((sum, window) => sum + window.count, 0),
    unpublished: got.lastSeq - got.publishedSeq,
    clean_hand_over: got.cleanHandOver,
  });
  // What this process still has in hand from before is neither to be picked nor to be doubted.
  for (const claim of world.sends.values())
    if (claim.member.shard === shard) shard.known.set(claim.item.id, "busy");
  for (const [id, of] of world.claiming) if (of === shard) shard.known.set(id, "busy");
  for (const conclusion of world.writing)
    if (conclusion.shard === shard) shard.known.set(conclusion.step.id, "busy");
  for (const { step } of shard.sure) shard.known.set(step.id, "busy");
  world.outcomes.push(...shard.sure.splice(0));

  for (const window of got.windows) windowOf(world, shard, window, window.count);
  continueLimits(world, shard, got.pace, got.cleanHandOver);
  continueStreams(world, shard, got.pace, got.cleanHandOver);
  const paced = new Map(
    got.pace.filter(({ scope }) => scope === "member").map((row) => [row.key, row] as const),
  );
  for (const member of shard.members.values()) {
    const stored = paced.get(member.id);
    if (stored !== undefined) continuePace(world, member, stored, got.cleanHandOver);
  }
  // Members without anything waiting: their pace matters when something comes.
  for (const [id, stored] of paced)
    if (!shard.members.has(id) && (stored.nextArrival > dbNow(world) || stored.factor < 1))
      continuePace(world, memberOf(world, shard, id, ""), stored, got.cleanHandOver);

  if (!shard.wanted) startLeaving(world, shard, 0);
  world.dueSince = Math.min(world.dueSince, dbNow(world) - 5_000);
  world.commandsSince = 0;
  pollSoon(world);
  admitWaiting(world, shard);
}

function renew(world: World): void {
  if (world.renewOpen || world.now < world.renewAt) return;
  const held = [...world.shards.values()].filter((shard) => mayAct(world, shard));
  world.renewAt = world.now + world.settings.renewMs;
  if (held.length === 0) return;
  const fences = fencesOf(held);
  const epochs = new Map(fences.map(({ shard, epoch }) => [shard, epoch]));
  world.renewOpen = true;
  ask(
    world,
    "renew",
    { fences, leaseMs: world.settings.leaseMs },
    (reply, sentAt) => {
      world.renewOpen = false;
      for (const shard of held) {
        if (shard.epoch !== epochs.get(shard.id) || shard.phase === "idle" || shard.phase === "acquiring")
          continue;
        if (reply.fenced.includes(shard.id))
          shard.goodUntil = Math.max(shard.goodUntil, sentAt + world.settings.leaseActMs);
        else forget(world, shard, "lease_taken");
      }
    },
    () => {
      world.renewOpen = false;
      world.renewAt = world.now + failedRetryMs;
    },
  );
}

export function disown(world: World, shard: Shard, budgetMs: number): void {
  shard.wanted = false;
  for (const { token } of shard.waitingAdmissions.splice(0))
    world.effects.push({ kind: "admission_failed", token, why: "the shard is being handed over" });
  if (shard.phase === "owned") startLeaving(world, shard, budgetMs);
  else if (shard.phase === "idle") rest(world, shard, 0);
}

function startLeaving(world: World, shard: Shard, budgetMs: number): void {
  log(world, { event: "shard_leaving", shard: shard.id, epoch: shard.epoch });
  shard.phase = "leaving";
  shard.leaveBy = world.now + budgetMs;
  for (const member of shard.members.values()) {
    world.dirty.add(member);
    for (const { head, item, slot } of member.ready.splice(0))
      conclude(world, releaseOf(shard, shard.epoch, head, item.n, slot));
  }
}

/** In order: nothing new, sends answered or given up, everything written and published, then the lease. */
function leave(world: World, shard: Shard): void {
  const sends = [...world.sends].filter(([, claim]) => claim.member.shard === shard);
  if (sends.length > 0) {
    if (world.now >= shard.leaveBy) for (const [token] of sends) world.effects.push({ kind: "abort", token });
    if (world.now < shard.leaveBy + flushMs) return;
  }
  const written = shard.open === 0 && !world.outcomes.some((conclusion) => conclusion.shard === shard);
  if (!(written && isPublished(world, shard)) && world.now < shard.leaveBy + flushMs) return;
  const { epoch } = shard;
  const clock = world.clock!;
  const members = [...shard.members.values()];
  const pace: PaceRow[] = [
    ...members
      .filter((member) => member.arrival > world.now || factorAt(member.adapted, world.now) < 1)
      .map((member) => memberPace(world, member, latestDbTime(clock, member.arrival))),
    ...paceOf(world, members, [shard]),
    ...streamsLeft(world, shard),
  ];
  shard.phase = "owned";
  forget(world, shard, "handed_over");
  shard.phase = "acquiring";
  const end = () => rest(world, shard, 0);
  ask(world, "release", { fences: [{ shard: shard.id, epoch }], pace }, end, end);
}
