/** Judges the body of a WasenderApi send as the vendor's framework would. Pure. */
import { isObject, type Json } from "../http.ts";
import { digitsOf } from "../world.ts";

export type ValidSend = {
  kind: "send";
  to: string;
  digits: string;
  /** What was said, in one string. */
  content: string;
  /** WhatsApp's content object. */
  message: object;
  request: object;
};

export type Judged = ValidSend | { kind: "refused"; errors: Record<string, string[]> };

const URL_FIELDS: Record<string, string> = {
  imageUrl: "imageMessage",
  videoUrl: "videoMessage",
  documentUrl: "documentMessage",
  audioUrl: "audioMessage",
  stickerUrl: "stickerMessage",
};
const OBJECT_FIELDS: Record<string, string> = {
  contact: "contactMessage",
  location: "locationMessage",
  poll: "pollCreationMessage",
};

export function validateSend(body: Json): Judged {
  const errors: Record<string, string[]> = {};
  const { to, text, ...rest } = body;
  if (typeof to !== "string" || to === "") errors.to = ["The to field is required."];
  else if (digitsOf(to).length < 5) errors.to = ["The to field format is invalid."];
  if (text !== undefined && typeof text !== "string") errors.text = ["The text field must be a string."];

  const url = Object.keys(URL_FIELDS).find((field) => rest[field] !== undefined);
  if (url !== undefined && !isUrl(rest[url])) errors[url] = [`The ${url} field must be a valid URL.`];
  const object = Object.keys(OBJECT_FIELDS).find((field) => rest[field] !== undefined);
  if (object !== undefined && !isObject(rest[object]))
    errors[object] = [`The ${object} field must be an array.`];
  if (url === undefined && object === undefined && (text === undefined || text === "")) {
    errors.text = ["The text field is required when no media is present."];
  }
  if (Object.keys(errors).length > 0) return { kind: "refused", errors };

  const words = typeof text === "string" ? text : "";
  const request = { ...(words === "" ? {} : { text: words }), ...rest };
  const media = url ?? object;
  return {
    kind: "send",
    to: String(to),
    digits: digitsOf(String(to)),
    content: media === undefined ? words : JSON.stringify(request),
    message: media === undefined ? { conversation: words } : mediaMessage(media, rest[media], words),
    request,
  };
}

function mediaMessage(field: string, value: unknown, caption: string): object {
  const name = URL_FIELDS[field];
  if (name !== undefined) return { [name]: { url: value, ...(caption === "" ? {} : { caption }) } };
  return {
    [OBJECT_FIELDS[field] ?? field]: field === "poll" && isObject(value) ? pollMessage(value) : value,
  };
}

/** WhatsApp's own names for it. */
function pollMessage({ question, options, multiSelect }: Json): object {
  const choices = Array.isArray(options) ? options.map((optionName) => ({ optionName })) : [];
  return { name: question, options: choices, selectableOptionsCount: multiSelect === true ? 0 : 1 };
}

function isUrl(value: unknown): boolean {
  return typeof value === "string" && URL.canParse(value);
}
