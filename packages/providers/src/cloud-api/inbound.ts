/** One of Meta's inbound `messages[]`. */
import type { InboundKind, InboundMedia, ParsedCallback } from "../callback.ts";
import { epochMs } from "../epoch-ms.ts";
import { firstIdAt, idAt, type JsonObject, objectAt, textAt } from "../json.ts";
import { identitiesOf, senderOf } from "./person.ts";

const kinds: Record<string, InboundKind> = {
  text: "text",
  image: "image",
  video: "video",
  audio: "audio",
  document: "document",
  sticker: "sticker",
  location: "location",
  contacts: "contacts",
  reaction: "reaction",
  button: "button",
  interactive: "interactive",
  order: "order",
  system: "system",
  unsupported: "unsupported",
  edit: "edit",
  revoke: "delete",
};

export function parseMessage(message: JsonObject, contact: JsonObject | null, body: string): ParsedCallback {
  const type = idAt(message, "type") ?? "none";
  const providerId = idAt(message, "id");
  const from = senderOf(message);
  if (providerId === null || from === null) return { kind: "other", name: `message.${type}`, payload: body };
  // What an edit makes of the message is a message of its own.
  const content = objectAt(objectAt(message, "edit"), "message") ?? message;
  return {
    kind: "inbound",
    providerId,
    occurrence: null,
    from,
    fromName: idAt(objectAt(contact, "profile"), "name"),
    identities: identitiesOf(message, contact),
    group: idAt(message, "group_id"),
    messageKind: Object.hasOwn(kinds, type) ? kinds[type]! : "other",
    providerKind: type,
    text: textOf(content, idAt(content, "type") ?? "none"),
    media: mediaOf(content),
    preference: null,
    contextProviderId:
      idAt(objectAt(message, "edit"), "original_message_id") ??
      idAt(objectAt(message, "revoke"), "original_message_id") ??
      idAt(objectAt(message, "context"), "id") ??
      idAt(objectAt(message, "reaction"), "message_id"),
    occurredAt: epochMs(message.timestamp),
    payload: JSON.stringify(message),
  };
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
      // Without an emoji, or with an empty one, it was taken back.
      return idAt(part, "emoji");
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

const files = ["image", "video", "audio", "document", "sticker"];

function mediaOf(message: JsonObject): InboundMedia | null {
  const type = idAt(message, "type") ?? "none";
  const file = files.includes(type) ? objectAt(message, type) : null;
  if (file === null) return null;
  const bytes = Number(firstIdAt(file, "file_size", "filesize") ?? Number.NaN);
  return {
    providerId: idAt(file, "id"),
    url: textAt(file, "url"),
    mimeType: idAt(file, "mime_type"),
    sha256: idAt(file, "sha256"),
    bytes: Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : null,
    fileName: idAt(file, "filename"),
    voice: file.voice === true,
  };
}
