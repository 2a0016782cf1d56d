/** The `contacts[]` beside messages: who their writers are. */
import { idAt, type JsonObject, objectAt } from "../json.ts";

const names = ["wa_id", "user_id", "parent_user_id", "identity_key_hash"];
const profileNames = ["name", "username"];

type Contact = JsonObject & { profile: JsonObject };

/**
 * Finds the writer's own contact; null when there is none. Only that one goes along with a message, and only what is read of
 * it: a batch of a thousand messages has a thousand of them. One person may come several times, with more or fewer names.
 */
export function contactsById(contacts: readonly unknown[]): (written: JsonObject) => Contact | null {
  const byId = new Map<string, Contact>();
  for (const whole of contacts) {
    const contact = shortOf(whole);
    for (const key of ["wa_id", "user_id"]) {
      const id = idAt(contact, key);
      const known = id === null ? undefined : byId.get(id);
      if (id !== null) byId.set(id, known === undefined ? contact : both(known, contact));
    }
  }
  return (written) => {
    for (const key of ["from", "from_user_id", "wa_id", "user_id"]) {
      const known = byId.get(idAt(written, key) ?? "");
      if (known !== undefined) return known;
    }
    return null;
  };
}

function shortOf(contact: unknown): Contact {
  return { ...picked(contact, names), profile: picked(objectAt(contact, "profile"), profileNames) };
}

function picked(from: unknown, wanted: readonly string[]): JsonObject {
  return Object.fromEntries(
    wanted.flatMap((name) => {
      const value = idAt(from, name);
      return value === null ? [] : [[name, value]];
    }),
  );
}

function both(first: Contact, second: Contact): Contact {
  return { ...second, ...first, profile: { ...second.profile, ...first.profile } };
}
