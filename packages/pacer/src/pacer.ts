/** The queue as its user holds it: the engine, Postgres, and the user's send and publish put together. */
import type { Sql } from "postgres";
import type { StreamPace } from "./core/stream-pace.ts";
import { batchEchoes } from "./echoes.ts";
import type { Snapshot } from "./engine/snapshot.ts";
import type { AdmissionResult } from "./engine/state.ts";
import { createEngine } from "./engine.ts";
import type {
  Change,
  Command,
  Echo,
  Hold,
  Item,
  Lane,
  Member,
  NewItem,
  SendResult,
  Verdict,
} from "./item.ts";
import { runLoop } from "./loop.ts";
import { defaultSettings, type PacerSettings } from "./settings.ts";
import { postgresStore } from "./sql/postgres-store.ts";

export type PacerDeps = {
  /** A pool whose search_path is `schema`. A dozen connections are enough. */
  sql: Sql;
  schema: string;
  /**
   * `<instance>/<start>`, another one in every start of every process. Two processes that live at the same time have different
   * instances: what a former start of the instance still holds is taken at once, without waiting for its lease to end.
   */
  owner: string;
  /** In [0, 1). */
  random: () => number;
  log: (fields: object) => void;
  /** Undefined: not known yet, so held. A look-up in memory; see `memberChanged`. */
  member: (memberId: string) => Member | undefined;
  /** Whether items of this member's stream may leave; null: yes. A look-up in memory; see `holdsChanged`. */
  hold?: (memberId: string, stream: string) => Hold | null;
  /** Pace of its stream over all members of a shard, above which its items wait; null: none. See `holdsChanged`. */
  streamPace?: (memberId: string, stream: string) => StreamPace | null;
  /**
   * What only its user knows of an item: it may not leave before a time, or never, and why. Asked when it is claimed, with the
   * time by the database's clock; and before, when it is admitted (`n` is 0), where only a wait counts.
   */
  guard?: (item: Item, now: number) => Verdict;
  /** Whether every receipt of this shard up to a moment ago went through `settle`; while it did not, time decides no doubt. */
  receiptsCurrent?: (shard: number) => boolean;
  /** To the provider. May be aborted; the absence of an answer is `unsure`. `claim` names this one try. With the
   * setting `confirmWrites` it must call `left` when its first byte is written. */
  send: (item: Item & { claim: number }, signal: AbortSignal, left: () => void) => Promise<SendResult>;
  /** The bytes to publish for a change. Pure, and the same bytes' identity each time: it may be published twice. */
  describe: (item: Item, change: Change) => Uint8Array;
  /** All of them, in order, or an error. */
  publish: (rows: { shard: number; seq: number; event: Uint8Array }[]) => Promise<void>;
  /** Told of each send how long its item had been due, in milliseconds. */
  dwelt?: (lane: Lane, ms: number) => void;
  settings?: Partial<PacerSettings>;
};

export type Pacer = {
  /** From now on this process should own the shard: tried until it does. */
  own(shard: number): void;
  /** Planned hand-over, within two seconds. */
  disown(shard: number): Promise<void>;
  owned(): ReadonlySet<number>;
  /**
   * Takes records of one topic partition into the schedule; returns after commit. Waits for the shard to be owned and throws
   * when that takes too long or the database fails: then give it the same batch again, the cursor drops what was taken.
   * `signal` ends the waiting for the shard, and nothing else.
   */
  admit(
    batch: {
      shard: number;
      cluster: string;
      topic: string;
      partition: number;
      /** Offset after the batch. */
      nextOffset: string;
      items: NewItem[];
    },
    signal?: AbortSignal,
  ): Promise<AdmissionResult>;
  cursors(
    shard: number,
  ): Promise<{ cluster: string; topic: string; partition: number; nextOffset: string }[]>;
  /** A receipt that names a claim. Durable on return, and from any process: the owner of the shard acts on it within a second. */
  settle(echo: Echo): Promise<void>;
  /**
   * Durable on return, and from any process; twice is harmless. A cancel may come before its item and ends it unless it is
   * claimed. A resend or accept_unknown decides a doubt, or one that ended unconfirmed; a resend acts once per item.
   */
  command(command: Command): Promise<void>;
  /** `member()` says something else from now on. */
  memberChanged(memberId: string): void;
  /** `hold()` or `streamPace()` says something else of streams of this tenant from now on. */
  holdsChanged(tenant: string): void;
  snapshot(): Snapshot;
  /** May be called twice. Stops picking, finishes what is in flight within the budget, flushes, releases. */
  stop(): Promise<void>;
};

const retentionMs = 3_600_000;

export function createPacer(deps: PacerDeps): Pacer {
  const settings = { ...defaultSettings, ...deps.settings };
  const store = postgresStore({ sql: deps.sql, owner: deps.owner });
  const now = () => performance.now();
  const engine = createEngine({
    random: deps.random,
    member: deps.member,
    ...(deps.hold && { hold: deps.hold }),
    ...(deps.streamPace && { streamPace: deps.streamPace }),
    ...(deps.guard && { guard: deps.guard }),
    ...(deps.receiptsCurrent && { receiptsCurrent: deps.receiptsCurrent }),
    describe: deps.describe,
    settings,
  });
  const loop = runLoop({
    engine,
    store,
    now,
    send: deps.send,
    publish: deps.publish,
    log: deps.log,
    dwelt: deps.dwelt,
    settings,
  });
  const echoes = batchEchoes(store, (shard) => loop.give({ kind: "noticed", shard }));
  const wanted = new Set<number>();
  let stopping: Promise<void> | null = null;
  const retain = () =>
    store
      .retain()
      .catch((error) => deps.log({ event: "statement_failed", verb: "retain", error: String(error) }));
  const retention = setInterval(retain, retentionMs * (0.9 + 0.2 * deps.random()));
  retention.unref();

  return {
    own(shard) {
      wanted.add(shard);
      loop.give({ kind: "own", shard });
    },
    async disown(shard) {
      wanted.delete(shard);
      await loop.leave(shard, settings.handOverMs);
    },
    owned: () => new Set(engine.owned(now())),
    admit: (batch, signal) => loop.admit(batch, signal),
    cursors: (shard) => store.cursors(shard),
    settle: (echo) => echoes(echo),
    async command(command) {
      await store.command(command);
      loop.give({ kind: "noticed", shard: command.shard });
    },
    memberChanged: (member) => loop.give({ kind: "member_changed", member }),
    holdsChanged: (tenant) => loop.give({ kind: "holds_changed", tenant }),
    snapshot: () => engine.snapshot(),
    stop() {
      stopping ??= (async () => {
        clearInterval(retention);
        await Promise.all([...wanted].map((shard) => loop.leave(shard, settings.stopMs)));
        loop.close();
      })();
      return stopping;
    },
  };
}
