/** WhatsApp's message keys as WasenderApi writes them, spellings of its SDKs included. */
import type { Identity } from "../callback.ts";
import { firstIdAt, idAt, type JsonObject } from "../json.ts";
import type { Recipient } from "../send.ts";

/** Whom a key names as the writer, in the order in which they are asked: the number before the LID. */
function addressesOf(key: JsonObject): (string | null)[] {
  const chat = idAt(key, "remoteJid") ?? "";
  if (isShared(chat))
    return [
      firstIdAt(key, "cleanedParticipantPn", "cleanParticipantPn", "participantPn"),
      idAt(key, "participant"),
      idAt(key, "participantLid"),
    ];
  return [firstIdAt(key, "cleanedSenderPn", "cleanSenderPn", "senderPn"), chat, idAt(key, "senderLid")];
}

/** The one who wrote; in a group the participant. */
export function writerOf(key: JsonObject): Recipient | null {
  const chat = idAt(key, "remoteJid") ?? "";
  if (chat.endsWith("@newsletter")) return { kind: "channel", value: chat };
  return personAt(...addressesOf(key));
}

/** Where it was written: a group, or a status shown to many; null for a chat with the writer alone. */
export function groupOf(key: JsonObject): string | null {
  const chat = idAt(key, "remoteJid") ?? "";
  return isShared(chat) ? chat : null;
}

/** All names of the writer that the key gives, each once. */
export function identitiesOf(key: JsonObject): Identity[] {
  return namesAt(...addressesOf(key));
}

/** The first that is a number, else the first that is a LID. */
export function personAt(...addresses: (string | null)[]): Recipient | null {
  const names = namesAt(...addresses);
  const phone = names.find(({ kind }) => kind === "phone");
  if (phone !== undefined) return { kind: "phone", value: phone.value };
  const lid = names[0];
  return lid === undefined ? null : { kind: "bsuid", value: lid.value };
}

export function namesAt(...addresses: (string | null)[]): Identity[] {
  const known = new Map<string, Identity>();
  for (const address of addresses) {
    const name = nameAt(address ?? "");
    if (name !== null) known.set(name.value, name);
  }
  return [...known.values()];
}

function nameAt(address: string): Identity | null {
  const digits = /^\+?(\d{5,20})(:\d+)?(@(s\.whatsapp\.net|c\.us))?$/.exec(address)?.[1];
  if (digits !== undefined) return { kind: "phone", value: `+${digits}` };
  return address.endsWith("@lid") ? { kind: "lid", value: address.replace(/:\d+@/, "@") } : null;
}

function isShared(chat: string): boolean {
  return chat.endsWith("@g.us") || chat.endsWith("@broadcast");
}
