/** Which field of a message's content its kind stands for. */
import type { Content, ContentKind } from "./generated/records.ts";

export type ContentField = Exclude<keyof Content, "kind">;

const fields: Record<Exclude<ContentKind, "UNKNOWN">, ContentField> = {
  text: "text",
  template: "template",
  image: "media",
  video: "media",
  audio: "media",
  document: "media",
  sticker: "media",
  location: "location",
  contacts: "contacts",
  reaction: "reaction",
  interactive: "interactive",
  poll: "poll",
};

const nothing: Omit<Content, "kind"> = {
  text: null,
  template: null,
  media: null,
  location: null,
  contacts: null,
  reaction: null,
  interactive: null,
  poll: null,
};

/** Content of a kind, with its one field. */
export function content<Kind extends Exclude<ContentKind, "UNKNOWN">>(
  kind: Kind,
  said: Partial<Omit<Content, "kind">>,
): Content {
  return { ...nothing, ...said, kind };
}

/** Whether the field is there that its kind stands for: a record may come from anywhere. */
export function isWhole(content: Content): boolean {
  // A row or record of a release that did not know the field has none.
  return content.kind !== "UNKNOWN" && (content[fields[content.kind]] ?? null) !== null;
}

/**
 * What a message says, in words: to recognise it among a provider's reports of what it sent, which name no id of ours. A file
 * without a caption says what it is.
 */
export function wordsOf(content: Content): string | null {
  if (content.kind === "UNKNOWN" || content.kind === "template") return null;
  return (
    content.text?.body ??
    content.media?.caption ??
    content.location?.name ??
    content.contacts?.cards[0]?.name ??
    content.poll?.question ??
    content.kind
  );
}
