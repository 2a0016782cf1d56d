/** Campaigns and audiences: as ingest keeps them, and as the projector counts them. */
export type CampaignState =
  | "draft"
  | "scheduled"
  | "expanding"
  | "processing"
  | "paused"
  | "completed"
  | "cancelled";

export type Skip = { reason: string; count: number };

/** GET /v1/status/campaigns. */
export type CampaignProgress = {
  campaign_id: string;
  name: string;
  state: CampaignState;
  reason: string | null;
  run: number;
  total: number | null;
  expanded: number;
  skipped: number;
  skips?: readonly Skip[];
  rate_per_s: number | null;
  session_id: string | null;
  pool: string | null;
  template: string | null;
  counts: Readonly<Record<string, number>>;
  leaving_per_s: number | null;
  eta_s: number | null;
  errors?: readonly { code: string; fault_class: string; count: number }[];
  created_at: string;
  started_at: string | null;
  changed_at: string;
  completed_at: string | null;
};

export type CurvePoint = { at: string; sent: number; delivered: number; read: number; failed: number };

/** GET /v1/campaigns/{id}. */
export type Campaign = {
  campaign_id: string;
  name: string;
  state: CampaignState;
  reason: string | null;
  audience_id: string;
  session_id: string | null;
  pool: string | null;
  template: { name: string; language: string } | string | null;
  text: unknown;
  category: string | null;
  send_at: string | null;
  rate_per_s: number | null;
  total: number | null;
  expanded: number;
  skipped: number;
  skips: readonly Skip[];
  created_at: string;
  changed_at: string;
};

export type Audience = {
  audience_id: string;
  name: string | null;
  state: "empty" | "reading" | "ready" | "failed";
  bytes_read: number;
  rows: number;
  recipients: number;
  invalid: number;
  duplicates: number;
  columns: readonly string[];
  problem: string | null;
  created_at: string;
};

export type AudienceError = { line: number; column: string | null; code: string; problem: string };

export type Preflight = {
  recipients: number;
  will_send: number;
  skipped: readonly Skip[];
  problems: readonly { code: string; problem: string }[];
  sessions: readonly {
    session_id: string;
    name: string;
    status: string;
    messages: number;
    rate_per_s: number;
    seconds: number;
  }[];
  eta_s: number | null;
  /** left: null where it is not known. */
  limits: readonly { kind: string; of: number; left: number | null }[];
  /** false: judged by a sample of a large list. */
  exact: boolean;
  /** The first of those left out, by line of the file. */
  lines: readonly { line: number; reason: string; problem: string }[];
};
