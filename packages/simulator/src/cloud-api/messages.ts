/** POST /graph/{version}/{phone_number_id}/messages. */
import { planMessage } from "../choices.ts";
import { bend, PLAN_FAULTS, REQUEST_FAULTS } from "../faults.ts";
import { answerFaulty, goesOut } from "../faulty-answer.ts";
import { answerJson, type Call, readJson } from "../http.ts";
import { identify } from "../identity.ts";
import type { Arrival } from "../judge.ts";
import type { Sim } from "../sim.ts";
import type { CloudNumber } from "../world.ts";
import { findNumber } from "./access.ts";
import { type CloudError, cloudError, refusal } from "./errors.ts";
import { judgeNumber, judgePair } from "./pace.ts";
import { tellStatuses } from "./statuses.ts";
import { type ValidSend, validateSend } from "./validate.ts";
import { newWamid } from "./wa-id.ts";

const WINDOW_MS = 24 * 3_600_000;
const EARLY_ANSWER_LIMIT_MS = 5_000;

export async function receiveMessage(sim: Sim, call: Call, phoneNumberId: string): Promise<void> {
  const arrival = sim.arrivals.stamp(call.req.socket);
  const found = findNumber(sim.world, call, phoneNumberId);
  const body = await readJson(call.req);
  if (found.kind === "refused") {
    sim.ledger.refuse();
    return answerError(call, found.error);
  }
  const { number } = found;
  const send = validateSend(body, number, sim.world.files);
  if (send.kind === "mark_read") {
    const { of, typing } = send;
    const sender = number.phoneNumberId;
    sim.readMarks.add({ provider: "cloud_api", sender, of, chat: null, typing, at: arrival.at });
    return answerJson(call.res, 200, { success: true });
  }

  const tooFast = judgeNumber(sim, number, arrival, send.kind === "send" ? send.waId : send.to);
  if (send.kind === "refused") {
    sim.ledger.refuse();
    return answerError(call, tooFast ?? send.error);
  }
  const rejection = tooFast ?? judgePair(sim, number, arrival, send.waId) ?? unregistered(number);
  handle(sim, call, number, send, arrival, rejection);
}

function unregistered(number: CloudNumber): CloudError | null {
  if (number.status === "CONNECTED") return null;
  return cloudError(133010, "The sender's phone number is not registered for the Cloud API.");
}

function handle(
  sim: Sim,
  call: Call,
  number: CloudNumber,
  send: ValidSend,
  arrival: Arrival,
  rejection: CloudError | null,
) {
  const sender = number.phoneNumberId;
  const identity = identify(send.echo, sender, send.waId, send.content);
  const receive = (accepted: boolean, outcome: string) =>
    sim.ledger.receive({
      identity,
      provider: "cloud_api",
      sender,
      recipient: send.waId,
      at: arrival.at,
      accepted,
      outcome,
    });
  if (rejection !== null) {
    receive(false, `rejected:${rejection.code}`);
    return answerError(call, rejection);
  }

  const target = {
    sender,
    recipient: send.waId,
    key: identity.id,
    nth: sim.ledger.find(identity.id)?.requests ?? 0,
  };
  const fault = sim.faults.take(REQUEST_FAULTS, target);
  const accepted = fault === null || goesOut(fault);
  const entry = receive(accepted, fault?.kind ?? "accepted");
  const key = `${sender} ${send.waId} ${send.content}`;
  const natural = planMessage(sim.seed, sim.profile.cloudApi, key, sim.readFraction);
  const plan = bend(
    withWindow(sim, number, send, natural),
    sim.faults.takeAll(accepted ? PLAN_FAULTS : [], target),
  );
  const wamid = newWamid(sim, send.waId);
  const first = accepted
    ? tellStatuses(sim, { wamid, number, send, entry, acceptedAt: arrival.at }, plan)
    : Promise.resolve();

  const answer = () => {
    if (fault === null) return answerJson(call.res, 200, success(send, wamid));
    const refuse = (error: CloudError, headers: Record<string, string> = {}) =>
      answerJson(call.res, fault.status ?? error.http, error.body, headers);
    answerFaulty(call, fault, {
      tooMany: () =>
        refuse(
          cloudError(130429, "Cloud API message throughput has been reached."),
          fault.retryAfter === null ? {} : { "retry-after": String(fault.retryAfter) },
        ),
      refused: () => refuse(refusal(fault.code)),
    });
  };
  if (plan.early && accepted) {
    const limit = new Promise((resolve) => setTimeout(resolve, EARLY_ANSWER_LIMIT_MS).unref());
    void Promise.race([first, limit]).then(answer);
  } else if (plan.answerMs < 1) answer();
  else setTimeout(answer, plan.answerMs);
}

/** Free text to somebody who has not written within 24 hours is accepted, and fails afterwards. */
function withWindow<P extends { steps: readonly { eventMs: number }[]; failCode: number | null }>(
  sim: Sim,
  number: CloudNumber,
  send: ValidSend,
  plan: P,
): P {
  if (!sim.profile.customerWindow || send.isTemplate) return plan;
  if (sim.now() - (number.lastInbound.get(send.waId) ?? 0) < WINDOW_MS) return plan;
  const at = plan.steps[0]?.eventMs ?? 0;
  return { ...plan, steps: [{ status: "failed", eventMs: at, callbackMs: at }], failCode: 131047 };
}

function success(send: ValidSend, wamid: string): object {
  return {
    messaging_product: "whatsapp",
    contacts: [{ input: send.input, wa_id: send.waId }],
    messages: [{ id: wamid, ...(send.isTemplate ? { message_status: "accepted" } : {}) }],
  };
}

function answerError(call: Call, error: CloudError): void {
  answerJson(call.res, error.http, error.body);
}
