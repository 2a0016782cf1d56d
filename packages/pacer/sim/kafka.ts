/**
 * The lane topics and their consumer group: logs that are read in batches, again and again where an offset was not committed,
 * and a coordinator that moves shards between processes, some of which do not know it yet.
 */
import type { NewItem } from "../src/item.ts";
import type { Agenda } from "./agenda.ts";
import type { History } from "./history.ts";
import type { Plan } from "./plan.ts";
import type { Process } from "./process.ts";
import type { Random } from "./random.ts";
import { epochMs, type LogRecord } from "./traffic.ts";

export type Kafka = {
  append(record: LogRecord): void;
  join(process: Process): void;
  leave(process: Process): void;
  rebalance(): void;
  /** Gives the shard to another process, of which the one that has it hears late. */
  move(shard: number): void;
  /** A planned stop: hands its shards over, then calls back. */
  stop(process: Process, stopped: () => void): void;
  /** Sets the group back to these offsets. */
  rewind(nextOffset: (topic: string, shard: number) => number): void;
  /** What lies behind these offsets; by the database's clock, which does not jump then. */
  since(
    nextOffset: (topic: string, shard: number) => number,
  ): { item: NewItem; shard: number; acceptedAt: number }[];
};

type Log = { key: string; topic: string; shard: number; records: LogRecord[]; committed: number };
type Reader = { log: Log; isStopped: boolean; isIdle: boolean; wake: () => void };
/** What one process has heard of its assignment. */
type Follower = { process: Process; wanted: Set<number>; readers: Reader[] };

export function createKafka(deps: {
  agenda: Agenda;
  random: Random;
  plan: Plan;
  history: History;
  changed: () => void;
}): Kafka {
  const { agenda, random, plan, history } = deps;
  const logs = new Map<string, Log>();
  const followers = new Map<Process, Follower>();
  /** A process that was put out of the group still acts on what it last heard. */
  const memory = new Map<Process, Follower>();
  const assignment = new Map<number, Process>();
  const seen = new Set<string>();
  let generation = 0;
  let moving: number | null = null;

  for (let shard = 0; shard < plan.shards; shard++)
    for (const topic of ["otp", "standard", "bulk"])
      logs.set(`${topic} ${shard}`, { key: `${topic} ${shard}`, topic, shard, records: [], committed: 0 });

  function append(record: LogRecord): void {
    const log = logs.get(`${record.lane} ${record.shard}`)!;
    const item = { ...record.item, offset: String(log.records.length) };
    log.records.push({ ...record, item });
    if (!seen.has(item.id)) history.accepted.push({ item, shard: record.shard, at: agenda.now() });
    seen.add(item.id);
    for (const { readers } of memory.values())
      for (const reader of readers) if (reader.log === log && reader.isIdle) reader.wake();
  }

  function rebalance(lateMs = 500): void {
    deps.changed();
    const joined = [...followers.keys()];
    const current = ++generation;
    if (joined.length === 0) return;
    for (let shard = 0; shard < plan.shards; shard++) {
      const owner = assignment.get(shard);
      if (shard === moving) continue;
      if (owner === undefined || !followers.has(owner) || random.chance(0.3))
        assignment.set(shard, random.pick(joined));
    }
    for (const follower of followers.values()) {
      const { process } = follower;
      const wanted = new Set([...assignment].flatMap(([shard, owner]) => (owner === process ? [shard] : [])));
      const loses = [...follower.wanted].some((shard) => !wanted.has(shard));
      agenda.after(random.between(0, loses ? lateMs : 500), () =>
        process.whenAwake(() => {
          if (current === generation && followers.get(process) === follower) follow(follower, wanted);
        }),
      );
    }
  }

  /** As the dispatcher does: only what really moves changes hands. */
  function follow(follower: Follower, wanted: Set<number>): void {
    const { process } = follower;
    const before = follower.wanted;
    follower.wanted = wanted;
    for (const shard of wanted)
      if (!before.has(shard)) {
        process.give({ kind: "own", shard });
        for (const log of logs.values()) if (log.shard === shard) read(follower, log);
      }
    for (const shard of before)
      if (!wanted.has(shard)) {
        for (const reader of follower.readers) if (reader.log.shard === shard) reader.isStopped = true;
        process.leave(shard, plan.settings.handOverMs, () => {
          if (follower.wanted.has(shard)) process.give({ kind: "own", shard });
        });
      }
  }

  function read(follower: Follower, log: Log): void {
    const { process } = follower;
    let position = log.committed;
    const reader: Reader = { log, isStopped: false, isIdle: false, wake: () => again(1) };
    follower.readers = [...follower.readers.filter(({ isStopped }) => !isStopped), reader];

    function again(delayMs: number): void {
      reader.isIdle = false;
      agenda.after(random.between(0, delayMs), () => process.whenAwake(fetch));
    }

    function fetch(): void {
      if (reader.isStopped) return;
      const batch = log.records.slice(position, position + random.pick([1, 3, 50]));
      if (batch.length === 0) {
        reader.isIdle = true;
        return;
      }
      const next = position + batch.length;
      process.admit(
        {
          shard: log.shard,
          cluster: "k",
          topic: log.topic,
          partition: log.shard,
          nextOffset: String(next),
          items: batch.map(({ item }) => item),
        },
        (result) => {
          if (result === null) {
            position = log.committed;
            return again(200);
          }
          // The offset is committed after the effect, if nothing comes in between; and some batches are read twice.
          if (random.chance(0.8)) log.committed = next;
          position = random.chance(0.1) ? random.int(0, next) : next;
          again(5);
        },
      );
    }
    again(5);
  }

  function leave(process: Process): void {
    if (followers.delete(process)) rebalance();
  }

  return {
    append,
    join(process) {
      const follower = memory.get(process) ?? { process, wanted: new Set(), readers: [] };
      memory.set(process, follower);
      followers.set(process, follower);
      rebalance();
    },
    leave,
    rebalance,
    rewind(nextOffset) {
      for (const log of logs.values())
        log.committed = Math.min(log.committed, nextOffset(log.topic, log.shard));
    },
    since: (nextOffset) =>
      [...logs.values()].flatMap(({ topic, shard, records }) =>
        records
          .slice(nextOffset(topic, shard))
          .map(({ item, at }) => ({ item, shard, acceptedAt: epochMs + at })),
      ),
    move(shard) {
      const others = [...followers.keys()].filter((process) => process !== assignment.get(shard));
      if (others.length === 0) return;
      moving = shard;
      assignment.set(shard, random.pick(others));
      rebalance(4_000);
      moving = null;
    },
    stop(process, stopped) {
      const follower = followers.get(process);
      if (follower === undefined) return;
      followers.delete(process);
      for (const reader of follower.readers) reader.isStopped = true;
      let open = follower.wanted.size;
      const left = () => {
        if (--open <= 0) stopped();
      };
      if (open === 0) stopped();
      for (const shard of follower.wanted) process.leave(shard, plan.settings.stopMs, left);
      agenda.after(random.between(0, 100), rebalance);
    },
  };
}
