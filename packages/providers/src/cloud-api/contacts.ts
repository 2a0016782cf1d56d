/** The `contacts[]` beside messages: who their writers are. */
import { idAt, type JsonObject, objectAt } from "../json.ts";

const names = ["wa_id", "user_id", "parent_user_id", "identity_key_hash"];

/**
 * Finds the writer's own contact; null when there is none. Only that one goes along with a message, and only what is read of
 * it: a batch of a thousand messages has a thousand of them.
 */
export function contactsById(contacts: readonly unknown[]): (written: JsonObject) => JsonObject | null {
  const byId = new Map<string, unknown>();
  for (const contact of contacts)
    for (const key of ["wa_id", "user_id"]) {
      const id = idAt(contact, key);
      if (id !== null) byId.set(id, contact);
    }
  return (written) => {
    for (const key of ["from", "from_user_id", "wa_id", "user_id"]) {
      const known = byId.get(idAt(written, key) ?? "");
      if (known !== undefined) return shortOf(known);
    }
    return null;
  };
}

function shortOf(contact: unknown): JsonObject {
  const profile = objectAt(contact, "profile");
  return {
    ...Object.fromEntries(
      names.flatMap((name) => {
        const value = idAt(contact, name);
        return value === null ? [] : [[name, value]];
      }),
    ),
    profile: { name: idAt(profile, "name"), username: idAt(profile, "username") },
  };
}
