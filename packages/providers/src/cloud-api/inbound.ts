/** One of Meta's inbound `messages[]`. */
import type { InboundKind, ParsedCallback } from "../callback.ts";
import { epochMs } from "../epoch-ms.ts";
import { firstIdAt, idAt, type JsonObject, objectAt, textAt } from "../json.ts";
import type { Recipient } from "../send.ts";

const kinds: readonly string[] = [
  "text",
  "image",
  "video",
  "audio",
  "document",
  "sticker",
  "location",
  "contacts",
  "reaction",
  "button",
  "interactive",
  "order",
  "system",
  "unsupported",
] satisfies InboundKind[];

export function parseMessage(message: JsonObject, contact: JsonObject | null, body: string): ParsedCallback {
  const type = idAt(message, "type") ?? "none";
  const providerId = idAt(message, "id");
  const from = senderOf(message);
  if (providerId === null || from === null) return { kind: "other", name: `message.${type}`, payload: body };
  return {
    kind: "inbound",
    providerId,
    from,
    fromName: idAt(objectAt(contact, "profile"), "name"),
    messageKind: kinds.includes(type) ? (type as InboundKind) : "other",
    text: textOf(message, type),
    contextProviderId:
      idAt(objectAt(message, "context"), "id") ?? idAt(objectAt(message, "reaction"), "message_id"),
    occurredAt: epochMs(message.timestamp),
    payload: JSON.stringify(message),
  };
}

/** People with a username may come without a number; some events put their id where the number was. */
function senderOf(message: JsonObject): Recipient | null {
  const from = idAt(message, "from");
  const digits = from === null ? null : (/^\+?(\d{5,20})$/.exec(from)?.[1] ?? null);
  if (digits !== null) return { kind: "phone", value: `+${digits}` };
  const userId = firstIdAt(message, "from_user_id", "from");
  return userId === null ? null : { kind: "bsuid", value: userId };
}

function textOf(message: JsonObject, type: string): string | null {
  const part = objectAt(message, type);
  switch (type) {
    case "text":
    case "system":
      return textAt(part, "body");
    case "button":
    case "order":
      return textAt(part, "text");
    case "reaction":
      return textAt(part, "emoji");
    case "interactive":
      return (
        textAt(objectAt(part, "button_reply"), "title") ??
        textAt(objectAt(part, "list_reply"), "title") ??
        textAt(objectAt(part, "nfm_reply"), "body")
      );
    default:
      return textAt(part, "caption");
  }
}
