/** The reason codes that providers' errors are mapped to, and whose fault each is. Stable: they stand in tenants' records. */
import type { FaultClass } from "./send.ts";

export const reasonFaults = {
  recipient_invalid: "recipient",
  recipient_unreachable: "recipient",
  recipient_blocked_us: "recipient",
  recipient_opted_out: "recipient",
  recipient_is_sender: "recipient",
  recipient_not_allowed: "recipient",
  recipient_capped: "recipient",
  recipient_in_experiment: "recipient",
  recipient_identity_changed: "recipient",

  content_invalid: "content",
  content_unsupported: "content",
  media_failed: "content",
  template_mismatch: "content",
  template_unavailable: "content",
  template_paused: "content",
  template_disabled: "content",
  flow_unavailable: "content",

  window_closed: "policy",
  country_not_allowed: "policy",
  quality_limited: "policy",
  messaging_limit: "policy",
  account_restricted: "policy",
  payment_required: "policy",
  marketing_disabled: "policy",
  sender_not_ready: "policy",
  subscription_missing: "policy",

  credentials_invalid: "credentials",
  permission_missing: "credentials",

  session_rate: "pace",
  pair_rate: "pace",
  account_rate: "pace",
  app_rate: "pace",

  session_not_connected: "provider",
  provider_error: "provider",
  provider_unavailable: "provider",
  provider_maintenance: "provider",
  provider_unreachable: "provider",

  provider_refused: "unknown",
} as const satisfies Record<string, FaultClass>;

export type ReasonCode = keyof typeof reasonFaults;
