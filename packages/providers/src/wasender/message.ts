/** message.sent, messages.upsert, messages.received…: messages themselves, ours and theirs. */
import type { Inbound, ParsedCallback } from "../callback.ts";
import { epochMs } from "../epoch-ms.ts";
import { idAt, isObject, type JsonObject, objectAt, textAt } from "../json.ts";
import { canonicalDigits } from "../match-key.ts";
import { scrub } from "../scrub.ts";
import type { Recipient } from "../send.ts";
import { summarise } from "./content.ts";
import { groupOf, identitiesOf, writerOf } from "./key.ts";

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
  // Nothing that we send is one, and what an edit says must not be taken for a message that says the same.
  if (summary.kind === "edit" || summary.kind === "delete")
    return { kind: "no_news", name: `own ${summary.kind}` };
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
  const written = key === null ? null : writtenUnder(key);
  if (written === null) return { kind: "other", name: event, payload: body };
  const content = objectAt(piece, "message");
  const summary = summarise(content);
  const text = textAt(piece, "messageBody") || summary.text;
  const isBareText = content === null && text !== null;
  return {
    ...written,
    fromName: idAt(piece, "pushName"),
    messageKind: isBareText ? "text" : summary.kind,
    providerKind: isBareText ? "messageBody" : summary.name,
    text,
    media: summary.media,
    contextProviderId: summary.answers,
    occurredAt: timeOf(piece, at),
    payload: JSON.stringify(piece),
  };
}

/** What a key says: which message, whose, and where. Null when it lacks the id or the writer. */
export function writtenUnder(key: JsonObject): FromPerson | null {
  const id = idAt(key, "id");
  const from = writerOf(key);
  return id === null || from === null ? null : inboundFrom(id, from, groupOf(key), identitiesOf(key));
}

type FromPerson = Omit<
  Inbound,
  "messageKind" | "providerKind" | "text" | "contextProviderId" | "occurredAt" | "payload"
>;

/** The beginning of an inbound record: it says nothing yet. */
export function inboundFrom(
  providerId: string,
  from: Recipient,
  group: string | null,
  identities: Inbound["identities"],
): FromPerson {
  return {
    kind: "inbound",
    providerId,
    occurrence: null,
    from,
    fromName: null,
    identities,
    group,
    media: null,
    preference: null,
  };
}

function timeOf(piece: unknown, at: unknown): number | null {
  return epochMs(isObject(piece) ? piece.messageTimestamp : null) ?? epochMs(at);
}
