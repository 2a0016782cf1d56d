/** Sessions: as session-manager keeps them, and as the projector counts what waits for them. */
export type Session = {
  id: string;
  tenant: string;
  name: string;
  provider: "cloud_api" | "wasender";
  account: string;
  account_ref: string;
  provider_ref: string;
  phone: string | null;
  status: string;
  status_evidence: string;
  status_since: string;
  status_detail: string;
  rate_per_s: number;
  otp_only: boolean;
  pools: readonly string[];
  callback_url: string | null;
  created_at: string;
  changed_at: string;
};

export type Share = { wanted_s: number; connected_s: number; share: number | null };

export type WholeSession = Session & {
  availability: { "24h": Share; "7d": Share; "30d": Share };
  errand: { kind: string; step: string; tries: number; next_at: string | null; detail: string } | null;
};

/** GET /v1/status/sessions. */
export type SessionLoad = {
  session_id: string;
  name: string;
  status: string;
  provider: string;
  account: string;
  phone: string | null;
  quality: string | null;
  limit: string | null;
  availability_24h: number | null;
  queued: number;
  oldest_wait_s: number | null;
  effective_rate_per_s: number | null;
  configured_rate_per_s: number | null;
  held: readonly { reason: string; count: number }[];
  last_event_at: string | null;
};

export type SessionEvent = {
  id: string;
  session_id: string | null;
  account_id: string | null;
  kind: string;
  status: string | null;
  value: string | null;
  template: { name: string; language: string; event: string; status: string | null } | null;
  evidence: string;
  reason: { code: string; fault_class: string; provider_code: string | null; detail: string } | null;
  detail: string;
  occurred_at: string;
};

export type Template = {
  id: string;
  account: string;
  name: string;
  language: string;
  category: string;
  parameter_format: string;
  components: readonly TemplatePart[];
  state: string;
  reason: string;
  quality: string | null;
  waiting_for: string;
  provider_id: string | null;
  created_at: string;
  changed_at: string;
};

/** As the provider's documentation has them; what is not named here is not shown. */
export type TemplatePart = {
  type: string;
  format?: string;
  text?: string;
  example?: { body_text?: readonly (readonly string[])[]; header_text?: readonly string[] };
  buttons?: readonly { type: string; text?: string; url?: string }[];
};
