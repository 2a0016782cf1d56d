/** Batches from the topics into the schedule, when the shard is held; then straight into the windows. */
import { admissionBegins, admissionEnds } from "../core/gate.ts";
import { openRange, resolveRange, rowsInMemory } from "../core/outbox-line.ts";
import type { Item, NewItem, Reason } from "../item.ts";
import type { Gate, Verdict } from "../store.ts";
import { ask, dbNow, isOpen, mayAct } from "./ask.ts";
import { windowOf } from "./members.ts";
import { concludeUnsent } from "./outcomes.ts";
import { forget } from "./ownership.ts";
import { bringUp } from "./refilling.ts";
import type { Admission, AdmissionResult, Shard, World } from "./state.ts";

export function admit(world: World, shard: Shard, admission: Admission): void {
  const { token, batch } = admission;
  const source = `${batch.cluster} ${batch.topic} ${batch.partition}`;
  // The same batch given twice at once would find neither the other's cursor nor its rows.
  if (!isOpen(world, shard) || shard.admissions.has(source)) {
    shard.waitingAdmissions.push(admission);
    return;
  }
  const at = dbNow(world);
  const taken = firstOfEachId(batch.items).map((item) => takenIn(world, shard, item, at));
  const items = taken.map(({ item }) => item);
  const events = taken.map(({ item, reason }) => {
    const nextAt = item.nextAt !== null && item.nextAt > at ? item.nextAt : null;
    return world.describe(item, { status: "queued", at, nextAt, reason });
  });
  const { epoch, line } = shard;
  const { first, range } = openRange(line, items.length);
  const isSame = () => shard.epoch === epoch && mayAct(world, shard);
  admissionBegins(shard.gates, token);
  shard.admissions.set(source, token);
  shard.open++;
  ask(
    world,
    "admit",
    {
      fence: { shard: shard.id, epoch },
      cluster: batch.cluster,
      topic: batch.topic,
      partition: batch.partition,
      nextOffset: Number(batch.nextOffset),
      admittedAt: at,
      items,
      events,
      firstSeq: first,
    },
    (reply) => {
      if (!reply.fenced.includes(shard.id)) {
        if (isSame()) forget(world, shard, "admit_unfenced");
        world.effects.push({ kind: "admission_failed", token, why: "the shard is not held any more" });
        return;
      }
      if (isSame()) {
        shard.open--;
        shard.admissions.delete(source);
        const rows = reply.verdicts.flatMap((verdict, index) =>
          verdict.kind === "new" ? [{ shard: shard.id, seq: first + index, event: events[index]! }] : [],
        );
        resolveRange(range, rows, rowsInMemory(line) < world.settings.eventsInMemory);
        takeUp(world, shard, token, items, reply.verdicts);
        admitWaiting(world, shard);
      }
      // Committed, whatever has become of the shard: the new owner finds the rows.
      world.effects.push({ kind: "admitted", token, result: resultOf(batch.items, items, reply.verdicts) });
    },
    (error) => {
      if (isSame()) forget(world, shard, "admit_unknown");
      world.effects.push({ kind: "admission_failed", token, why: error });
    },
  );
}

/** What its guard would put off when it is claimed gets its time now, so that many of them need not be claimed for it. */
function takenIn(
  world: World,
  shard: Shard,
  newItem: NewItem,
  at: number,
): { item: Item; reason: Reason | null } {
  const item: Item = { ...newItem, shard: shard.id, attempts: 0, n: 0, admittedAt: at };
  const verdict = world.guard(item, Math.max(at, item.nextAt ?? 0));
  // What it would refuse now may be another matter when its turn comes.
  return verdict?.kind === "wait"
    ? { item: { ...item, nextAt: verdict.until }, reason: verdict.reason }
    : { item, reason: null };
}

/** New items into windows, without reading them back. */
function takeUp(
  world: World,
  shard: Shard,
  token: number,
  items: readonly Item[],
  verdicts: readonly Verdict[],
): void {
  const behind: Gate[] = [];
  items.forEach((item, index) => {
    const verdict = verdicts[index]!;
    if (verdict.kind !== "new") return;
    const stream = item.stream ?? "";
    windowOf(world, shard, { member: item.member, lane: item.lane, stream, tenant: item.tenant }, 1);
    // Committed some time ago: a poll or a refill has found it already.
    if (shard.known.has(item.id)) return;
    if (verdict.cancelled) concludeUnsent(world, shard, item, "cancelled", null);
    else if (item.notAfter <= item.admittedAt) concludeUnsent(world, shard, item, "expired", null);
    else if (verdict.head) {
      const { id, tenant, member, lane, nextAt } = item;
      const { place, offset } = verdict;
      bringUp(world, shard, {
        id,
        shard: shard.id,
        tenant,
        member,
        lane,
        stream,
        place,
        offset,
        n: 0,
        nextAt,
      });
    } else behind.push({ shard: shard.id, lane: item.lane, conversation: item.conversation });
  });
  admissionEnds(shard.gates, token, behind);
}

export function admitWaiting(world: World, shard: Shard): void {
  for (const admission of shard.waitingAdmissions.splice(0)) admit(world, shard, admission);
}

/** Only those that wait for their shard: nothing of them has reached the store. */
export function failWaitingAdmissions(
  world: World,
  which: (admission: Admission) => boolean,
  why: string,
): void {
  for (const shard of world.shards.values())
    shard.waitingAdmissions = shard.waitingAdmissions.filter((admission) => {
      if (!which(admission)) return true;
      world.effects.push({ kind: "admission_failed", token: admission.token, why });
      return false;
    });
}

function firstOfEachId(items: readonly NewItem[]): NewItem[] {
  const seen = new Set<string>();
  return items.filter(({ id }) => !seen.has(id) && seen.add(id));
}

function resultOf(
  all: readonly NewItem[],
  asked: readonly NewItem[],
  verdicts: readonly Verdict[],
): AdmissionResult {
  const admitted = verdicts.filter(({ kind }) => kind === "new").length;
  const conflicts = asked
    .filter((_, index) => verdicts[index]!.kind === "conflict")
    .map(({ id }) => ({ id }));
  const fingerprints = new Map(asked.map(({ id, fingerprint }) => [id, fingerprint]));
  // A repeat inside the batch itself was not even asked for.
  for (const item of all) if (fingerprints.get(item.id) !== item.fingerprint) conflicts.push({ id: item.id });
  return { admitted, known: all.length - admitted - conflicts.length, conflicts };
}
