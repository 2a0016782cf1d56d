/**
 * What the engine asks of durable storage, and what it may rely on. Each call is one atomic, fenced step: it acts only for
 * shards whose lease is held by this owner under the epoch named, and says for which it did (`fenced`). A call that fails may
 * or may not have happened. `sql/` is Postgres' answer; a model in memory can be another.
 */
import type { Command, Echo, Item, Lane, NewItem, Reason } from "./item.ts";

export type Fence = { shard: number; epoch: number };

/** Order inside a window and a conversation: when its turn came, then the order of admission. */
export type Place = { place: number; offset: number };

/** `stream` is "" for none. */
export type WindowKey = { shard: number; member: string; lane: Lane; stream: string };

/** An item that may be claimed: the first of its conversation (or in no need to be). `n` is its last claim's number. */
export type Head = WindowKey & Place & { id: string; tenant: string; n: number; nextAt: number | null };

export type Gate = { shard: number; lane: Lane; conversation: string };

/** `fenced` names the shards for which the fence held; `dbNow` is the database's clock. */
export type Reply = { fenced: readonly number[]; dbNow: number };

export type Acquired = {
  epoch: number;
  dbNow: number;
  /** False after a crash: what the last owner sent may be later than `pace` says. */
  cleanHandOver: boolean;
  publishedSeq: number;
  lastSeq: number;
  windows: (WindowKey & { tenant: string; count: number })[];
  pace: PaceRow[];
};

/**
 * When one more may be sent, by the database's clock; of limits also how many were sent on that day (UTC, since 1970), of members
 * the part of their rate to which their provider has slowed them down. Of streams: when the last one leaves.
 */
export type PaceRow = {
  shard: number;
  scope: "member" | "tenant" | "account" | "pair" | "stream";
  key: string;
  nextArrival: number;
  day: number;
  dayCount: number;
  factor: number;
};

export type AdmitRequest = {
  fence: Fence;
  cluster: string;
  topic: string;
  partition: number;
  nextOffset: number;
  admittedAt: number;
  /** Ids are unique in it. Item i, if new, gets the event `events[i]` under the number `firstSeq + i`. */
  items: readonly NewItem[];
  events: readonly Uint8Array[];
  firstSeq: number;
};

export type Verdict =
  | ({ kind: "new" /** first of its conversation */; head: boolean; cancelled: boolean } & Place)
  | { kind: "known" | "conflict" | "below_cursor" };

export type RefillRequest = {
  fences: readonly Fence[];
  windows: readonly (WindowKey & { after: Place; limit: number })[];
  /** Conversations whose first item has ended: the next one is wanted. */
  gates: readonly Gate[];
};

export type RefillReply = Reply & {
  /** In the order of the request. `reached` is the last place looked at, null when there was nothing. */
  windows: { scanned: number; reached: Place | null; heads: Head[] }[];
  promoted: Head[];
};

export type ClaimRequest = {
  fences: readonly Fence[];
  items: readonly { shard: number; id: string }[];
  /** Of their members and of what these share, once these have left. */
  pace: readonly PaceRow[];
};

/** An unclaimed item that waits to be sent again, and a receipt says that its claim `n` was sent after all. */
export type Arrived = { item: Item; n: number; providerId: string; at: number };

/** What is not returned may not be sent: it has ended, is claimed, is not due, or has one before it. */
export type ClaimReply = Reply & {
  claimed: { item: Item; claimedAt: number }[];
  expired: Item[];
  cancelled: Item[];
  arrived: Arrived[];
};

