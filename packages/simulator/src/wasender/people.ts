/** What people do to a WasenderApi session: write, change what they wrote, react, call. */
import type { Person, Said } from "../person.ts";
import type { Sim } from "../sim.ts";
import type { WasenderSession } from "../world.ts";
import { post } from "./events.ts";

/** A person writes to the session, or in a group it is in. Returns WhatsApp's key id. */
export function personWrites(
  sim: Sim,
  session: WasenderSession,
  person: Person,
  said: Said,
  group: string | null,
): string {
  const id = newKeyId(sim);
  const seconds = Math.floor(sim.now() / 1_000);
  const tell = (event: string, data: object) =>
    post(sim, session, withData(event, seconds, data), person.digits, false, () => {});
  if (said.kind === "delete") {
    tell("messages.delete", { keys: [keyOf(person, said.of, group)] });
    return said.of;
  }
  const key = keyOf(person, id, group);
  if (said.kind === "reaction") {
    const target = { id: said.of, remoteJid: key.remoteJid, fromMe: true };
    const reaction = { text: said.text, key, senderTimestampMs: Math.round(sim.now()) };
    tell("messages.reaction", [{ key: target, reaction }]);
    return id;
  }
  const message = {
    key,
    messageBody: said.text,
    message: contentOf(said, key.remoteJid),
    pushName: person.name,
    messageTimestamp: seconds,
  };
  tell("messages.received", { messages: message });
  tell(group === null ? "messages-personal.received" : "messages-group.received", { messages: message });
  tell("messages.upsert", { messages: [message] });
  return id;
}

/** Somebody's telephone rings. Returns the id of the call. */
export function personCallsSession(
  sim: Sim,
  session: WasenderSession,
  person: Person,
  status: string,
): string {
  const id = newKeyId(sim);
  const call = {
    id,
    from: addressesOf(person).chat,
    date: new Date(sim.now()).toISOString(),
    isGroup: false,
    isVideo: false,
    status,
  };
  const event = withData("call", Math.floor(sim.now() / 1_000), { call });
  post(sim, session, event, person.digits, false, () => {});
  return id;
}

function withData(event: string, timestamp: number, data: object): { event: string } {
  return { event, timestamp, data } as { event: string };
}

function contentOf(said: Extract<Said, { text: string }>, remoteJid: string): object {
  if (said.kind !== "edit") return { conversation: said.text };
  return {
    protocolMessage: {
      key: { id: said.of, remoteJid, fromMe: false },
      type: "MESSAGE_EDIT",
      editedMessage: { conversation: said.text },
    },
  };
}

/** Somebody with a LID is named by it, and by the number beside it where that is known. */
function addressesOf(person: Person): { chat: string; number: string | null; lid: string | null } {
  const number = person.digits === "" ? null : `${person.digits}@s.whatsapp.net`;
  const lid = person.id === null ? null : `${person.id}@lid`;
  return { chat: lid ?? number ?? "", number, lid };
}

function keyOf(person: Person, id: string, group: string | null) {
  const { chat, number, lid } = addressesOf(person);
  const mode = { id, fromMe: false, addressingMode: lid === null ? "pn" : "lid" };
  if (group !== null)
    return {
      ...mode,
      remoteJid: group,
      participant: chat,
      ...(number === null ? {} : { participantPn: number, cleanedParticipantPn: person.digits }),
      ...(lid === null ? {} : { participantLid: lid }),
    };
  return {
    ...mode,
    remoteJid: chat,
    ...(number === null ? {} : { senderPn: number, cleanedSenderPn: person.digits }),
    ...(lid === null ? {} : { senderLid: lid }),
  };
}

function newKeyId(sim: Sim): string {
  return `3A${sim.nextNumber().toString(16).toUpperCase().padStart(10, "0")}${sim.runTag}`;
}
