/** What the projector says about the whole of a tenant. */
import type { Reason } from "./message.ts";

export type Attention = {
  severity: "high" | "medium" | "low";
  code: string;
  tenant: string;
  object_kind: string;
  object_id: string;
  text: string;
  since: string | null;
};

export type Overview = {
  attention: readonly Attention[];
  today: { accepted: number; sent: number; delivered: number; read: number; failed: number };
  queued: { otp: number; standard: number; bulk: number };
  oldest_wait_s: number | null;
};

export type TenantRow = {
  tenant: string;
  name: string;
  sessions: { connected: number; total: number };
  queued: number;
  oldest_wait_s: number | null;
  sent_24h: number;
  delivered_24h: number;
  failed_24h: number;
  success_ratio: number | null;
  doubts: number;
  dead_24h: number;
  attention: readonly { code: string; text: string }[];
};

export type DeadReason = { reason: string; fault_class: string; count: number; last_at: string };

export type DeadLetter = {
  id: string;
  service: string;
  origin: { topic: string; partition: number; offset: number };
  message_id: string | null;
  reason: Reason | null;
  attempts: number;
  occurred_at: string;
};

export type Doubt = {
  message_id: string;
  session_id: string | null;
  recipient_token: string | null;
  lane: string | null;
  campaign: string | null;
  claim: number;
  since: string;
  evidence: readonly { at: string; kind: string; text: string }[];
  status: "in_doubt" | "unconfirmed";
};

export type Redrive = {
  redrive_id: string;
  state: "counting" | "running" | "done" | "cancelled";
  /** It only counted. */
  dry_run: boolean;
  found: number;
  redriven: number;
  skipped: number;
  rate_per_s: number | null;
  created_at: string;
};

export type AnalyticsRow = {
  at: string;
  /** Empty: none, or not known. */
  key: string;
  accepted: number;
  sent: number;
  delivered: number;
  read: number;
  failed: number;
  expired: number;
  cancelled: number;
};

export type UsageRow = {
  tenant: string;
  category: string;
  provider: string;
  session_id: string;
  messages: number;
  delivered: number;
  billable: number;
};

export type Page<T> = { items: readonly T[]; next_cursor?: string | null };
