/** The words for the states of things. */
import type { Word } from "./tone.ts";

export const messageWords: Readonly<Record<string, Word>> = {
  accepted: { label: "Accepted", tone: "neutral" },
  queued: { label: "Queued", tone: "neutral" },
  claimed: { label: "Leaving", tone: "info" },
  in_doubt: { label: "In doubt", tone: "doubt" },
  unconfirmed: { label: "Unconfirmed", tone: "doubt" },
  sent: { label: "Sent", tone: "info" },
  delivered: { label: "Delivered", tone: "good" },
  read: { label: "Read", tone: "good" },
  played: { label: "Played", tone: "good" },
  failed: { label: "Failed", tone: "bad" },
  expired: { label: "Expired", tone: "bad" },
  cancelled: { label: "Cancelled", tone: "neutral" },
};

/** One sentence for each step of a timeline. */
export const messageSteps: Readonly<Record<string, string>> = {
  accepted: "Kafka has it: it will be sent, or end with a reason.",
  queued: "It waits in the schedule for its turn.",
  claimed: "It was claimed, and is being handed to the provider.",
  in_doubt: "The provider's answer is missing: it may have left or not. Nothing is sent again for now.",
  unconfirmed: "Nobody knows whether it left. A receipt would still correct this.",
  sent: "The provider took it.",
  delivered: "It reached the person's device.",
  read: "The person read it.",
  played: "The person played it.",
  failed: "It was given up.",
  expired: "Its time ran out before it could leave.",
  cancelled: "It was taken back before it left.",
  reference: "The provider told another id for it.",
};

export const campaignWords: Readonly<Record<string, Word>> = {
  draft: { label: "Draft", tone: "neutral" },
  scheduled: { label: "Scheduled", tone: "info" },
  expanding: { label: "Expanding", tone: "info" },
  processing: { label: "Running", tone: "info" },
  paused: { label: "Paused", tone: "warn" },
  completed: { label: "Completed", tone: "good" },
  cancelled: { label: "Cancelled", tone: "neutral" },
};

export const sessionWords: Readonly<Record<string, Word>> = {
  created: { label: "Created", tone: "neutral" },
  connecting: { label: "Connecting", tone: "info" },
  need_scan: { label: "Needs a scan", tone: "warn" },
  pin_required: { label: "Needs its PIN", tone: "warn" },
  name_pending: { label: "Name in review", tone: "warn" },
  connected: { label: "Connected", tone: "good" },
  disconnected: { label: "Disconnected", tone: "bad" },
  logged_out: { label: "Logged out", tone: "bad" },
  expired: { label: "Expired", tone: "bad" },
  suspended: { label: "Suspended", tone: "neutral" },
  auth_failed: { label: "Credentials refused", tone: "bad" },
  deleted: { label: "Deleted", tone: "neutral" },
};

export const templateWords: Readonly<Record<string, Word>> = {
  draft: { label: "Draft", tone: "neutral" },
  submitting: { label: "Submitting", tone: "info" },
  pending: { label: "In review", tone: "info" },
  approved: { label: "Approved", tone: "good" },
  rejected: { label: "Rejected", tone: "bad" },
  paused: { label: "Paused", tone: "warn" },
  disabled: { label: "Disabled", tone: "bad" },
  deleting: { label: "Deleting", tone: "neutral" },
};

export const deliveryWords: Readonly<Record<string, Word>> = {
  waiting: { label: "Waiting", tone: "info" },
  delivered: { label: "Delivered", tone: "good" },
  given_up: { label: "Given up", tone: "bad" },
};

/** How one attempt of a delivery ended. */
export const outcomeWords: Readonly<Record<string, Word>> = {
  delivered: { label: "Delivered", tone: "good" },
  retry: { label: "Not taken yet", tone: "warn" },
  given_up: { label: "Given up", tone: "bad" },
  disabled: { label: "Endpoint disabled", tone: "bad" },
};

export const endpointWords: Readonly<Record<string, Word>> = {
  active: { label: "Active", tone: "good" },
  disabled: { label: "Disabled", tone: "bad" },
};

export const keyWords: Readonly<Record<string, Word>> = {
  active: { label: "Active", tone: "good" },
  revoked: { label: "Revoked", tone: "neutral" },
  expired: { label: "Expired", tone: "neutral" },
};

export const qualityWords: Readonly<Record<string, Word>> = {
  green: { label: "High", tone: "good" },
  yellow: { label: "Medium", tone: "warn" },
  red: { label: "Low", tone: "bad" },
  unknown: { label: "Not rated", tone: "neutral" },
};

export const severityWords: Readonly<Record<string, Word>> = {
  high: { label: "Act now", tone: "bad" },
  medium: { label: "Look soon", tone: "warn" },
  low: { label: "Good to know", tone: "neutral" },
};

export const redriveWords: Readonly<Record<string, Word>> = {
  counting: { label: "Counting", tone: "info" },
  running: { label: "Running", tone: "info" },
  done: { label: "Done", tone: "good" },
  cancelled: { label: "Cancelled", tone: "neutral" },
};

export const ruleWords: Readonly<Record<string, Word>> = {
  active: { label: "Active", tone: "good" },
  paused: { label: "Paused", tone: "warn" },
};

/** What an event would make, or made. */
export const eventOutcomeWords: Readonly<Record<string, Word>> = {
  messages: { label: "A message", tone: "good" },
  scheduled: { label: "A message, later", tone: "info" },
  condition_false: { label: "Nothing: the condition is false", tone: "neutral" },
  no_rule: { label: "Nothing: no rule", tone: "neutral" },
  ignored: { label: "Nothing: it runs already", tone: "neutral" },
  cancelled: { label: "Called off", tone: "neutral" },
  failed: { label: "No message", tone: "bad" },
};

export const consentWords: Readonly<Record<string, Word>> = {
  stopped: { label: "Stopped", tone: "bad" },
  allowed: { label: "Allowed", tone: "good" },
};

export const consentScopeWords: Readonly<Record<string, string>> = {
  marketing: "Advertising",
  all: "All messages",
};

export const consentSourceWords: Readonly<Record<string, string>> = {
  api: "the tenant",
  stop_word: "their STOP",
  start_word: "their START",
  provider: "a setting at WhatsApp",
};

export const laneWords: Readonly<Record<string, string>> = {
  otp: "One-time codes",
  standard: "Standard",
  bulk: "Bulk",
};

export const providerWords: Readonly<Record<string, string>> = {
  cloud_api: "Cloud API",
  wasender: "WasenderApi",
};
