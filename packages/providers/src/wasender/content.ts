/** WhatsApp's content object: what kind it is, what it says, what it answers, which file it brings. */
import type { InboundKind, InboundMedia } from "../callback.ts";
import { firstIdAt, idAt, type JsonObject, objectAt, textAt } from "../json.ts";

export type ContentSummary = {
  kind: InboundKind;
  /** WhatsApp's word for it; "none" for a content object without any. */
  name: string;
  text: string | null;
  /** WhatsApp's key of the message that it answers, edits or deletes. */
  answers: string | null;
  media: InboundMedia | null;
};

const kinds: Record<string, InboundKind> = {
  conversation: "text",
  extendedTextMessage: "text",
  imageMessage: "image",
  videoMessage: "video",
  audioMessage: "audio",
  documentMessage: "document",
  stickerMessage: "sticker",
  locationMessage: "location",
  liveLocationMessage: "location",
  contactMessage: "contacts",
  contactsArrayMessage: "contacts",
  reactionMessage: "reaction",
  buttonsResponseMessage: "button",
  templateButtonReplyMessage: "button",
  listResponseMessage: "interactive",
  orderMessage: "order",
  pollUpdateMessage: "poll_vote",
  pollCreationMessage: "other",
  pollCreationMessageV2: "other",
  pollCreationMessageV3: "other",
  protocolMessage: "system",
};

/** Envelopes around the content proper. */
const wrappers = [
  "ephemeralMessage",
  "viewOnceMessage",
  "viewOnceMessageV2",
  "documentWithCaptionMessage",
  "editedMessage",
];
const MAX_WRAPPERS = 4;

export function summarise(content: JsonObject | null): ContentSummary {
  const inner = unwrap(content);
  const name = Object.keys(kinds).find((key) => inner?.[key] !== undefined && inner[key] !== null);
  if (inner === null || name === undefined) {
    const unknown = Object.keys(inner ?? {}).find((key) => key !== "messageContextInfo");
    return { kind: "other", name: unknown ?? "none", text: null, answers: null, media: null };
  }
  const part = objectAt(inner, name);
  if (name === "protocolMessage") return summariseProtocol(part);
  return {
    kind: kinds[name]!,
    name,
    text: name === "conversation" ? textAt(inner, name) : textOf(part),
    answers:
      idAt(objectAt(part, "contextInfo"), "stanzaId") ??
      idAt(objectAt(part, "key"), "id") ??
      idAt(objectAt(part, "pollCreationMessageKey"), "id"),
    media: mediaOf(name, part),
  };
}

/** WhatsApp's messages about messages: an edit brings what is said now, a deletion says only which. */
function summariseProtocol(part: JsonObject | null): ContentSummary {
  const answers = idAt(objectAt(part, "key"), "id");
  const edited = objectAt(part, "editedMessage");
  if (answers !== null && edited !== null)
    return { ...summarise(edited), kind: "edit", name: "protocolMessage.edit", answers };
  // 0 is its number, which protobuf leaves out when it writes.
  const type = textAt(part, "type")?.toUpperCase() ?? "0";
  const deletes = answers !== null && (type === "0" || type === "REVOKE");
  return {
    kind: deletes ? "delete" : "system",
    name: `protocolMessage.${type}`,
    text: null,
    answers,
    media: null,
  };
}

function unwrap(content: JsonObject | null): JsonObject | null {
  let inner = content;
  for (let depth = 0; depth < MAX_WRAPPERS; depth++) {
    const wrapper = wrappers.find((name) => objectAt(objectAt(inner, name), "message") !== null);
    if (wrapper === undefined) return inner;
    inner = objectAt(objectAt(inner, wrapper), "message");
  }
  return inner;
}

function textOf(part: JsonObject | null): string | null {
  for (const key of ["text", "caption", "selectedDisplayText", "title", "name", "displayName"]) {
    const text = textAt(part, key);
    // A reaction without an emoji was taken back.
    if (text !== null) return text === "" ? null : text;
  }
  return null;
}

const files = ["imageMessage", "videoMessage", "audioMessage", "documentMessage", "stickerMessage"];

function mediaOf(name: string, part: JsonObject | null): InboundMedia | null {
  if (part === null || !files.includes(name)) return null;
  const bytes = Number(idAt(part, "fileLength") ?? Number.NaN);
  return {
    providerId: null,
    url: textAt(part, "url"),
    mimeType: idAt(part, "mimetype"),
    sha256: idAt(part, "fileSha256"),
    bytes: Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : null,
    fileName: firstIdAt(part, "fileName", "title"),
    voice: part.ptt === true,
  };
}
