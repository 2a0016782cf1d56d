/** The calls of the store that change items: what the statements in sql/ do. */
import type { CommandKind, Echo } from "../src/item.ts";
import type {
  AdmitRequest,
  ClaimReply,
  ClaimRequest,
  Fence,
  OutcomeReply,
  OutcomeStep,
  Reply,
  Verdict,
} from "../src/store.ts";
import {
  deletePending,
  fenced,
  gateOf,
  insertPending,
  isBehind,
  itemOf,
  leaseOf,
  outboxOf,
  type Pending,
  type Running,
  stands,
  type Tables,
  upsertPace,
} from "./tables.ts";

/** Two instants: what the statement sees, and when others see what it did. */
export function* admit(
  tables: Tables,
  owner: string,
  request: AdmitRequest,
): Running<Reply & { verdicts: Verdict[] }> {
  const { fence, items, events, firstSeq } = request;
  const { shard } = fence;
  const key = `${request.cluster} ${request.topic} ${request.partition}`;
  let cursor = tables.cursors.get(key);
  while (cursor?.locked) yield "locked";
  if (!fenced(tables, owner, [fence]).has(shard)) return { fenced: [], dbNow: tables.now(), verdicts: [] };
  if (cursor === undefined) {
    cursor = { nextOffset: 0, lastAt: 0, locked: false };
    tables.cursors.set(key, cursor);
  }
  const at = Math.floor(request.admittedAt);
  const base = Math.max(at, Math.min(cursor.lastAt, at + 5_000));
  const fresh = new Map<number, Pending>();
  const verdicts: Verdict[] = items.map((item, index) => {
    const known = (tables.pending.get(item.id) ?? tables.done.get(item.id))?.fingerprint;
    if (Number(item.offset) < cursor.nextOffset) return { kind: "below_cursor" };
    if (known !== undefined) return { kind: known === item.fingerprint ? "known" : "conflict" };
    const place = Math.max(item.nextAt ?? 0, base);
    fresh.set(index, {
      ...item,
      nextAt: item.nextAt !== null && item.nextAt > base ? item.nextAt : null,
      shard,
      attempts: 0,
      n: 0,
      admittedAt: at,
      gate: gateOf(shard, item.lane, item.conversation),
      place,
      at: Number(item.offset),
    });
    return { kind: "known" };
  });
  const heads = new Map<number, boolean>();
  for (const [index, row] of fresh) {
    const others = [...fresh.values()].filter((other) => other.gate === row.gate);
    heads.set(
      index,
      row.gate === null || (!isBehind(tables, row) && !others.some((other) => stands(other, row))),
    );
  }
  const cancelled = new Set([...fresh.values()].filter(({ id }) => tables.commands.has(`${id} cancel`)));
  const lease = leaseOf(tables, shard);
  lease.sharers++;
  cursor.locked = true;
  yield "next";
  lease.sharers--;
  cursor.locked = false;
  for (const index of fresh.keys())
    refuseTaken(tables, { shard, seq: firstSeq + index, event: events[index]! });
  for (const [index, row] of fresh) {
    if (tables.pending.has(row.id)) throw new Error(`pending ${row.id} exists`);
    insertPending(tables, row);
    outboxOf(tables, shard).set(firstSeq + index, events[index]!);
    verdicts[index] = {
      kind: "new",
      head: heads.get(index)!,
      cancelled: cancelled.has(row),
      place: row.place,
      offset: row.at,
    };
  }
  cursor.nextOffset = Math.max(cursor.nextOffset, request.nextOffset);
  cursor.lastAt = base;
  return { fenced: [shard], dbNow: tables.now(), verdicts };
}

