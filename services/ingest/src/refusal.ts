/** Why the door stays shut for one message: a code of the registry in packages/http, and the field to correct. */
export type RefusalCode =
  | "recipient_impossible"
  | "unknown_session"
  | "no_session"
  | "not_supported"
  | "lane_refused"
  | "template_unknown"
  | "template_not_approved"
  | "template_mismatch"
  | "recipient_opted_out"
  | "invalid_body";

export type Refusal = {
  code: RefusalCode;
  /** Dotted path inside the message, for example `to.value`. */
  field: string;
  /** What is wrong, for the caller; never holds the recipient. */
  problem: string;
  remedy: string;
};
