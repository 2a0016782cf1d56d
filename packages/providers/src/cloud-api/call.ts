/** One of the field calls' `calls[]`: a person calls, or a call ends. */
import type { ParsedCallback } from "../callback.ts";
import { epochMs } from "../epoch-ms.ts";
import { idAt, type JsonObject, objectAt } from "../json.ts";
import { identitiesOf, senderOf } from "./person.ts";

export function parseCall(call: JsonObject, contact: JsonObject | null, body: string): ParsedCallback {
  const event = idAt(call, "event") ?? idAt(call, "status") ?? "none";
  const providerId = idAt(call, "id");
  const from = senderOf(call);
  // A call that we made comes from nobody.
  const ours = idAt(call, "direction") === "BUSINESS_INITIATED";
  if (ours || providerId === null || from === null)
    return { kind: "other", name: `call.${event}`, payload: body };
  return {
    kind: "inbound",
    providerId,
    occurrence: event,
    from,
    fromName: idAt(objectAt(contact, "profile"), "name"),
    identities: identitiesOf(call, contact),
    group: null,
    messageKind: "call",
    providerKind: `call.${event}`,
    text: null,
    media: null,
    preference: null,
    contextProviderId: null,
    occurredAt: epochMs(call.timestamp),
    payload: JSON.stringify(call),
  };
}
