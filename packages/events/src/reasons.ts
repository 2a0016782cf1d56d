/**
 * Registry of reason codes: why a message, event or record did not go on. Codes are stable; texts may be improved.
 * The providers' own codes are mapped to these in packages/providers (a data file per provider).
 */
import type { FaultClass } from "./generated/records.ts";

export type ReasonRow = { fault_class: FaultClass; meaning: string; remedy: string };

export const reasonCodes = {
  // The schedule's own decisions
  ttl_expired: {
    fault_class: "pace",
    meaning: "It could not leave before its not_after.",
    remedy: "Give it more time, or find out what held it.",
  },
  cancelled: { fault_class: "policy", meaning: "It was cancelled before it left.", remedy: "None needed." },
  attempts_exhausted: {
    fault_class: "provider",
    meaning: "The provider refused every attempt.",
    remedy: "See the last provider code.",
  },
  outcome_unknown: {
    fault_class: "provider",
    meaning: "The provider did not say whether it took the message.",
    remedy: "Wait for its receipt, or decide with a resolution.",
  },
  owner_lost: {
    fault_class: "platform",
    meaning: "The dispatcher that sent it died before the answer was recorded.",
    remedy: "Wait for its receipt, or decide with a resolution.",
  },
  resend_decided: {
    fault_class: "policy",
    meaning: "Its outcome was unknown, and a person decided to send it once more.",
    remedy: "None needed; if the first one left after all, it arrives twice.",
  },
  unknown_accepted: {
    fault_class: "policy",
    meaning: "A person decided to leave its outcome unknown.",
    remedy: "None needed; a new message can be sent.",
  },
  session_deleted: {
    fault_class: "policy",
    meaning: "Its session was deleted.",
    remedy: "Send it again through another session.",
  },
  session_unknown: {
    fault_class: "policy",
    meaning: "Its session never became known.",
    remedy: "Check the session id.",
  },
  session_not_connected: {
    fault_class: "provider",
    meaning: "Its session is not connected.",
    remedy: "Reconnect the session.",
  },
  credentials_unreadable: {
    fault_class: "credentials",
    meaning: "The session's credentials could not be opened.",
    remedy: "Check the key ring, or replace the credentials.",
  },
  tenant_mismatch: {
    fault_class: "platform",
    meaning: "Key, header and record name different tenants.",
    remedy: "Operator: find the producer; nothing was sent.",
  },
  fingerprint_conflict: {
    fault_class: "content",
    meaning: "The same message id came with a different body.",
    remedy: "Use a new idempotency key for a new message.",
  },
  // Why it waits
  pace: {
    fault_class: "pace",
    meaning:
      "Messages before it leave at its session's pace; the estimate is when the last of those waiting now will have left.",
    remedy: "None needed; more sessions share a larger backlog.",
  },
  campaign_pace: {
    fault_class: "pace",
    meaning:
      "Its campaign leaves at the pace that its owner set; the estimate is when the last of those waiting now will have left.",
    remedy: "None needed; change the campaign's rate to send it faster.",
  },
  plan_minute_limit: {
    fault_class: "pace",
    meaning: "The tenant's plan allows no more in this minute.",
    remedy: "Wait, or have the operator change the plan.",
  },
  plan_day_limit: {
    fault_class: "pace",
    meaning: "The tenant's plan allows no more today (UTC).",
    remedy: "Wait for midnight UTC, or have the operator change the plan.",
  },
  account_limit: {
    fault_class: "pace",
    meaning: "The limit of its account at the provider is used up for now.",
    remedy: "None needed.",
  },
  pair_limit: {
    fault_class: "pace",
    meaning: "This person has had as many messages from this session as the provider allows in a short time.",
    remedy: "None needed; send fewer messages to one person.",
  },
  quiet_hours: {
    fault_class: "policy",
    meaning: "The tenant's quiet hours hold bulk and marketing messages back.",
    remedy: "None needed; change the quiet hours in the tenant's settings.",
  },
  outside_window: {
    fault_class: "policy",
    meaning:
      "The person has not written to this number within 24 hours, and the message is no template and carries none.",
    remedy: "Send a template, or give the message a fallback.",
  },
  window_unknown: {
    fault_class: "platform",
    meaning:
      "What people wrote last is not read up to date, so it is not known whether they wrote to this number within 24 hours.",
    remedy: "None needed; if it stays so, look at the dispatcher and at Kafka.",
  },
  media_uploading: {
    fault_class: "provider",
    meaning: "Its file is fetched and uploaded to the provider; it leaves when that is done.",
    remedy: "None needed; if it stays so, see the detail.",
  },
  media_unusable: {
    fault_class: "content",
    meaning: "Its file can't be fetched, or is not of a size and type that the provider takes.",
    remedy: "See the detail; correct the file or its address, and send the message again.",
  },
  paused: {
    fault_class: "provider",
    meaning: "The provider asked for a pause.",
    remedy: "None needed.",
  },
  tenant_suspended: {
    fault_class: "policy",
    meaning: "The tenant is suspended.",
    remedy: "Have the operator activate it.",
  },
  campaign_paused: {
    fault_class: "policy",
    meaning: "Its campaign is paused.",
    remedy: "Resume the campaign.",
  },
  campaign_not_started: {
    fault_class: "policy",
    meaning: "Its campaign has not begun.",
    remedy: "Start the campaign, or wait for its time.",
  },
  scheduled: {
    fault_class: "policy",
    meaning: "It is not to leave before its time.",
    remedy: "None needed.",
  },
  queue_full: {
    fault_class: "pace",
    meaning: "As many messages of the tenant wait as its plan allows; this one is made when there is room.",
    remedy: "None needed; if it lasts, ask the operator for a larger plan or more numbers.",
  },
  otp_limit: {
    fault_class: "policy",
    meaning:
      "So many one-time passwords went to this person, or to numbers that begin alike, that it was not made.",
    remedy: "If nobody asked for these codes, look at who does.",
  },
  on_its_way: {
    fault_class: "pace",
    meaning: "It is accepted, and not in the schedule yet.",
    remedy: "None needed.",
  },
  its_turn_is_near: { fault_class: "pace", meaning: "Nothing holds it.", remedy: "None needed." },
  // The providers' words, as packages/providers maps them
  recipient_unreachable: {
    fault_class: "recipient",
    meaning: "The person can't be reached: not on WhatsApp, or an old client.",
    remedy: "Check the number; do not repeat often.",
  },
  recipient_blocked_us: {
    fault_class: "recipient",
    meaning: "The person has blocked this sender.",
    remedy: "Do not write to them again.",
  },
  recipient_opted_out: {
    fault_class: "recipient",
    meaning: "The person does not want this message: no marketing from this sender, or nothing at all.",
    remedy:
      "Send nothing of the kind until they opt in again; GET /v1/contacts/{recipient}/consent says what they said.",
  },
  recipient_is_sender: {
    fault_class: "recipient",
    meaning: "The recipient is the sending number itself.",
    remedy: "Correct the recipient.",
  },
  recipient_not_allowed: {
    fault_class: "recipient",
    meaning: "A test number may write to people on its list only.",
    remedy: "Add the person to the list at the provider, or use a live number.",
  },
  recipient_capped: {
    fault_class: "recipient",
    meaning: "The provider limits how much marketing this person gets.",
    remedy: "Try again after a day, once.",
  },
  recipient_in_experiment: {
    fault_class: "recipient",
    meaning: "The provider holds this person in an experiment without marketing.",
    remedy: "Do not repeat.",
  },
  recipient_identity_changed: {
    fault_class: "recipient",
    meaning: "The person's identity changed since it was last confirmed.",
    remedy: "Confirm the identity first.",
  },
  content_invalid: {
    fault_class: "content",
    meaning: "The provider finds a field of the message not usable.",
    remedy: "See the detail; correct the message.",
  },
  content_unsupported: {
    fault_class: "content",
    meaning: "The provider can't carry this kind of message.",
    remedy: "Use another kind, or another provider's session.",
  },
  media_failed: {
    fault_class: "content",
    meaning: "The provider could not fetch or store the media.",
    remedy: "Check the address and size of the media.",
  },
  template_mismatch: {
    fault_class: "content",
    meaning: "The values do not fit the template.",
    remedy: "Compare number and kind of the values with the template.",
  },
  template_unavailable: {
    fault_class: "content",
    meaning: "The template or its language is missing or not approved.",
    remedy: "Check name and language; wait for approval.",
  },
  template_paused: {
    fault_class: "content",
    meaning: "The provider has paused the template.",
    remedy: "Improve the template; it is held until it is released.",
  },
  template_disabled: {
    fault_class: "content",
    meaning: "The provider has disabled the template for good.",
    remedy: "Use another template.",
  },
  flow_unavailable: {
    fault_class: "content",
    meaning: "The flow is blocked or throttled.",
    remedy: "Check the flow at the provider.",
  },
  window_closed: {
    fault_class: "policy",
    meaning: "The person has not written within 24 hours.",
    remedy: "Send a template.",
  },
  country_not_allowed: {
    fault_class: "policy",
    meaning: "The account may not write to this country.",
    remedy: "Use another account, or leave the country out.",
  },
  quality_limited: {
    fault_class: "policy",
    meaning: "The provider limits the number for its quality.",
    remedy: "Send less, and only what people want.",
  },
  messaging_limit: {
    fault_class: "policy",
    meaning: "The day's limit of people is used up.",
    remedy: "Wait, or raise the limit at the provider.",
  },
  account_restricted: {
    fault_class: "policy",
    meaning: "The provider has restricted the account.",
    remedy: "See the account's page at the provider.",
  },
  payment_required: {
    fault_class: "policy",
    meaning: "The provider wants a payment matter settled.",
    remedy: "Settle it at the provider.",
  },
  marketing_disabled: {
    fault_class: "policy",
    meaning: "Marketing templates are disabled for this account.",
    remedy: "Enable them at the provider.",
  },
  sender_not_ready: {
    fault_class: "policy",
    meaning: "The number is not registered or not ready.",
    remedy: "Finish its registration.",
  },
  subscription_missing: {
    fault_class: "policy",
    meaning: "The provider's plan does not allow sending.",
    remedy: "Renew the plan at the provider.",
  },
  credentials_invalid: {
    fault_class: "credentials",
    meaning: "The provider refused the credentials.",
    remedy: "Replace the session's credentials.",
  },
  permission_missing: {
    fault_class: "credentials",
    meaning: "The credentials lack a right.",
    remedy: "Grant the right at the provider, or use other credentials.",
  },
  session_rate: {
    fault_class: "pace",
    meaning: "The provider found the number too fast.",
    remedy: "None needed: it is slowed down and repeated.",
  },
  pair_rate: {
    fault_class: "pace",
    meaning: "Too many messages to this person in a short time.",
    remedy: "None needed: it is repeated later.",
  },
  account_rate: {
    fault_class: "pace",
    meaning: "The provider found the account too fast.",
    remedy: "None needed: it is slowed down and repeated.",
  },
  app_rate: {
    fault_class: "pace",
    meaning: "The provider found the app too fast.",
    remedy: "None needed: it is slowed down and repeated.",
  },
  provider_error: {
    fault_class: "provider",
    meaning: "The provider failed without saying why.",
    remedy: "None needed: it is repeated a few times.",
  },
  provider_unavailable: {
    fault_class: "provider",
    meaning: "The provider is not available.",
    remedy: "None needed: it is repeated.",
  },
  provider_maintenance: {
    fault_class: "provider",
    meaning: "The provider maintains the number or account.",
    remedy: "None needed: it is repeated.",
  },
  provider_unreachable: {
    fault_class: "provider",
    meaning: "The provider could not be reached; nothing was sent.",
    remedy: "None needed: it is repeated.",
  },
  provider_refused: {
    fault_class: "UNKNOWN",
    meaning: "The provider refused with a code this release does not know.",
    remedy: "See the provider code.",
  },

  // Records
  undecodable: {
    fault_class: "platform",
    meaning: "The record's bytes are not what its schema says.",
    remedy: "Find the producer; the bytes are kept.",
  },
  unknown_schema: {
    fault_class: "platform",
    meaning: "The record names a schema id the registry does not know.",
    remedy: "Register the schema, then redrive.",
  },
  invalid_record: {
    fault_class: "content",
    meaning: "The record decodes, but a field is not usable.",
    remedy: "See the detail; correct the producer.",
  },
  // Rules
  no_rule: {
    fault_class: "policy",
    meaning: "No active rule names the event's type.",
    remedy: "Create a rule for it, or ignore it.",
  },
  condition_false: {
    fault_class: "policy",
    meaning: "The rule's condition did not hold.",
    remedy: "None needed.",
  },
  variable_missing: {
    fault_class: "content",
    meaning: "The event lacks a value that the rule needs.",
    remedy: "Send the value, or correct the rule's mapping.",
  },
  expression_failed: {
    fault_class: "content",
    meaning: "An expression of the rule does not fit the event.",
    remedy: "Try the rule with POST /v1/rules/dry-run, and correct it or the event.",
  },
  steps_waiting: {
    fault_class: "policy",
    meaning: "Steps of an earlier event with this key wait, and the rule ignores further ones.",
    remedy: "None needed; retrigger says what the rule does.",
  },
  nothing_waiting: {
    fault_class: "policy",
    meaning: "The event calls off steps of the rule, and none was waiting.",
    remedy: "None needed.",
  },
  cancelled_by_event: {
    fault_class: "policy",
    meaning: "A later event called the waiting step off.",
    remedy: "None needed; cancel_on says which events do.",
  },
  rule_restarted: {
    fault_class: "policy",
    meaning: "A later event with this key began the rule anew.",
    remedy: "None needed; retrigger says what the rule does.",
  },
  rule_deleted: {
    fault_class: "policy",
    meaning: "The rule was deleted while the step waited.",
    remedy: "None needed.",
  },
  recipient_invalid: {
    fault_class: "recipient",
    meaning: "The recipient is not a possible number.",
    remedy: "Correct the number.",
  },
  session_unavailable: {
    fault_class: "policy",
    meaning: "The tenant has no session for it.",
    remedy: "Create a session, or name one that exists.",
  },
  // Webhooks
  endpoint_disabled: {
    fault_class: "policy",
    meaning: "The endpoint is disabled.",
    remedy: "Enable the endpoint.",
  },
  address_refused: {
    fault_class: "policy",
    meaning: "The endpoint's address is not public.",
    remedy: "Use a public address, or have the operator allow it.",
  },
} as const satisfies Record<string, ReasonRow>;

export type ReasonCode = keyof typeof reasonCodes;
