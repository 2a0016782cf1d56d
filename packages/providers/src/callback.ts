/** The contract of callbacks: what is cut out of a provider's POST, and what it means. */
import type { FaultClass, Recipient } from "./send.ts";

/** One thing that a provider said, cut from its POST: stands alone, holds no secret. */
export type CallbackItem = {
  /** A hint for routing and counting: status = about a message of ours, message = from a person; parseCallback says more. */
  kind: "status" | "message" | "session" | "other" | "unreadable";
  /** Cloud API: the number it is about, where it says so. */
  phoneNumberId: string | null;
  /** Cloud API: the WABA. */
  account: string | null;
  /** JSON of this item with the context it needs. Content: may hold personal data. */
  body: string;
  /** SHA-256 hex; the same for every repetition of the same thing to the same scope. */
  dedupeKey: string;
};

export type Pricing = {
  billable: boolean | null;
  model: string | null;
  type: string | null;
  category: string | null;
};

export type ReceiptError = { code: string; providerCode: string; faultClass: FaultClass; detail: string };

export type InboundKind =
  | "text"
  | "image"
  | "video"
  | "audio"
  | "document"
  | "sticker"
  | "location"
  | "contacts"
  | "reaction"
  | "button"
  | "interactive"
  | "order"
  | "system"
  | "unsupported"
  | "other"
  | "preference"
  | "call"
  | "edit"
  | "delete"
  | "poll_vote";

/** One name that the provider knows a person by; phone: E.164 with +, the others as the provider writes them. */
export type Identity = { kind: "phone" | "bsuid" | "parent_bsuid" | "lid" | "username"; value: string };

/** A file that came with a message. */
export type InboundMedia = {
  /** The provider's id of the file; WasenderApi has none. */
  providerId: string | null;
  url: string | null;
  mimeType: string | null;
  /** As the provider writes it. */
  sha256: string | null;
  bytes: number | null;
  fileName: string | null;
  voice: boolean;
};

export type Inbound = {
  kind: "inbound";
  providerId: string;
  /** Tells apart records that share provider id and kind: the states of a call, the votes of a poll. */
  occurrence: string | null;
  from: Recipient;
  fromName: string | null;
  identities: Identity[];
  /** The group it was written in; null: to the number itself. */
  group: string | null;
  messageKind: InboundKind;
  /** The provider's word for what it is, for counting what is `other`. */
  providerKind: string;
  /** Text, caption, or what a button says. */
  text: string | null;
  media: InboundMedia | null;
  /** Set for kind preference. */
  preference: { scope: "marketing" | "all"; optedOut: boolean } | null;
  /** Provider id of the message it answers, reacts to, edits or deletes. */
  contextProviderId: string | null;
  occurredAt: number | null;
  payload: string;
};

/** What a provider says became of a template: status and category in lower case, the reason in its own word. */
export type TemplateChange = {
  name: string;
  language: string;
  providerId: string | null;
  event: "status" | "quality" | "category" | "components";
  status: string | null;
  quality: Quality | null;
  category: string | null;
  reason: string | null;
};

export type Quality = "green" | "yellow" | "red" | "unknown";

/** Something about a number, or about its account as a whole, that is no state of a session's life. */
export type Fact = {
  kind: "fact";
  fact: "throttled" | "paused" | "quality" | "limit" | "template" | "account" | "other";
  /** quality: one of Quality. limit: the provider's word, TIER_2K. account, other: what happened, in the provider's word. */
  value: string | null;
  template: TemplateChange | null;
  /** Digits of the number it is about, where the provider names it by nothing else. */
  numberDigits: string | null;
  error: ReceiptError | null;
  /** JSON of what else is said of it, or empty; names no person. */
  detail: string;
  occurredAt: number | null;
};

export type Receipt = {
  kind: "receipt";
  /** Cloud API: the wamid. WasenderApi's receipts name no id it answered a send with. */
  providerId: string | null;
  /** WasenderApi: WhatsApp's own key. */
  providerKey: string | null;
  status: "sent" | "delivered" | "read" | "played" | "failed";
  /** What the send carried along, where the provider echoes. */
  echo: { messageId: string; claim: number } | null;
  occurredAt: number | null;
  /** Canonical, see canonicalDigits. */
  recipientDigits: string | null;
  /** In a group: the participant this receipt is about, as the provider names it. */
  participant: string | null;
  pricing: Pricing | null;
  /** Set for failed. */
  error: ReceiptError | null;
};

/** Times are epoch ms; null where the provider gave none that is readable. */
export type ParsedCallback =
  | Receipt
  /** WasenderApi: a message that left this number, through the API or typed on the phone. */
  | {
      kind: "own_message";
      providerKey: string;
      recipientDigits: string | null;
      text: string | null;
      success: boolean;
      occurredAt: number | null;
    }
  /** WasenderApi: some send failed; it doesn't say which. */
  | { kind: "own_failure"; detail: string }
  | Inbound
  | Fact
  /** status: the provider's word, lower case. */
  | { kind: "session_status"; status: string; detail: string | null }
  /** Understood, and nothing follows from it. */
  | { kind: "no_news"; name: string }
  /** Not understood, with all it came with. */
  | { kind: "other"; name: string; payload: string };
