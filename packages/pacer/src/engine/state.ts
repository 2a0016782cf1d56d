/** What one process knows of the shards it owns. All of it can be rebuilt from the store. Times are monotonic milliseconds. */
import type { Adapted } from "../core/adapt.ts";
import type { Alarms } from "../core/alarms.ts";
import type { DbClock } from "../core/clock.ts";
import type { Fair } from "../core/fair.ts";
import type { GateWatch } from "../core/gate.ts";
import type { Spent } from "../core/limit.ts";
import type { OutboxLine } from "../core/outbox-line.ts";
import type { Pair, Pairs } from "../core/pair.ts";
import type { StreamPace, StreamSpent } from "../core/stream-pace.ts";
import type { Window } from "../core/window.ts";
import type { Change, Hold, Item, Lane, Member, NewItem, SendResult, Verdict } from "../item.ts";
import type { PacerSettings } from "../settings.ts";
import type { Head, OutboxRow, OutcomeStep, Store } from "../store.ts";

/** One message under a claim of this process. */
export type Claim = {
  head: Head;
  item: Item;
  claimedAt: number;
  /** The slot it was claimed for. */
  slotAt: number;
  writtenAt: number;
  member: MemberState;
  slot: Slot;
};

/** A part of what may be in flight, counted against the caps until the end of the claim is in the store. */
export type Slot = {
  isBulk: boolean;
  tenant: string;
  /** What it has reserved of limits, until it is written. */
  reserved: (Spent | StreamSpent)[];
  pair: Pair | null;
};

/** A stream with a pace of its own, in one shard. */
export type StreamState = StreamSpent & {
  pace: StreamPace;
  /** Members that wait for its next slot, in the order of their turns. */
  waiting: Set<MemberState>;
  /** When the first of them is to look; infinite: none waits. */
  wakeAt: number;
};

/** A member's share of one shard. */
export type MemberState = {
  id: string;
  shard: Shard;
  tenant: string;
  info: Member | undefined;
  windows: Record<Lane, Window[]>;
  /** Standard items in a row while bulk waited. */
  run: number;
  /** Earliest next write. */
  arrival: number;
  adapted: Adapted;
  pausedUntil: number;
  latencyMs: number;
  /** Claims asked for, by otp and others; claimed and waiting for their slot; written and not answered. */
  claimingOtp: number;
  claimingRest: number;
  ready: Claim[];
  sending: number;
  /** The send whose bytes have not left yet: with `confirmWrites` the next one waits for it. */
  leaving: number | null;
  enrolled: Set<Ring>;
};

/** Rings of fair shares, in the order in which they are served; `owed` is bulk whose turn has come in its member. */
export const rings = ["otp", "owed", "standard", "bulk"] as const;
export type Ring = (typeof rings)[number];

/** A step to be written, with what depends on it. */
export type Conclusion = {
  shard: Shard;
  step: StepBody;
  /** Described together, if it is to be published: the item as the change leaves it. */
  event: { item: Item; change: Change } | null;
  /** Freed once the step is in the store, or turned out not to match. */
  slot: Slot | null;
  /** Done: the item leaves the queue, waits again in this place, or is in the queue once more; null: none of it. */
  next: { kind: "left" | "reopened"; item: Item } | { kind: "back"; head: Head } | null;
};

type WithoutEvent<S> = S extends unknown ? Omit<S, "event" | "seq" | "shard"> : never;
export type StepBody = WithoutEvent<OutcomeStep>;

export type Shard = {
  id: number;
  wanted: boolean;
  phase: "idle" | "acquiring" | "owned" | "leaving";
  epoch: number;
  acquiredAt: number;
  goodUntil: number;
  acquireAt: number;
  leaveBy: number;
  line: OutboxLine;
  gates: GateWatch;
  /** Ids in hand: deferred until its time, waiting in a window, or busy in a claim or a step. */
  known: Map<string, "deferred" | "waiting" | "busy">;
  members: Map<string, MemberState>;
  /** What members share, by scope and key. */
  spent: Map<string, Spent>;
  /** Of streams with a pace of their own, by its key. */
  streams: Map<string, StreamState>;
  /** By member and conversation; and those of them that are to be stored. */
  pairs: Pairs;
  owing: Set<string>;
  /** Steps whose result is sure and whose shard is not held at the moment. */
  sure: Conclusion[];
  /** Under way: token by topic partition, one at a time for each. */
  admissions: Map<string, number>;
  waitingAdmissions: Admission[];
  /** Statements under way that the release must wait for. */
  open: number;
  reading: boolean;
  inDoubt: Map<string, number>;
  /** By tenant, since it is owned. */
  sent: Map<string, number>;
};

export type AdmissionBatch = {
  shard: number;
  cluster: string;
  topic: string;
  partition: number;
  nextOffset: string;
  items: readonly NewItem[];
};

export type Admission = { token: number; batch: AdmissionBatch; until: number };

export type AdmissionResult = { admitted: number; known: number; conflicts: { id: string }[] };

