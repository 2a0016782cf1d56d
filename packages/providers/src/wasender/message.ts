/** message.sent, messages.upsert, messages.received…: messages themselves, ours and theirs. */
import type { ParsedCallback } from "../callback.ts";
import { epochMs } from "../epoch-ms.ts";
import { idAt, isObject, objectAt, textAt } from "../json.ts";
import { canonicalDigits } from "../match-key.ts";
import { scrub } from "../scrub.ts";
import { summarise } from "./content.ts";
import { writerOf } from "./key.ts";

/** One inbound message comes as up to three of these; they share one dedupe key. */
export function isMessageEvent(event: string): boolean {
  return event === "messages.upsert" || /^messages(-personal|-group|-newsletter)?\.received$/.test(event);
}

/** Whether this number wrote it, through the API or on the phone. */
export function isOwn(event: string, piece: unknown): boolean {
  return event === "message.sent" || objectAt(piece, "key")?.fromMe === true;
}

export function parseOwnMessage(at: unknown, piece: unknown, body: string): ParsedCallback {
  const key = objectAt(piece, "key");
  const id = idAt(key, "id");
  const failed = isObject(piece) && piece.success === false;
  if (id === null) {
    if (!failed) return { kind: "other", name: "message.sent", payload: body };
    const said = textAt(piece, "error") ?? textAt(piece, "message") ?? "";
    return { kind: "own_failure", detail: scrub(said) || "a send failed" };
  }
  const summary = summarise(objectAt(piece, "message"));
  return {
    kind: "own_message",
    providerKey: id,
    recipientDigits: canonicalDigits(idAt(key, "remoteJid") ?? ""),
    // A file without a caption says what it is, as our side does when it looks for it (wordsOf of packages/events).
    text: summary.text ?? textAt(piece, "messageBody") ?? (summary.kind === "other" ? null : summary.kind),
    success: !failed,
    occurredAt: timeOf(piece, at),
  };
}

export function parseInbound(event: string, at: unknown, piece: unknown, body: string): ParsedCallback {
  const key = objectAt(piece, "key");
  const id = idAt(key, "id");
  const from = key === null ? null : writerOf(key);
  if (id === null || from === null) return { kind: "other", name: event, payload: body };
  const summary = summarise(objectAt(piece, "message"));
  const text = textAt(piece, "messageBody") ?? summary.text;
  return {
    kind: "inbound",
    providerId: id,
    from,
    fromName: idAt(piece, "pushName"),
    messageKind:
      summary.kind === "other" && objectAt(piece, "message") === null && text !== null
        ? "text"
        : summary.kind,
    text,
    contextProviderId: summary.answers,
    occurredAt: timeOf(piece, at),
    payload: JSON.stringify(piece),
  };
}

function timeOf(piece: unknown, at: unknown): number | null {
  return epochMs(isObject(piece) ? piece.messageTimestamp : null) ?? epochMs(at);
}
