/** One record of each kind that a webhook tells of, for the examples in the catalogue. */
import type { InboundKind, InboundMessage, MessageStatus, SessionEvent, Status } from "@wamesh/events";
import { inboundMessage, messageStatus, sessionEvent } from "@wamesh/testing";

const reason = {
  code: "recipient_unreachable",
  fault_class: "recipient",
  provider_code: "131026",
  detail: "The message can't be delivered to this person.",
} as const;

const reasons: Partial<Record<Status, MessageStatus["reason"]>> = {
  failed: reason,
  expired: { code: "ttl_expired", fault_class: "pace", provider_code: null, detail: "Not sent in its time." },
  cancelled: { code: "cancelled", fault_class: "policy", provider_code: null, detail: "" },
  in_doubt: { code: "timeout", fault_class: "provider", provider_code: null, detail: "No answer in time." },
  unconfirmed: {
    code: "timeout",
    fault_class: "provider",
    provider_code: null,
    detail: "No answer in time.",
  },
};

export function exampleStatus(status: Exclude<Status, "UNKNOWN">): MessageStatus {
  const byProvider = ["delivered", "read", "played"].includes(status);
  return messageStatus({
    status,
    origin: byProvider ? "provider" : "mesh",
    external_ref: "order 7",
    template: "order_shipped",
    category: "utility",
    reason: reasons[status] ?? null,
    pricing:
      status === "delivered" ? { billable: true, model: "PMP", type: "regular", category: "utility" } : null,
  });
}

const media = {
  provider_id: "1098765432",
  url: null,
  mime_type: "image/jpeg",
  sha256: "6vXgvhC0nEuHDpWkGsBxHIKqjUqYVEtA2+AL0iVzDF8=",
  bytes: 48_211,
  file_name: null,
  voice: false,
};

const withText: ReadonlySet<InboundKind> = new Set(["text", "button", "interactive", "reaction", "edit"]);
const mediaOf: Partial<Record<InboundKind, InboundMessage["media"]>> = {
  image: media,
  video: { ...media, mime_type: "video/mp4" },
  audio: { ...media, mime_type: "audio/ogg", voice: true },
  document: { ...media, mime_type: "application/pdf", file_name: "invoice.pdf" },
  sticker: { ...media, mime_type: "image/webp" },
};

export function exampleInbound(kind: Exclude<InboundKind, "UNKNOWN">): InboundMessage {
  const answers = ["button", "interactive", "reaction", "edit", "delete", "poll_vote"].includes(kind);
  return inboundMessage({
    kind,
    sender_name: "Ana",
    identities: [{ kind: "phone", value: "15550000001" }],
    text: withText.has(kind) ? (kind === "reaction" ? "👍" : "Yes, please") : null,
    media: mediaOf[kind] ?? null,
    preference: kind === "preference" ? { scope: "marketing", opted_out: true } : null,
    answers_message_id: answers ? messageStatus().message_id : null,
    answers_provider_id: answers ? "wamid.1" : null,
  });
}

const values: Partial<Record<SessionEvent["kind"], Partial<SessionEvent>>> = {
  quality: { value: "yellow" },
  limit: { value: "TIER_2K" },
  account: { session: "", value: "account_restriction" },
  template: {
    session: "",
    template: {
      name: "order_shipped",
      language: "en_US",
      provider_id: "123456789",
      event: "status",
      status: "approved",
      quality: null,
      category: null,
      reason: null,
    },
  },
};

export function exampleSession(
  kind: Exclude<SessionEvent["kind"], "UNKNOWN">,
  status: SessionEvent["status"],
): SessionEvent {
  return sessionEvent({ kind, status, evidence: "callback", ...values[kind] });
}
