/** The words of the queue, as its user meets them. Times are epoch milliseconds by the database's clock. */

import type { Limit } from "./core/limit.ts";
import type { PairLimit } from "./core/pair.ts";

export type Lane = "otp" | "standard" | "bulk";

/** In order of precedence. */
export const lanes = ["otp", "standard", "bulk"] as const satisfies readonly Lane[];

/**
 * What its user needs to describe and send an item: any well-formed text without NUL. An object that stays the same while the item is in
 * hand, so that its user can remember what it once read from it.
 */
export type Payload = { readonly text: string };

export type NewItem = {
  id: string;
  tenant: string;
  account: string;
  /** Whose pace it follows: a sending session. */
  member: string;
  lane: Lane;
  /** A part of the member's lane that may be held by itself (a campaign), or null. */
  stream: string | null;
  topic: string;
  /** Decimal Kafka offset. */
  offset: string;
  /** One in flight per conversation and lane, in the order of admission; not in lane otp. */
  conversation: string;
  /** Null: at once. */
  nextAt: number | null;
  notAfter: number;
  doubtPolicy: "fail_unknown" | "resend";
  /** Of the body: the same id with another fingerprint is a conflict. */
  fingerprint: string;
  payload: Payload;
};

/** `n` is the number of its last claim (0: none yet), `attempts` how many of them count against the limit. */
export type Item = NewItem & { shard: number; attempts: number; n: number; admittedAt: number };

export type Reason = { code: string; faultClass: string; providerCode: string | null; detail: string };

/** What has become of an item; `describe` turns it into the bytes that are published. */
export type Change =
  | { status: "queued"; at: number; nextAt: number | null; reason: Reason | null }
  | { status: "in_doubt"; at: number; claimedAt: number; reason: Reason }
  | { status: "sent"; at: number; claimedAt: number; sentAt: number; providerId: string }
  | {
      status: "failed" | "expired" | "cancelled" | "unconfirmed";
      at: number;
      claimedAt: number | null;
      reason: Reason;
      /** Given up, so worth a dead letter. */
      dead: boolean;
    };

export type SendResult = (
  | { kind: "accepted"; providerId: string }
  | {
      kind: "rejected";
      reason: Reason;
      /** Null: never. `afterMs` is the provider's own wait. */
      retry: null | { afterMs: number | null; countsAsAttempt: boolean };
      /** Whom the effect concerns. */
      scope: "message" | "conversation" | "member" | "account";
      effect: "none" | "slow" | "pause";
      pauseMs: number | null;
    }
  | { kind: "unsure"; reason: Reason }
) & {
  /** The provider says that its member may send nothing for so long. */
  waitMs?: number;
};

export type Member = {
  tenant: string;
  account: string;
  ratePerS: number;
  /** held: waits, while its time runs on. gone: its items fail. */
  state: "open" | "held" | "gone";
  /** Of its tenant, in the fair share. */
  weight: number;
  heldReason: string | null;
  /** Random distance between two sends, on top of the rate's own. */
  gapMs?: { min: number; max: number };
  /** Of its tenant or account, shared with other members; each holds in every shard by itself. */
  limits?: readonly Limit[];
  /** Between it and one conversation. */
  pair?: PairLimit | null;
};

/** Why nothing of a stream leaves. held: it waits, while its time runs on. cancelled: its unclaimed items end so. */
export type Hold = { kind: "held" | "cancelled"; reason: string };

/** Not before `until` (database's clock), or not at all; null: it may leave. */
export type Verdict =
  | { kind: "wait"; until: number; reason: Reason }
  | { kind: "refuse"; reason: Reason }
  | null;

export type Echo = {
  shard: number;
  id: string;
  n: number;
  outcome: "sent" | "failed";
  providerId: string;
  reason: Reason | null;
  at: number;
};

export type CommandKind = "cancel" | "resend" | "accept_unknown";

/** What a person decided about one item; it holds for an item of this tenant only. */
export type Command = { shard: number; id: string; kind: CommandKind; tenant: string };
