/** The outbox to the outside, in order, one batch at a time; the watermark follows. */
import { isSettled, nextRows, published } from "../core/outbox-line.ts";
import type { OutboxRow } from "../store.ts";
import { ask, isLeaving, mayAct } from "./ask.ts";
import { forget } from "./ownership.ts";
import type { Shard, World } from "./state.ts";

const retryMs = 500;

export function publishNext(world: World): void {
  if (world.publishOpen || world.now < world.publishAt) return;
  const rows: OutboxRow[] = [];
  const marks: { shard: Shard; epoch: number; seq: number }[] = [];
  // A shard that filled the batch goes behind the others next time.
  const shards = [...world.shards.values()];
  for (const shard of shards) {
    if (!mayAct(world, shard)) continue;
    const space = world.settings.publishBatch - rows.length;
    if (space <= 0) break;
    const next = nextRows(shard.line, space);
    if (next.kind === "read") readStored(world, shard, next.upTo);
    if (next.kind !== "rows") continue;
    rows.push(...next.rows);
    marks.push({ shard, epoch: shard.epoch, seq: next.upTo });
    world.shards.delete(shard.id);
    world.shards.set(shard.id, shard);
  }
  if (marks.length === 0) return;
  publish(world, rows, marks);
}

/** Published twice is harmless: an event has its own id, and whoever reads it knows the second by it. */
function publish(
  world: World,
  rows: OutboxRow[],
  marks: { shard: Shard; epoch: number; seq: number }[],
): void {
  const done = () => {
    for (const { shard, epoch, seq } of marks)
      if (shard.epoch === epoch && mayAct(world, shard)) published(shard.line, seq);
    world.watermarks = new Map([...world.watermarks, ...marks.map((mark) => [mark.shard, mark] as const)]);
  };
  // Numbers that were given out and not used.
  if (rows.length === 0) {
    done();
    return;
  }
  world.publishOpen = true;
  const token = world.nextToken++;
  world.awaited.set(token, {
    onReply: () => {
      world.publishOpen = false;
      done();
    },
    onFailure: () => {
      world.publishOpen = false;
      world.publishAt = world.now + retryMs;
    },
  });
  world.effects.push({ kind: "publish", token, rows });
}

/** Rows of an earlier owner, or those that memory had no room for. */
function readStored(world: World, shard: Shard, upTo: number): void {
  if (shard.reading || world.now < world.readAt) return;
  shard.reading = true;
  const { epoch, line } = shard;
  const limit = world.settings.publishBatch;
  ask(
    world,
    "readOutbox",
    { fence: { shard: shard.id, epoch }, after: line.publishedSeq, upTo, limit },
    (reply) => {
      if (shard.epoch !== epoch || shard.line !== line) return;
      shard.reading = false;
      if (reply.fenced.length === 0) return forget(world, shard, "outbox_unfenced");
      const to = reply.rows.length < limit ? upTo : reply.rows.at(-1)!.seq;
      const rest = line.ranges.shift();
      if (rest === undefined) return;
      if (to < rest.to) line.ranges.unshift(rest);
      line.ranges.unshift({ to, rows: reply.rows });
    },
    () => {
      world.readAt = world.now + retryMs;
      if (shard.epoch === epoch) shard.reading = false;
    },
  );
}

export function saveWatermarks(world: World): void {
  if (world.watermarkOpen || world.watermarks.size === 0) return;
  if (world.now < world.watermarkAt && !isLeaving(world)) return;
  world.watermarkAt = world.now + world.settings.watermarkMs;
  const marks = [...world.watermarks.values()].filter(
    ({ shard, epoch }) => shard.epoch === epoch && mayAct(world, shard),
  );
  world.watermarks = new Map();
  if (marks.length === 0) return;
  world.watermarkOpen = true;
  for (const { shard } of marks) shard.open++;
  const close = () => {
    world.watermarkOpen = false;
    for (const { shard, epoch } of marks) if (shard.epoch === epoch) shard.open = Math.max(0, shard.open - 1);
  };
  ask(
    world,
    "watermark",
    { marks: marks.map(({ shard, epoch, seq }) => ({ shard: shard.id, epoch, seq })) },
    (reply) => {
      close();
      for (const { shard, epoch } of marks)
        if (!reply.fenced.includes(shard.id) && shard.epoch === epoch && mayAct(world, shard))
          forget(world, shard, "watermark_unfenced");
    },
    // The next one says it again; until then a take-over would publish these events a second time.
    close,
  );
}

/** Everything this owner knows of is published and so marked. */
export function isPublished(world: World, shard: Shard): boolean {
  return isSettled(shard.line) && shard.line.ranges.length === 0 && !world.watermarks.has(shard);
}
