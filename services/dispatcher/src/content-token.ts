/** WasenderApi's receipts name no id of ours: its messages are recognised by session, recipient and this token of what they say. */
import { contentToken, type OutboundMessage, wordsOf } from "@wamesh/events";

/** Null where the provider echoes our id, or where nothing is said. */
export function contentTokenOf(record: OutboundMessage, key: string): string | null {
  if (record.provider !== "wasender") return null;
  const words = wordsOf(record.content);
  return words === null ? null : contentToken(key, record.tenant, words);
}
