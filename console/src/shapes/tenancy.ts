/** A tenant's plan, and the trail of changes. */
export type Plan = {
  id: string;
  weight: number;
  per_minute: number | null;
  per_day: number | null;
  max_queued: number;
  bulk: boolean;
  otp_per_recipient?: number | null;
  otp_per_prefix?: number | null;
  requests_per_s?: number | null;
};

export type Tenant = {
  id: string;
  name: string;
  plan: string;
  parent: string | null;
  is_agency: boolean;
  max_children: number | null;
  settings: {
    doubt_otp: string;
    doubt_standard: string;
    doubt_bulk: string;
    quiet_start: string | null;
    quiet_end: string | null;
    time_zone: string;
    retention_days: number;
  };
};

export type AuditEntry = {
  id: string;
  service: string;
  actor: { tenant: string; key_id: string };
  action: string;
  object: { kind: string; id: string };
  detail: unknown;
  occurred_at: string;
};
