/**
 * The two questions about messages that were sent: `GET /messages/{msgId}/info`, the only bridge from the number that a send
 * is answered with to WhatsApp's key, and the session's message log, for sends that were not answered.
 */
import { epochMs } from "../epoch-ms.ts";
import type { Answer, HttpQuestion } from "../exchange.ts";
import { idAt, isObject, type JsonObject, listAt, objectAt, parseJson, textAt } from "../json.ts";
import type { LoggedMessage, LookUpAnswer, MessageInfo, MessageLog } from "../look-up.ts";
import { canonicalDigits } from "../match-key.ts";
import { isHeaderSafe } from "../refusal.ts";
import { scrub } from "../scrub.ts";
import type { SenderSession } from "../send.ts";
import { waitOf } from "./answer.ts";
import { summarise } from "./content.ts";
import limits from "./look-up-limits.json" with { type: "json" };
import { statusOf } from "./status.ts";

/** Null without a usable key, or for an id that is no number of theirs. */
export function askInfo({ credentials }: SenderSession, msgId: string): HttpQuestion | null {
  if (credentials.kind !== "wasender" || !/^\d{1,15}$/.test(msgId)) return null;
  return question(`/messages/${msgId}/info`, credentials.apiKey);
}

export function readInfo(answer: Answer, nowMs: number): LookUpAnswer<MessageInfo> {
  // What the vendor answers for a message that still waits is not documented: 404 and an info without a key are both "not yet".
  if (answer.status === 404) return { kind: "found", found: { status: null, key: null, ...nobody } };
  const read = dataOf(answer, nowMs);
  if (read.kind === "unsure") return read;
  const { data } = read;
  const key = objectAt(data, "key");
  const { text, kind } = summarise(objectAt(data, "message"));
  return {
    kind: "found",
    found: {
      status: statusOf(textAt(data, "status")),
      key: idAt(key, "id") ?? idAt(data, "id"),
      digits: canonicalDigits(idAt(key, "remoteJid") ?? idAt(data, "remoteJid") ?? ""),
      text: text ?? (kind === "other" ? null : kind),
    },
  };
}

const nobody = { digits: null, text: null };

/** Null without the account's token. */
export function askLog({ credentials, providerRef }: SenderSession): HttpQuestion | null {
  if (credentials.kind !== "wasender" || credentials.accountToken === undefined) return null;
  const query = `page=1&per_page=${limits.message_log_rows}`;
  return question(
    `/whatsapp-sessions/${encodeURIComponent(providerRef)}/message-logs?${query}`,
    credentials.accountToken,
  );
}

export function readLog(answer: Answer, nowMs: number): LookUpAnswer<MessageLog> {
  const read = dataOf(answer, nowMs);
  if (read.kind === "unsure") return read;
  const { data } = read;
  if (!Array.isArray(data.data)) return { kind: "unsure", why: "the answer holds no log", waitMs: null };
  const lastPage = Number(textAt(data, "last_page") ?? Number.NaN);
  const rows = listAt(data, "data").flatMap((row) => rowOf(row) ?? []);
  return { kind: "found", found: { rows, isWhole: lastPage <= 1 && rows.length === data.data.length } };
}

/** Null for a row that can't be read: then the log is not whole either. */
function rowOf(row: unknown): LoggedMessage | null {
  const id = idAt(row, "id");
  const at = Date.parse(textAt(row, "created_at") ?? "");
  const createdAtMs = Number.isNaN(at) ? epochMs(isObject(row) ? row.created_at : null) : at;
  if (id === null || createdAtMs === null) return null;
  const request = contentOf(row);
  return {
    id,
    // Null where the session does not log what it sends.
    digits: canonicalDigits(idAt(row, "to") ?? ""),
    text: request === null ? null : wordsOf(request),
    hasFailed: textAt(row, "status")?.toLowerCase() === "failed",
    failure: scrub(textAt(row, "failed_reason") ?? ""),
    createdAtMs,
  };
}

/** The request's content, kept as JSON in a string. */
function contentOf(row: unknown): JsonObject | null {
  const content = isObject(row) ? row.content : null;
  const parsed = typeof content === "string" ? parseJson(content) : content;
  return isObject(parsed) ? parsed : null;
}

const kinds: Record<string, string> = {
  imageUrl: "image",
  videoUrl: "video",
  audioUrl: "audio",
  documentUrl: "document",
  stickerUrl: "sticker",
  location: "location",
  contact: "contacts",
  poll: "poll",
};

/** As `wordsOf` in packages/events says it of our own record. */
function wordsOf(request: JsonObject): string | null {
  const field = Object.keys(kinds).find((name) => request[name] !== undefined && request[name] !== null);
  return (
    textAt(request, "text") ??
    textAt(objectAt(request, "location"), "name") ??
    textAt(objectAt(request, "contact"), "name") ??
    textAt(objectAt(request, "poll"), "question") ??
    (field === undefined ? null : kinds[field]!)
  );
}

function question(path: string, token: string): HttpQuestion | null {
  if (!isHeaderSafe(token)) return null;
  return { path, headers: { accept: "application/json", authorization: `Bearer ${token}` } };
}

function dataOf(
  answer: Answer,
  nowMs: number,
): { kind: "data"; data: JsonObject } | { kind: "unsure"; why: string; waitMs: number | null } {
  const root = parseJson(answer.body);
  const body = isObject(root) ? root : {};
  const data = objectAt(body, "data");
  if (answer.status === 200 && body.success !== false && data !== null) return { kind: "data", data };
  return { kind: "unsure", why: `HTTP ${answer.status}`, waitMs: waitOf(answer, body, nowMs) };
}
