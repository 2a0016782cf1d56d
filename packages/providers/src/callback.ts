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
  | "other";

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
  | {
      kind: "inbound";
      providerId: string;
      from: Recipient;
      fromName: string | null;
      messageKind: InboundKind;
      /** Text, caption, or what a button says. */
      text: string | null;
      /** Provider id of the message it answers or reacts to. */
      contextProviderId: string | null;
      occurredAt: number | null;
      payload: string;
    }
  /** status: the provider's word, lower case. */
  | { kind: "session_status"; status: string; detail: string | null }
  | { kind: "other"; name: string; payload: string };
