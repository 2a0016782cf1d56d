/** Control requests that set and list faults. */
import { FAULT_KINDS, type Fault, type FaultRequest } from "../faults.ts";
import type { Sim } from "../sim.ts";
import { digitsOf } from "../world.ts";
import { type Form, Refusal } from "./form.ts";

export function addFault(sim: Sim, form: Form): object {
  const kind = form.oneOf("kind", FAULT_KINDS);
  const match = form.form("match");
  const numberId = match?.textOrNull("phone_number_id") ?? null;
  const sessionId = match?.numberOrNull("session_id", 1) ?? null;
  const recipient = match?.textOrNull("recipient") ?? null;
  const rate = form.numberOrNull("rate", 0);
  if (rate !== null && rate > 1) throw new Refusal("rate must be a share between 0 and 1");
  if (numberId !== null && sessionId !== null)
    throw new Refusal("match: phone_number_id or session_id, not both");
  const request: FaultRequest = {
    kind,
    match: {
      sender: numberId ?? (sessionId === null ? null : String(sessionId)),
      recipient: recipient === null ? null : digitsOf(recipient),
    },
    count: form.numberOrNull("count", 1),
    rate,
    ms: form.number("ms", 0, 5_000),
    retryAfter: form.numberOrNull("retry_after", 0),
    status: form.numberOrNull("status", 400),
    sent: form.flag("sent", false),
    code: form.number("code", 1, kind === "refused" ? 131_016 : 131_026),
  };
  form.done();
  return { id: sim.faults.add(request).id };
}

export function listFaults(sim: Sim): object {
  return { faults: sim.faults.list().map(faultBody) };
}

export function removeFault(sim: Sim, id: string): object {
  if (!sim.faults.remove(Number(id))) throw new Refusal("no such fault");
  return {};
}

function faultBody(fault: Fault): object {
  const { id, kind, match, count, rate, applied } = fault;
  return { id, kind, match, count, rate, applied };
}
