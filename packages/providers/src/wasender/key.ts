/** WhatsApp's message keys as WasenderApi writes them, spellings of its SDKs included. */
import { firstIdAt, idAt, type JsonObject } from "../json.ts";
import type { Recipient } from "../send.ts";

/** The one who wrote: the number before the LID; in a group the participant. */
export function writerOf(key: JsonObject): Recipient | null {
  const chat = idAt(key, "remoteJid") ?? "";
  if (chat.endsWith("@newsletter")) return { kind: "channel", value: chat };
  if (chat.endsWith("@g.us"))
    return person(
      firstIdAt(key, "cleanedParticipantPn", "cleanParticipantPn", "participantPn"),
      idAt(key, "participant"),
      idAt(key, "participantLid"),
    );
  return person(firstIdAt(key, "cleanedSenderPn", "cleanSenderPn", "senderPn"), chat, idAt(key, "senderLid"));
}

/** The first that is a number, else the first that is a LID. */
function person(...addresses: (string | null)[]): Recipient | null {
  for (const address of addresses) {
    const digits = /^\+?(\d{5,20})(:\d+)?(@(s\.whatsapp\.net|c\.us))?$/.exec(address ?? "")?.[1];
    if (digits !== undefined) return { kind: "phone", value: `+${digits}` };
  }
  const lid = addresses.find((address) => address?.endsWith("@lid"));
  return lid ? { kind: "bsuid", value: lid.replace(/:\d+@/, "@") } : null;
}