export function claim(tables: Tables, owner: string, { fences, items, pace }: ClaimRequest): ClaimReply {
  const held = fenced(tables, owner, fences);
  upsertPace(tables, held, pace);
  const now = tables.now();
  const reply: ClaimReply = {
    fenced: [...held.keys()],
    dbNow: held.size > 0 ? now : Number.NaN,
    claimed: [],
    expired: [],
    cancelled: [],
  };
  for (const { shard, id } of items) {
    const row = tables.pending.get(id);
    const epoch = held.get(shard);
    if (row === undefined || epoch === undefined || row.shard !== shard) continue;
    if (tables.attempts.has(id) || tables.done.has(id)) continue;
    if (tables.commands.has(`${id} cancel`)) reply.cancelled.push(itemOf(row));
    else if (row.notAfter <= now) reply.expired.push(itemOf(row));
    else if ((row.nextAt === null || row.nextAt <= now) && !isBehind(tables, row)) {
      const n = row.n + 1;
      tables.attempts.set(id, { id, shard, epoch, n, claimedAt: now, state: "claimed", resolveBy: null });
      reply.claimed.push({ item: { ...itemOf(row), n }, claimedAt: now });
    }
  }
  return reply;
}

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

/** The outbox's key: a statement that breaks it fails as a whole. */
function refuseTaken(
  tables: Tables,
  { shard, seq, event }: Pick<OutcomeStep, "shard" | "seq" | "event">,
): void {
  if (event !== null && outboxOf(tables, shard).has(seq)) throw new Error(`outbox ${shard}:${seq} exists`);
}

function matches(tables: Tables, step: OutcomeStep): boolean {
  const attempt = tables.attempts.get(step.id);
  if (step.op === "correct") {
    const done = tables.done.get(step.id);
    return done !== undefined && done.n === step.n && done.outcome === "unconfirmed";
  }
  if (step.n === 0) return tables.pending.get(step.id)?.shard === step.shard && attempt === undefined;
  if (attempt === undefined || attempt.n !== step.n || attempt.shard !== step.shard) return false;
  if (step.op === "release" && attempt.epoch !== step.epoch) return false;
  return step.op !== "doubt" || attempt.state === "claimed";
}

function apply(tables: Tables, step: OutcomeStep): void {
  const row = tables.pending.get(step.id);
  const attempt = tables.attempts.get(step.id);
  if (step.n > 0 && (step.op === "done" || step.op === "requeue" || step.op === "release"))
    tables.attempts.delete(step.id);
  if (step.op === "doubt" && attempt !== undefined) {
    attempt.state = "in_doubt";
    attempt.resolveBy = Math.ceil(step.resolveBy);
  }
  if (row !== undefined && (step.op === "requeue" || step.op === "release")) {
    row.n = step.n;
    if (step.op === "requeue") {
      row.attempts = step.attempts;
      row.nextAt = step.nextAt === null ? null : Math.ceil(step.nextAt);
    }
  }
  if (row !== undefined && step.op === "done") {
    const { id, shard, fingerprint } = row;
    tables.done.set(id, {
      id,
      shard,
      outcome: step.outcome,
      n: Math.max(step.n, row.n),
      fingerprint,
      item: row,
    });
    deletePending(tables, row);
  }
  const ended = tables.done.get(step.id);
  if (step.op === "correct" && ended !== undefined) ended.outcome = "sent";
  if (step.op === "done" || step.op === "correct") tables.echoes.delete(`${step.id} ${step.n}`);
  if (step.event !== null) outboxOf(tables, step.shard).set(step.seq, step.event);
}

export function settle(tables: Tables, _owner: string, echoes: readonly Echo[]): { shards: number[] } {
  const shards = new Set<number>();
  for (const echo of echoes) {
    const key = `${echo.id} ${echo.n}`;
    const done = tables.done.get(echo.id);
    const isOpen = tables.attempts.get(echo.id)?.n === echo.n;
    const isUnconfirmed = done?.n === echo.n && done.outcome === "unconfirmed";
    if (tables.echoes.has(key) || !(isOpen || isUnconfirmed)) continue;
    tables.echoes.set(key, echo);
    shards.add(echo.shard);
  }
  return { shards: [...shards] };
}

export function command(
  tables: Tables,
  _owner: string,
  wish: { shard: number; id: string; kind: CommandKind },
): void {
  tables.commands.set(`${wish.id} ${wish.kind}`, wish);
}
