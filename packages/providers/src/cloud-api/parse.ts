/** An item's body, as split.ts wrote it, understood. */
import { idAt, objectAt } from "../json.ts";
import type { Provider } from "../provider.ts";
import { parseMessage } from "./inbound.ts";
import { parseStatus } from "./receipt.ts";

export const parse: Provider["parse"] = (item, body) => {
  const status = objectAt(item, "status");
  if (status !== null) return [parseStatus(status, body)];
  const message = objectAt(item, "message");
  if (message !== null) return [parseMessage(message, objectAt(item, "contact"), body)];
  const field = idAt(item, "field") ?? "unknown";
  // Throttling and account troubles without a message: value.errors.
  return [
    { kind: "other", name: objectAt(item, "error") === null ? field : `${field}.error`, payload: body },
  ];
};
