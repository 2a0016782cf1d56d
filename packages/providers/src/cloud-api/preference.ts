/** One row of the field user_preferences: a person stops or resumes what a number sends. */
import { createHash } from "node:crypto";
import type { ParsedCallback } from "../callback.ts";
import { epochMs } from "../epoch-ms.ts";
import { firstIdAt, idAt, type JsonObject, objectAt } from "../json.ts";
import { identitiesOf, personOf } from "./person.ts";

const optedOut: Record<string, boolean> = { stop: true, resume: false };

export function parsePreference(row: JsonObject, contact: JsonObject | null, body: string): ParsedCallback {
  const from = personOf(idAt(row, "wa_id"), firstIdAt(row, "user_id", "from_user_id"));
  if (from === null) return { kind: "other", name: "user_preferences", payload: body };
  const category = idAt(row, "category") ?? "none";
  const value = (idAt(row, "value") ?? "none").toLowerCase();
  // Another category is another promise: nobody may be unsubscribed, or subscribed again, by a guess.
  const known = category === "marketing_messages" && Object.hasOwn(optedOut, value);
  const parts = [from.kind, from.value, category, value, idAt(row, "timestamp")];
  return {
    kind: "inbound",
    // It has no id of its own.
    providerId: `preference-${createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32)}`,
    occurrence: null,
    from,
    fromName: idAt(objectAt(contact, "profile"), "name"),
    identities: identitiesOf(row, contact),
    group: null,
    messageKind: known ? "preference" : "other",
    providerKind: `preference.${category}`,
    text: null,
    media: null,
    preference: known ? { scope: "marketing", optedOut: optedOut[value]! } : null,
    contextProviderId: null,
    occurredAt: epochMs(row.timestamp),
    payload: JSON.stringify(row),
  };
}
