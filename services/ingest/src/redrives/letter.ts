/** What of a dead letter can be sent anew: the message in it, as far as it is one. */
import { type Codec, type DeadLetter, type Decoded, laneTopics, type OutboundMessage } from "@wamesh/events";

const messageTopics = new Map(Object.values(laneTopics).map((topic) => [topic.name, topic]));

/** Null: it is something else, or can't be read. Rejects when the registry does not answer. */
export async function messageOf(letter: DeadLetter, codec: Codec): Promise<OutboundMessage | null> {
  const topic = messageTopics.get(letter.origin_topic);
  if (topic === undefined || letter.origin_value === null || letter.tenant === null) return null;
  // The dispatcher gives up what it has in its schedule, as JSON; a record it could not take in is kept as it was.
  const message =
    contentType(letter) === "application/json"
      ? readJson(letter.origin_value)
      : recordOf(await codec.decode(topic, letter.origin_value));
  return message !== null && message.tenant === letter.tenant && message.message_id === letter.message_id
    ? message
    : null;
}

function recordOf(decoded: Decoded<OutboundMessage>): OutboundMessage | null {
  return decoded.ok ? decoded.record : null;
}

function contentType({ origin_headers }: DeadLetter): string | null {
  const said = origin_headers["content-type"];
  return said === undefined ? null : Buffer.from(said).toString();
}

function readJson(bytes: Uint8Array): OutboundMessage | null {
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as OutboundMessage;
  } catch {
    return null;
  }
}
