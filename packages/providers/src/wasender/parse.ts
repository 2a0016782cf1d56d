/** An item's body, as split.ts wrote it, understood. */
import { idAt, isObject, textAt } from "../json.ts";
import type { Provider } from "../provider.ts";
import { scrub } from "../scrub.ts";
import { isMessageEvent, isOwn, parseInbound, parseOwnMessage } from "./message.ts";
import { parseProgress } from "./receipt.ts";

export const parse: Provider["parse"] = (root, body) => {
  const event = idAt(root, "event") ?? "unknown";
  const { timestamp, item } = isObject(root) ? root : {};
  if (event === "messages.update" || event === "message-receipt.update")
    return [parseProgress(event, timestamp, item, body)];
  if (event === "message.sent" || isMessageEvent(event))
    return [
      isOwn(event, item)
        ? parseOwnMessage(timestamp, item, body)
        : parseInbound(event, timestamp, item, body),
    ];
  const status = event === "session.status" ? idAt(item, "status") : null;
  if (status !== null) {
    const reason = textAt(item, "reason");
    // Casing differs between the vendor's answers and events.
    return [
      {
        kind: "session_status",
        status: status.toLowerCase(),
        detail: reason === null ? null : scrub(reason),
      },
    ];
  }
  return [{ kind: "other", name: event, payload: body }];
};
