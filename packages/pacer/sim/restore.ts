/** The database is lost and set back to an older copy; what `npm run restore` does about it, on the model's tables. */
import {
  noTrace,
  type Recovery,
  type Restored,
  recover,
  type Told,
  type Trace,
  trace,
} from "../src/core/restored.ts";
import type { Echo, NewItem } from "../src/item.ts";
import type { Agenda } from "./agenda.ts";
import type { History, PublishedEvent } from "./history.ts";
import type { Kafka } from "./kafka.ts";
import type { Random } from "./random.ts";
import { deletePending, gateOf, insertPending, leaseOf, type Tables } from "./tables.ts";

/** In ms of true time. */
export type Restore = { copyAt: number; lostAt: number; downMs: number };

/** How a deliberate bug takes hold. */
export type RestoreSabotage = { recovery?: (recovery: Recovery) => Recovery; isRewound?: false };

export function restoreOf(random: Random, spanMs: number): Restore | null {
  if (!random.chance(0.1)) return null;
  const copyAt = random.between(0, spanMs);
  return { copyAt, lostAt: copyAt + random.between(50, 8_000), downMs: random.between(200, 6_000) };
}

export function planRestore(deps: {
  agenda: Agenda;
  restore: Restore;
  tables: Tables;
  history: History;
  kafka: Kafka;
  dbNow: () => number;
  /** Of what was noted so far. */
  receipts: () => readonly Echo[];
  /** Everything that runs ends at once, and so does all that is under way to the database. */
  end: () => void;
  /** All processes, anew. */
  start: () => void;
  sabotage: RestoreSabotage;
}): void {
  const { agenda, restore, tables, history, kafka, dbNow, sabotage } = deps;
  let copy: Omit<Tables, "now">;
  agenda.at(restore.copyAt, () => {
    const { now: _, ...rows } = tables;
    copy = structuredClone(rows);
  });
  agenda.at(restore.lostAt, () => {
    const lostAt = dbNow();
    deps.end();
    agenda.after(restore.downMs, () => {
      Object.assign(tables, copy);
      settle(deps, lostAt);
      if (sabotage.isRewound !== false) kafka.rewind(nextOffsets(tables));
      history.era++;
      deps.start();
    });
  });
}

const nextOffsets = (tables: Tables) => (topic: string, shard: number) =>
  tables.cursors.get(`k ${topic} ${shard}`)?.nextOffset ?? 0;

function settle(
  { tables, history, kafka, receipts, sabotage }: Parameters<typeof planRestore>[0],
  lostAt: number,
): void {
  const traces = new Map<string, Trace>();
  const hear = (id: string, told: Told) => traces.set(id, trace(traces.get(id) ?? noTrace, told));
  for (const { event } of history.published) {
    const said = JSON.parse(event) as PublishedEvent;
    const told = toldBy(said);
    if (told !== null) hear(said.id, told);
  }
  for (const { id, n, outcome } of receipts()) hear(id, { kind: "receipt", n, outcome });
  const decide = (id: string, item: Restored) => {
    const recovery = recover(item, traces.get(id) ?? noTrace, { lostAt, isAllTold: false });
    return sabotage.recovery?.(recovery) ?? recovery;
  };
  for (const lease of tables.leases.values())
    Object.assign(lease, {
      owner: null,
      released: false,
      expiresAt: Number.NEGATIVE_INFINITY,
      sharers: 0,
    });
  for (const cursor of tables.cursors.values()) cursor.locked = false;
  for (const row of [...tables.pending.values()]) {
    const { id, n, nextAt } = row;
    const claimed = tables.attempts.get(id)?.n ?? null;
    write(tables, row.shard, row, decide(id, { n, claimed, nextAt, isKnown: true }));
  }
  for (const { item, shard, acceptedAt } of kafka.since(nextOffsets(tables))) {
    const isKnown = tables.pending.has(item.id) || tables.done.has(item.id);
    if (isKnown || acceptedAt > lostAt) continue;
    write(tables, shard, item, decide(item.id, { n: 0, claimed: null, nextAt: item.nextAt, isKnown: false }));
  }
  for (const echo of receipts())
    if (tables.attempts.get(echo.id)?.n === echo.n && echoMatters(tables, echo))
      tables.echoes.set(`${echo.id} ${echo.n}`, { ...echo, at: tables.now() });
  for (const row of tables.pace.values()) row.nextArrival = Math.max(row.nextArrival, tables.now());
}

/** Of two that differ the one that says it left. */
function echoMatters(tables: Tables, { id, n, outcome }: Echo): boolean {
  return outcome === "sent" || !tables.echoes.has(`${id} ${n}`);
}

function toldBy({ n, change }: PublishedEvent): Told | null {
  switch (change.status) {
    case "queued":
      return { kind: "queued", next: n + 1, nextAt: change.nextAt, attempts: n };
    case "in_doubt":
    case "unconfirmed":
      return { kind: change.status, n };
    default:
      return {
        kind: "ended",
        outcome: change.status,
        n,
        providerId: change.status === "sent" ? change.providerId : null,
      };
  }
}

/** As sql/restore.ts has it. */
function write(tables: Tables, shard: number, item: NewItem, recovery: Recovery): void {
  const { id } = item;
  const row = tables.pending.get(id);
  if (recovery.kind === "end") {
    if (row !== undefined) deletePending(tables, row);
    tables.attempts.delete(id);
    const kept = recovery.outcome === "unconfirmed" ? (row ?? null) : null;
    const { outcome, n } = recovery;
    tables.done.set(id, { id, shard, outcome, n, fingerprint: item.fingerprint, item: kept });
  } else if (recovery.kind === "wait") {
    tables.attempts.delete(id);
    if (row !== undefined) Object.assign(row, { n: recovery.n, nextAt: recovery.nextAt });
  } else {
    const { n } = recovery;
    const now = tables.now();
    if (row !== undefined) row.n = Math.max(row.n, n - 1);
    else
      insertPending(tables, {
        ...item,
        shard,
        n: n - 1,
        attempts: 0,
        admittedAt: now,
        gate: gateOf(shard, item.lane, item.conversation),
        place: Math.max(item.nextAt ?? 0, now),
        at: Number(item.offset),
      });
    const { epoch } = leaseOf(tables, shard);
    tables.attempts.set(id, { id, shard, epoch, n, claimedAt: now, state: "claimed", resolveBy: null });
  }
}
