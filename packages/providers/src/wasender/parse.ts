/** An item's body, as split.ts wrote it, understood. */
import { idAt, isObject, textAt } from "../json.ts";
import type { Provider } from "../provider.ts";
import { scrub } from "../scrub.ts";
import { parseCall, parseDeletion, parseEdit, parsePoll, parseReaction } from "./happenings.ts";
import { isMessageEvent, isOwn, parseInbound, parseOwnMessage } from "./message.ts";
import { parseProgress } from "./receipt.ts";

/** The phone's own lists, which change with each message and profile picture; and QR codes, which are fetched when wanted. */
const noNews = new Set([
  "chats.upsert",
  "chats.update",
  "chats.delete",
  "contacts.upsert",
  "contacts.update",
  "qrcode.updated",
]);

export const parse: Provider["parse"] = (root, body) => {
  const event = idAt(root, "event") ?? "unknown";
  const { timestamp, item } = isObject(root) ? root : {};
  if (event === "message.sent" || isMessageEvent(event))
    return [
      isOwn(event, item)
        ? parseOwnMessage(timestamp, item, body)
        : parseInbound(event, timestamp, item, body),
    ];
  if (noNews.has(event)) return [{ kind: "no_news", name: event }];
  switch (event) {
    case "messages.update":
      return [parseEdit(timestamp, item) ?? parseProgress(event, timestamp, item, body)];
    case "message-receipt.update":
      return [parseProgress(event, timestamp, item, body)];
    case "messages.delete":
      return [parseDeletion(timestamp, item, body)];
    case "messages.reaction":
      return [parseReaction(timestamp, item, body)];
    case "poll.results":
      return parsePoll(timestamp, item, body);
    case "call":
    case "call.received":
      return [parseCall(timestamp, item, body)];
    case "session.status": {
      const status = idAt(item, "status");
      if (status === null) break;
      const reason = textAt(item, "reason");
      // Casing differs between the vendor's answers and events.
      const detail = reason === null ? null : scrub(reason);
      return [{ kind: "session_status", status: status.toLowerCase(), detail }];
    }
  }
  return [{ kind: "other", name: event, payload: body }];
};
