/** Tells the app, in time, what became of an accepted Cloud API message. */
import type { Plan, Step } from "../choices.ts";
import type { Entry } from "../ledger.ts";
import type { Sim } from "../sim.ts";
import type { CloudNumber } from "../world.ts";
import { laterError } from "./errors.ts";
import type { ValidSend } from "./validate.ts";

export type SentMessage = {
  wamid: string;
  number: CloudNumber;
  send: ValidSend;
  entry: Entry;
  acceptedAt: number;
};

/** Schedules all callbacks of the plan. Resolves when the first of them was acknowledged or given up. */
export function tellStatuses(sim: Sim, message: SentMessage, plan: Plan): Promise<void> {
  const first = Promise.withResolvers<void>();
  const copies = plan.duplicate ? 2 : 1;
  sim.courier.expect(plan.steps.length * copies);
  const seesPrice =
    plan.steps.find((s) => s.status === "delivered") ?? plan.steps.find((s) => s.status === "read");
  for (const step of plan.steps) {
    const tell = () => {
      const status = statusOf(message, step, plan.failCode, step.status === "sent" || step === seesPrice);
      const update = {
        waba: message.number.waba,
        content: { kind: "status", number: message.number, status } as const,
        isLost: () => isOut(sim, message),
        done: (acknowledged: boolean, at: number) => {
          if (acknowledged) message.entry.told[step.status] ??= Math.round(at);
          first.resolve();
        },
      };
      sim.batcher.add(update, plan.early && step.callbackMs === 0);
    };
    for (let copy = 0; copy < copies; copy++) {
      const at = message.acceptedAt + step.callbackMs + copy * sim.profile.batchMs;
      if (plan.early && step.callbackMs === 0 && copy === 0) tell();
      else sim.schedule.at(at, tell);
    }
  }
  return first.promise;
}

function statusOf(message: SentMessage, step: Step, failCode: number | null, priced: boolean): object {
  const { wamid, send, acceptedAt } = message;
  return {
    id: wamid,
    status: step.status,
    timestamp: String(Math.floor((acceptedAt + step.eventMs) / 1_000)),
    recipient_id: send.waId,
    ...(send.echo === null ? {} : { biz_opaque_callback_data: send.echo }),
    ...(priced
      ? {
          pricing: {
            billable: send.isTemplate,
            pricing_model: "PMP",
            type: send.isTemplate ? "regular" : "free_customer_service",
            category: send.category,
          },
        }
      : {}),
    ...(failCode !== null && step.status === "failed" ? { errors: [laterError(failCode)] } : {}),
  };
}

function isOut(sim: Sim, { wamid, number, send }: SentMessage): boolean {
  const target = { sender: number.phoneNumberId, recipient: send.waId, key: wamid, nth: 0 };
  return sim.faults.take(["callback_outage"], target) !== null;
}