/** `n` is the claim that the step ends; 0 for an item that is not claimed. A step that does not match is not done. */
export type OutcomeStep = { shard: number; id: string; n: number; event: Uint8Array | null; seq: number } & (
  | {
      op: "done";
      outcome: "sent" | "failed" | "expired" | "cancelled" | "unconfirmed";
      providerId: string | null;
    }
  /** `decided`: by a person, whose decision is used up with it; its time to live begins anew. */
  | { op: "requeue"; nextAt: number; attempts: number; decided?: true }
  | { op: "doubt"; resolveBy: number }
  /**
   * Claimed but surely not sent: back as it was. `epoch` is the claim's: whose claim failed can't know whether `n` is its own
   * claim or the one that a later owner made.
   */
  | { op: "release"; epoch: number }
  /** An `unconfirmed` one was sent after all. */
  | { op: "correct"; providerId: string }
  /** An `unconfirmed` one is to be sent once more, as a person decided: back into the queue, at a place of now. */
  | { op: "reopen"; nextAt: number; attempts: number }
  /** What was kept of an `unconfirmed` one is given up: it can't be corrected or sent again any more. */
  | { op: "forget" }
);

/** `matched` are the indices of the steps that were done. */
export type OutcomeReply = Reply & { matched: readonly number[] };

export type PollRequest = {
  fences: readonly Fence[];
  /** Deferred heads due in (since, until]. */
  since: number;
  until: number;
  /** Decisions noted after this are looked at. */
  commandsSince: number;
  /** Members whose items shall fail. */
  gone: readonly string[];
  /** Windows whose items shall end cancelled. */
  cancelled: readonly WindowKey[];
  limit: number;
};

export type Doubt = {
  item: Item;
  claimedAt: number;
  state: /** claimed under an older epoch */ "orphaned" | "in_doubt" | "unconfirmed";
  /** The time of the policy has come. */
  due: boolean;
  echo: { outcome: "sent" | "failed"; providerId: string; reason: Reason | null; at: number } | null;
  /** What a person decided over this claim. */
  wish: "resend" | "accept_unknown" | null;
  /** It may not be queued again. */
  cancelled: boolean;
};

export type PollReply = Reply & {
  due: Head[];
  /** Unclaimed items that are to end. */
  doomed: { item: Item; why: "expired" | "cancelled" | "gone" }[];
  doubts: Doubt[];
  arrived: Arrived[];
  inDoubt: { shard: number; tenant: string; count: number }[];
};

export type OutboxRow = { shard: number; seq: number; event: Uint8Array };

export type Store = {
  /** Null while another process holds the shard. Waits for what is under way under the old epoch. */
  acquire(request: { shard: number; leaseMs: number }): Promise<Acquired | null>;
  renew(request: { fences: readonly Fence[]; leaseMs: number }): Promise<Reply>;
  /** `pace` is exact here: nothing is sent any more. */
  release(request: { fences: readonly Fence[]; pace: readonly PaceRow[] }): Promise<void>;
  admit(request: AdmitRequest): Promise<Reply & { verdicts: Verdict[] }>;
  refill(request: RefillRequest): Promise<RefillReply>;
  claim(request: ClaimRequest): Promise<ClaimReply>;
  outcome(request: { steps: readonly OutcomeStep[]; fences: readonly Fence[] }): Promise<OutcomeReply>;
  poll(request: PollRequest): Promise<PollReply>;
  /** Events after one number up to another, in order. */
  readOutbox(request: {
    fence: Fence;
    after: number;
    upTo: number;
    limit: number;
  }): Promise<Reply & { rows: OutboxRow[] }>;
  /** Everything up to `seq` is published: remembers it and deletes. */
  watermark(request: { marks: readonly (Fence & { seq: number })[] }): Promise<Reply>;
  /** Unfenced and durable. Returns the shards for which something was noted. */
  settle(echoes: readonly Echo[]): Promise<{ shards: number[] }>;
  /**
   * Unfenced and durable. A cancel is kept, whether its item is here yet or not. The others are kept where the item is in doubt
   * or ended unconfirmed, for that claim; elsewhere they do nothing. A resend that has acted is never kept again.
   */
  command(command: Command): Promise<void>;
  cursors(
    shard: number,
  ): Promise<{ cluster: string; topic: string; partition: number; nextOffset: string }[]>;
  /** Forgets ended items, commands and echoes of more than eight days ago. */
  retain(): Promise<void>;
};