/** The calls that the engine makes on the store. The others (settle, command, cursors, retain) need no decision. */
export type Verb =
  | "acquire"
  | "renew"
  | "release"
  | "admit"
  | "refill"
  | "claim"
  | "outcome"
  | "poll"
  | "readOutbox"
  | "watermark";

export type StoreEffect = {
  [V in Verb]: { kind: "store"; token: number; verb: V; request: Parameters<Store[V]>[0] };
}[Verb];

export type Effect =
  | StoreEffect
  /**
   * Write it to the wire now, not after `until` (monotonic ms): a process that was stopped in between answers `unsent`. Else
   * the answer, or unsure, comes back as `sent`. `dwellMs`: since it was due.
   */
  | { kind: "send"; token: number; item: Item & { claim: number }; until: number; dwellMs: number }
  /** Stop waiting for it: it is unsure. */
  | { kind: "abort"; token: number }
  | { kind: "publish"; token: number; rows: OutboxRow[] }
  | { kind: "admitted"; token: number; result: AdmissionResult }
  | { kind: "admission_failed"; token: number; why: string }
  | { kind: "left"; shard: number }
  | { kind: "log"; fields: Record<string, unknown> };

export type StoreReply = { [V in Verb]: Awaited<ReturnType<Store[V]>> };

export type Input =
  | { kind: "own"; shard: number }
  /** Planned hand-over: `budgetMs` for what is in flight. */
  | { kind: "disown"; shard: number; budgetMs: number }
  | { kind: "admit"; token: number; batch: AdmissionBatch }
  /** Whoever gave the batch no longer wants it: it ends at once if it still waits for its shard, else as it would have. */
  | { kind: "admission_given_up"; token: number }
  | { kind: "stored"; token: number; sentAt: number; reply: StoreReply[Verb] }
  | { kind: "store_failed"; token: number; error: string }
  | { kind: "sent"; token: number; result: SendResult }
  | { kind: "unsent"; token: number }
  /** Its first byte is on the wire: opening a connection can take longer than the pace allows. */
  | { kind: "written"; token: number }
  | { kind: "published"; token: number; ok: boolean }
  | { kind: "member_changed"; member: string }
  /** `hold()` or `streamPace()` may say something else of the streams of this tenant. */
  | { kind: "holds_changed"; tenant: string }
  /** Something durable was noted for this shard: look soon. */
  | { kind: "noticed"; shard: number }
  | { kind: "tick" };

export type EngineDeps = {
  random: () => number;
  /** Pure look-ups and translations of the user. */
  member: (memberId: string) => Member | undefined;
  hold?: (memberId: string, stream: string) => Hold | null;
  streamPace?: (memberId: string, stream: string) => StreamPace | null;
  /** Asked of each claim before it waits for its slot; times by the database's clock. */
  guard?: (item: Item, now: number) => Verdict;
  /** Whether all receipts of this shard up to a moment ago are noted: without, time decides no doubt. */
  receiptsCurrent?: (shard: number) => boolean;
  describe: (item: Item, change: Change) => Uint8Array;
  settings: PacerSettings;
};

export type World = Required<EngineDeps> & {
  now: number;
  clock: DbClock | null;
  effects: Effect[];
  nextToken: number;
  /** What to do with the answer to an effect. */
  awaited: Map<
    number,
    { onReply: (reply: never, sentAt: number) => void; onFailure: (error: string) => void }
  >;
  shards: Map<number, Shard>;
  sends: Map<number, Claim>;
  /** Earliest deadline first; holds the tokens of `sends`. */
  deadlines: Alarms<number>;
  memberAlarms: Alarms<MemberState>;
  streamAlarms: Alarms<StreamState>;
  deferred: Alarms<Head>;
  fair: Record<Ring, Fair<MemberState>>;
  /** Members whose enrolment, slots and alarms are to be looked at again. */
  dirty: Set<MemberState>;
  hungry: Set<Window>;
  /** Heads in claim statements, and conclusions in outcome statements, whose answer is awaited. */
  claiming: Map<string, Shard>;
  writing: Set<Conclusion>;
  inFlight: number;
  bulkInFlight: number;
  tenantInFlight: Map<string, number>;
  claimsOpen: number;
  outcomes: Conclusion[];
  outcomesOpen: number;
  /** When the first of the waiting outcomes came. */
  outcomesSince: number;
  refillOpen: boolean;
  gatesReadAt: number;
  pollOpen: boolean;
  pollAt: number;
  dueSince: number;
  commandsSince: number;
  renewOpen: boolean;
  renewAt: number;
  rescanAt: number;
  publishOpen: boolean;
  publishAt: number;
  watermarkOpen: boolean;
  watermarkAt: number;
  /** Published and not yet saved. */
  watermarks: Map<Shard, { shard: Shard; epoch: number; seq: number }>;
  readAt: number;
  sentTotal: number;
  /** Statements whose last try failed. */
  failing: Map<Verb, { error: string; since: number; lastAt: number }>;
};
