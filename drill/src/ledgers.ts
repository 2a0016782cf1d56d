/** What four independent ledgers say of the same messages, and what was seen where it should not be. Times in epoch ms. */
import type { MessageStatus, OutboundMessage } from "@wamesh/events";
import type { Violation } from "@wamesh/testing/outside";

export type Lane = "otp" | "standard" | "bulk";

/** 1. A message that a client was answered 202 for. */
export type Accepted = {
  id: string;
  /** Idempotency key and place in the batch: the same request is the same message, however often it is made. */
  request: string;
  tenant: string;
  lane: Lane;
  to: string;
  doubtPolicy: "fail_unknown" | "resend";
  acceptedAt: number;
};

/** 2. What the topics hold, each record once per place. */
export type Topics = {
  outbound: readonly Outbound[];
  statuses: readonly StatusRecord[];
  dead: readonly DeadRecord[];
};
export type Outbound = Pick<
  OutboundMessage,
  "message_id" | "tenant" | "lane" | "session" | "external_ref"
> & {
  recipient: string;
  partition: number;
  offset: number;
};
export type StatusRecord = Pick<
  MessageStatus,
  "event_id" | "message_id" | "tenant" | "status" | "origin" | "claim"
> & { reason: string | null };
export type DeadRecord = { topic: string; service: string; reason: string; value: string };

/** 3. The simulator's, with our message id where the provider's traffic carried it or a marker. */
export type Arrival = {
  id: string;
  sender: string;
  /** Digits. */
  recipient: string;
  requests: number;
  accepted: number;
  receivedAt: number | null;
  outcome: string;
  /** Somebody acknowledged a receipt that says it left. */
  told: boolean;
};

/** 4. The tables of the dispatcher and the status-projector. */
export type Stores = {
  pending: ReadonlySet<string>;
  attempts: ReadonlySet<string>;
  done: ReadonlyMap<string, string>;
  projection: ReadonlyMap<string, { tenant: string; status: MessageStatus["status"] }>;
};

export type Evidence = {
  accepted: readonly Accepted[];
  topics: Topics;
  arrivals: readonly Arrival[];
  violations: readonly Violation[];
  stores: Stores;
  /** Provider's references of each tenant's sessions. */
  senders: Readonly<Record<string, readonly string[]>>;
  /** Webhooks and answers that reached the wrong tenant, in words. */
  trespasses: readonly string[];
  /** Markers of the unreadable records that were put into topics. */
  poison: readonly { topic: string; marker: string }[];
};
