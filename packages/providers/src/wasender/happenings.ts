/** What people do to messages and calls, told by events of their own: deletions, edits, reactions, votes, calls. */
import { createHash } from "node:crypto";
import type { Inbound, ParsedCallback } from "../callback.ts";
import { epochMs } from "../epoch-ms.ts";
import { firstIdAt, idAt, isObject, listAt, objectAt, textAt } from "../json.ts";
import { summarise } from "./content.ts";
import { groupOf, namesAt, personAt } from "./key.ts";
import { inboundFrom, writtenUnder } from "./message.ts";

/** One of `messages.delete`'s keys. */
export function parseDeletion(at: unknown, piece: unknown, body: string): ParsedCallback {
  const key = objectAt(piece, "key") ?? (isObject(piece) ? piece : {});
  if (key.fromMe === true) return { kind: "no_news", name: "own delete" };
  const written = writtenUnder(key);
  if (written === null) return { kind: "other", name: "messages.delete", payload: body };
  return {
    ...written,
    messageKind: "delete",
    providerKind: "messages.delete",
    text: null,
    contextProviderId: written.providerId,
    occurredAt: epochMs(at),
    payload: JSON.stringify(piece),
  };
}

/** A `messages.update` that says what a message says now; null when it is none. */
export function parseEdit(at: unknown, piece: unknown): ParsedCallback | null {
  const content = objectAt(objectAt(piece, "update"), "message");
  const key = objectAt(piece, "key");
  if (content === null || key === null) return null;
  if (key.fromMe !== false) return { kind: "no_news", name: "own edit" };
  const written = writtenUnder(key);
  if (written === null) return null;
  const summary = summarise(content);
  return {
    ...written,
    // The key is the edited message's own, which may be edited again.
    occurrence: digest(JSON.stringify(content)),
    messageKind: summary.kind === "delete" ? "delete" : "edit",
    providerKind: "messages.update",
    text: summary.text,
    media: summary.media,
    contextProviderId: written.providerId,
    occurredAt: epochMs(at),
    payload: JSON.stringify(piece),
  };
}

/** One of `messages.reaction`: `key` is the message reacted to, `reaction.key` the reaction's own. */
export function parseReaction(at: unknown, piece: unknown, body: string): ParsedCallback {
  const reaction = objectAt(piece, "reaction");
  const target = objectAt(piece, "key");
  const key = objectAt(reaction, "key");
  // Without a key of its own it is the partner's of the chat, unless it is about what the partner wrote.
  const written = key !== null ? writtenUnder(key) : target?.fromMe === true ? writtenUnder(target) : null;
  if (key?.fromMe === true) return { kind: "no_news", name: "own reaction" };
  if (reaction === null || written === null)
    return { kind: "other", name: "messages.reaction", payload: body };
  const text = idAt(reaction, "text");
  const occurredAt = epochMs(reaction.senderTimestampMs) ?? epochMs(at);
  return {
    ...written,
    occurrence: key === null ? digest(JSON.stringify([text, occurredAt])) : null,
    messageKind: "reaction",
    providerKind: "messages.reaction",
    text,
    contextProviderId: idAt(target, "id"),
    occurredAt,
    payload: JSON.stringify(piece),
  };
}

/**
 * `poll.results` tells the whole standing each time: one record per voter, the same again for who has not changed the vote.
 * A vote that was taken back is not told.
 */
export function parsePoll(at: unknown, piece: unknown, body: string): ParsedCallback[] {
  const key = objectAt(piece, "key");
  const id = idAt(key, "id");
  const chosen = new Map<string, string[]>();
  for (const option of listAt(piece, "pollResult"))
    for (const voter of listAt(option, "voters")) {
      const name = idAt(option, "name");
      if (typeof voter !== "string" || name === null) continue;
      chosen.set(voter, [...(chosen.get(voter) ?? []), name]);
    }
  const votes = [...chosen].flatMap(([voter, names]): Inbound[] => {
    const from = personAt(voter);
    if (from === null || id === null || key === null) return [];
    return [
      {
        ...inboundFrom(id, from, groupOf(key), namesAt(voter)),
        occurrence: digest(JSON.stringify([voter, names])),
        messageKind: "poll_vote",
        providerKind: "poll.results",
        text: names.join("\n"),
        contextProviderId: id,
        occurredAt: epochMs(at),
        payload: JSON.stringify({ key, voter, names }),
      },
    ];
  });
  return votes.length > 0 ? votes : [{ kind: "other", name: "poll.results", payload: body }];
}

/** `call`, or `call.received` in the SDKs. A LID's number and a group are where WhatsApp's own library puts them. */
export function parseCall(at: unknown, piece: unknown, body: string): ParsedCallback {
  const id = idAt(piece, "id");
  const caller = firstIdAt(piece, "callerPn", "from");
  const from = personAt(caller, idAt(piece, "from"));
  const status = idAt(piece, "status") ?? "none";
  if (id === null || from === null) return { kind: "other", name: `call.${status}`, payload: body };
  const chat = firstIdAt(piece, "groupJid", "chatId") ?? "";
  return {
    ...inboundFrom(id, from, chat.endsWith("@g.us") ? chat : null, namesAt(caller, idAt(piece, "from"))),
    occurrence: status,
    messageKind: "call",
    providerKind: `call.${status}`,
    text: null,
    contextProviderId: null,
    occurredAt: isoMs(textAt(piece, "date")) ?? epochMs(isObject(piece) ? piece.date : null) ?? epochMs(at),
    payload: JSON.stringify(piece),
  };
}

function isoMs(text: string | null): number | null {
  if (text === null || !/^\d{4}-\d\d-\d\dT[\d:.]{5,15}(Z|[+-]\d\d:?\d\d)$/.test(text)) return null;
  return epochMs(Date.parse(text));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
