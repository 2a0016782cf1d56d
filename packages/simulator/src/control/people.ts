/** Control requests in which customers do something: write, call, stop marketing. */
import { customerCalls, customerDecides, customerWrites } from "../cloud-api/inbound.ts";
import type { Person, Said } from "../person.ts";
import type { Sim } from "../sim.ts";
import { personCallsSession, personWrites } from "../wasender/people.ts";
import { type CloudNumber, digitsOf, type WasenderSession } from "../world.ts";
import { type Form, Refusal } from "./form.ts";

/** A customer writes, or changes what was written. Answers the provider's id of the message. */
export function receiveInbound(sim: Sim, form: Form): object {
  const to = targetOf(sim, form);
  const person = personOf(form);
  const said = saidOf(form);
  const group = form.textOrNull("group");
  form.done();
  const id =
    to.provider === "cloud_api"
      ? customerWrites(sim, to.number, person, said, group)
      : personWrites(sim, to.session, person, said, group);
  return { id };
}

export function personCalls(sim: Sim, form: Form): object {
  const to = targetOf(sim, form);
  const person = personOf(form);
  const status = form.text("status", to.provider === "cloud_api" ? "connect" : "offer");
  form.done();
  const id =
    to.provider === "cloud_api"
      ? customerCalls(sim, to.number, person, status)
      : personCallsSession(sim, to.session, person, status);
  return { id };
}

/** Only Meta tells of these. */
export function personDecides(sim: Sim, form: Form): object {
  const number = numberOf(sim, form);
  const person = personOf(form);
  const value = form.oneOf("value", ["stop", "resume"]);
  form.done();
  customerDecides(sim, number, person, value);
  return {};
}

type Target =
  | { provider: "cloud_api"; number: CloudNumber }
  | { provider: "wasender"; session: WasenderSession };

function targetOf(sim: Sim, form: Form): Target {
  const provider = form.oneOf("provider", ["cloud_api", "wasender"]);
  if (provider === "cloud_api") return { provider, number: numberOf(sim, form) };
  const session = sim.world.sessions.get(form.number("session_id", 1));
  if (session === undefined) throw new Refusal("session_id: no such session");
  return { provider, session };
}

function numberOf(sim: Sim, form: Form): CloudNumber {
  const number = sim.world.numbers.get(form.text("phone_number_id"));
  if (number === undefined) throw new Refusal("phone_number_id: no such number");
  return number;
}

/** `from` may be missing for somebody who is known by `user_id` only. */
function personOf(form: Form): Person {
  const id = form.textOrNull("user_id");
  const from = id === null ? form.text("from") : (form.textOrNull("from") ?? "");
  return {
    digits: digitsOf(from),
    name: form.text("name", "Simulated Person"),
    id,
    username: form.textOrNull("username"),
  };
}

function saidOf(form: Form): Said {
  const edits = form.textOrNull("edits");
  const deletes = form.textOrNull("deletes");
  const reactsTo = form.textOrNull("reacts_to");
  if (deletes !== null) return { kind: "delete", of: deletes };
  const text = form.text("text");
  if (edits !== null) return { kind: "edit", of: edits, text };
  return reactsTo === null ? { kind: "text", text } : { kind: "reaction", of: reactsTo, text };
}
