/** WasenderApi's receipts name no id of ours: its messages are recognised by session, recipient and this token of the text. */
import { contentToken, type OutboundMessage } from "@wamesh/events";

/** Null where the provider echoes our id, or where there is no text. */
export function contentTokenOf(record: OutboundMessage, key: string): string | null {
  if (record.provider !== "wasender" || record.content.text === null) return null;
  return contentToken(key, record.tenant, record.content.text.body);
}
