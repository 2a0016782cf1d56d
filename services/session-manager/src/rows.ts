/** The rows of the schema `control`, as SQL spells them. */
import type {
  Evidence,
  Provider,
  SealedCredentials,
  SessionStatus,
  TenantBrand,
  TenantSettings,
} from "@wamesh/events";

export type PlanRow = {
  id: string;
  weight: number;
  per_minute: number | null;
  per_day: number | null;
  max_queued: number;
  bulk: boolean;
  /** Null: ingest's default. */
  requests_per_s: number | null;
  otp_per_recipient: number | null;
  otp_per_prefix: number | null;
};

export type TenantRow = {
  id: string;
  name: string;
  parent: string | null;
  is_agency: boolean;
  is_operator: boolean;
  /** How many children an agency may have; null = as many as it likes. */
  max_children: number | null;
  plan: string;
  settings: TenantSettings;
  /** Null: its agency's, else the mesh's own. */
  brand: TenantBrand | null;
  state: "active" | "suspended" | "deleted";
  version: number;
  created_at: Date;
  changed_at: Date;
};

export type KeyRow = {
  id: string;
  tenant: string;
  label: string;
  secret_hashes: string[];
  scopes: string[];
  expires_at: Date | null;
  state: "active" | "revoked";
  version: number;
  created_at: Date;
  changed_at: Date;
};

export type SessionRow = {
  id: string;
  tenant: string;
  provider: Exclude<Provider, "UNKNOWN">;
  account: string;
  account_ref: string;
  provider_ref: string;
  name: string;
  phone: string | null;
  pools: string[];
  rate_per_s: number;
  otp_only: boolean;
  callback_token_hash: string | null;
  callback_secret_hash: string | null;
  status: SessionStatus;
  evidence: Evidence;
  status_since: Date;
  status_detail: string;
  next_probe_at: Date;
  account_token: boolean;
  /** It has something of ours at its provider: the session itself (WasenderApi), our app's subscription (Cloud API). */
  made_here: boolean;
  strikes: number;
  unsure_probes: number;
  version: number;
  created_at: Date;
  changed_at: Date;
};

export type CredentialRow = SealedCredentials & {
  session: string;
  tenant: string;
  changed_at: Date;
  used_at: Date | null;
  accepted_at: Date | null;
};
