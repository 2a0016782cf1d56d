/** What people do to a Cloud API number: write, call, stop marketing. */
import type { Person, Said } from "../person.ts";
import type { Sim } from "../sim.ts";
import type { CloudNumber } from "../world.ts";
import type { Update } from "./batcher.ts";
import { newWamid } from "./wa-id.ts";

/** A customer writes to a number; opens the 24-hour window. Returns the wamid. */
export function customerWrites(
  sim: Sim,
  number: CloudNumber,
  person: Person,
  said: Said,
  group: string | null,
): string {
  const wamid = newWamid(sim, person.digits);
  if (person.digits !== "") number.lastInbound.set(person.digits, sim.now());
  const message = {
    ...namesOf(person),
    ...(group === null ? {} : { group_id: group }),
    id: wamid,
    timestamp: String(Math.floor(sim.now() / 1_000)),
    ...contentOf(said),
  };
  tell(sim, number, wamid, person, { kind: "message", number, message, contact: contactOf(person) });
  return wamid;
}

function contentOf(said: Said): object {
  switch (said.kind) {
    case "text":
      return { type: "text", text: { body: said.text } };
    case "edit": {
      const message = { type: "text", text: { body: said.text } };
      return { type: "edit", edit: { original_message_id: said.of, message } };
    }
    case "delete":
      return { type: "revoke", revoke: { original_message_id: said.of } };
    case "reaction":
      return { type: "reaction", reaction: { message_id: said.of, emoji: said.text } };
  }
}

/** The call rings, and `event` says what became of it. Returns its id. */
export function customerCalls(sim: Sim, number: CloudNumber, person: Person, event: string): string {
  const id = `wacid.${sim.runTag}${sim.nextNumber().toString(16)}`;
  const call = {
    id,
    ...namesOf(person),
    to: number.digits,
    event,
    timestamp: String(Math.floor(sim.now() / 1_000)),
    direction: "USER_INITIATED",
  };
  const lists = { contacts: [contactOf(person)], calls: [call] };
  tell(sim, number, id, person, { kind: "lists", number, field: "calls", lists });
  return id;
}

/** A person stops, or resumes, the marketing messages of a number. */
export function customerDecides(
  sim: Sim,
  number: CloudNumber,
  person: Person,
  value: "stop" | "resume",
): void {
  const row = {
    ...(person.digits === "" ? {} : { wa_id: person.digits }),
    ...(person.id === null ? {} : { user_id: person.id }),
    detail: `User requested to ${value} marketing messages`,
    category: "marketing_messages",
    value,
    // An integer here, a string in messages.
    timestamp: Math.floor(sim.now() / 1_000),
  };
  const lists = { contacts: [contactOf(person)], user_preferences: [row] };
  tell(sim, number, `preference ${value}`, person, {
    kind: "lists",
    number,
    field: "user_preferences",
    lists,
  });
}

function namesOf(person: Person): object {
  return {
    ...(person.digits === "" ? {} : { from: person.digits }),
    ...(person.id === null ? {} : { from_user_id: person.id }),
  };
}

function contactOf(person: Person): object {
  return {
    profile: { name: person.name, ...(person.username === null ? {} : { username: person.username }) },
    ...(person.digits === "" ? {} : { wa_id: person.digits }),
    ...(person.id === null ? {} : { user_id: person.id }),
  };
}

function tell(sim: Sim, number: CloudNumber, key: string, person: Person, content: Update["content"]): void {
  const target = { sender: number.phoneNumberId, recipient: person.digits, key, nth: 0 };
  sim.courier.expect(1);
  sim.batcher.add(
    {
      waba: number.waba,
      content,
      isLost: () => sim.faults.take(["callback_outage"], target) !== null,
      done: () => {},
    },
    false,
  );
}
