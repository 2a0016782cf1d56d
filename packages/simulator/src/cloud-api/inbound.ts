import type { Sim } from "../sim.ts";
import { type CloudNumber, digitsOf } from "../world.ts";
import { newWamid } from "./wa-id.ts";

/** A customer writes to a number; opens the 24-hour window. Returns the wamid. */
export function customerWrites(
  sim: Sim,
  number: CloudNumber,
  from: string,
  name: string,
  text: string,
): string {
  const waId = digitsOf(from);
  const wamid = newWamid(sim, waId);
  const now = sim.now();
  number.lastInbound.set(waId, now);
  sim.courier.expect(1);
  const message = {
    from: waId,
    id: wamid,
    timestamp: String(Math.floor(now / 1_000)),
    type: "text",
    text: { body: text },
  };
  const target = { sender: number.phoneNumberId, recipient: waId, key: wamid, nth: 0 };
  sim.batcher.add(
    {
      number,
      content: { kind: "message", message, contact: { profile: { name }, wa_id: waId } },
      isLost: () => sim.faults.take(["callback_outage"], target) !== null,
      done: () => {},
    },
    false,
  );
  return wamid;
}
