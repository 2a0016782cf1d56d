/** WhatsApp's content object: what kind it is, what it says, what it answers. */
import type { InboundKind } from "../callback.ts";
import { idAt, type JsonObject, objectAt, textAt } from "../json.ts";

export type ContentSummary = { kind: InboundKind; text: string | null; answers: string | null };

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
  pollCreationMessage: "other",
  pollCreationMessageV3: "other",
  protocolMessage: "system",
};

/** Envelopes around the content proper. */
const wrappers = ["ephemeralMessage", "viewOnceMessage", "viewOnceMessageV2", "documentWithCaptionMessage"];
const MAX_WRAPPERS = 4;

export function summarise(content: JsonObject | null): ContentSummary {
  const inner = unwrap(content);
  const name = Object.keys(kinds).find((key) => inner?.[key] !== undefined && inner[key] !== null);
  if (inner === null || name === undefined) return { kind: "other", text: null, answers: null };
  const part = objectAt(inner, name);
  return {
    kind: kinds[name]!,
    text: name === "conversation" ? textAt(inner, name) : textOf(part),
    answers: idAt(objectAt(part, "contextInfo"), "stanzaId") ?? idAt(objectAt(part, "key"), "id"),
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
    if (text !== null) return text;
  }
  return null;
}
