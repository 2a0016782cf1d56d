/** Judges the body of POST /{phone}/messages as Meta would. Pure. */
import { isObject } from "../http.ts";
import type { CloudNumber, StoredFile } from "../world.ts";
import { type CloudError, cloudError } from "./errors.ts";
import { judgeTemplate } from "./template-send.ts";
import { waIdOf } from "./wa-id.ts";

export type ValidSend = {
  kind: "send";
  input: string;
  waId: string;
  /** biz_opaque_callback_data. */
  echo: string | null;
  isTemplate: boolean;
  /** Pricing category, as the statuses print it. */
  category: string;
  /** What was said, in one string: for recognising and for markers. */
  content: string;
};

export type Judged =
  | ValidSend
  | { kind: "mark_read"; of: string; typing: boolean }
  | { kind: "refused"; error: CloudError; to: string | null };

const TYPES = [
  "text",
  "template",
  "image",
  "video",
  "audio",
  "document",
  "sticker",
  "location",
  "contacts",
  "reaction",
  "interactive",
] as const;
const MEDIA: readonly string[] = ["image", "video", "audio", "document", "sticker"];
const MAX_TEXT = 4_096;
const MAX_ECHO = 512;

export function validateSend(
  body: unknown,
  number: CloudNumber,
  files: ReadonlyMap<string, StoredFile>,
): Judged {
  if (!isObject(body)) return refused(100, "The request body is not valid JSON.", null);
  if (body.messaging_product !== "whatsapp") {
    return refused(100, "The parameter messaging_product is required and must be whatsapp.", null);
  }
  if (body.status === "read") {
    if (!isText(body.message_id)) return refused(100, "The parameter message_id is required.", null);
    const typing = body.typing_indicator;
    if (typing !== undefined && !(isObject(typing) && typing.type === "text"))
      return refused(100, "Param typing_indicator['type'] must be one of {TEXT}.", null);
    return { kind: "mark_read", of: body.message_id, typing: typing !== undefined };
  }
  const input = isText(body.to) ? body.to : isText(body.recipient) ? body.recipient : null;
  if (input === null) return refused(100, "The parameter to is required.", null);
  const waId = isText(body.to) ? waIdOf(body.to, number.countryCode) : input;
  if (isText(body.to) && !/^\d{7,15}$/.test(waId))
    return refused(131009, "to: not a valid phone number.", input);
  if (waId === number.digits) return refused(131021, "Recipient phone number is the sender's.", input);
  const echo = body.biz_opaque_callback_data ?? null;
  if (echo !== null && (typeof echo !== "string" || echo.length > MAX_ECHO)) {
    return refused(
      100,
      `biz_opaque_callback_data must be a string of at most ${MAX_ECHO} characters.`,
      input,
    );
  }
  const type = body.type ?? "text";
  if (!TYPES.some((known) => known === type))
    return refused(100, `Param type must be one of {${TYPES.join(", ")}}.`, input);

  const valid = { kind: "send", input, waId, echo } as const;
  if (type === "template") {
    const judged = judgeTemplate(body.template, number.waba, files);
    if ("error" in judged) return { kind: "refused", error: judged.error, to: input };
    return { ...valid, isTemplate: true, category: judged.category.toLowerCase(), content: judged.content };
  }
  const content = body[type as string];
  const error = contentError(type as string, content) ?? fileError(type as string, content, number, files);
  if (error !== null) return { kind: "refused", error, to: input };
  return { ...valid, isTemplate: false, category: "service", content: contentText(type as string, content) };
}

function contentError(type: string, content: unknown): CloudError | null {
  if (type === "contacts") {
    return Array.isArray(content) && content.length > 0 ? null : cloudError(131008, "contacts is required.");
  }
  if (!isObject(content)) return cloudError(131008, `Parameter ${type} is required for type ${type}.`);
  if (type === "text") {
    if (!isText(content.body)) return cloudError(131008, "text.body is required.");
    if (content.body.length > MAX_TEXT)
      return cloudError(131009, `text.body is longer than ${MAX_TEXT} characters.`);
  }
  if (MEDIA.includes(type) && !isText(content.id) && !isText(content.link)) {
    return cloudError(131008, `${type}: either id or link is required.`);
  }
  if (type === "location" && !(isNumeric(content.latitude) && isNumeric(content.longitude))) {
    return cloudError(131009, "location: latitude and longitude must be numbers.");
  }
  if (type === "reaction" && !isText(content.message_id))
    return cloudError(131008, "reaction.message_id is required.");
  if (type === "interactive" && !isText(content.type))
    return cloudError(131008, "interactive.type is required.");
  return null;
}

/** An id counts for the account that uploaded the file. */
function fileError(
  type: string,
  content: unknown,
  number: CloudNumber,
  files: ReadonlyMap<string, StoredFile>,
): CloudError | null {
  if (!MEDIA.includes(type) || !isObject(content) || !isText(content.id)) return null;
  if (files.get(content.id)?.wabaId === number.waba.wabaId) return null;
  return cloudError(100, `Param ${type}['id'] is not a valid whatsapp business account media attachment ID`);
}

function contentText(type: string, content: unknown): string {
  return type === "text" && isObject(content) ? String(content.body) : JSON.stringify(content);
}

function refused(code: 100 | 131009 | 131021, details: string, to: string | null): Judged {
  return { kind: "refused", error: cloudError(code, details), to };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length > 0;
}

function isNumeric(value: unknown): boolean {
  return value !== "" && value !== null && Number.isFinite(Number(value));
}
