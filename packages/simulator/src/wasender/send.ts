/** POST /wasender/api/send-message. */
import { planMessage } from "../choices.ts";
import { bend, PLAN_FAULTS, REQUEST_FAULTS } from "../faults.ts";
import { answerFaulty, goesOut } from "../faulty-answer.ts";
import { answerJson, type Call, isObject, readJson } from "../http.ts";
import { identify } from "../identity.ts";
import { type Arrival, judge } from "../judge.ts";
import type { Sim } from "../sim.ts";
import type { WasenderSession } from "../world.ts";
import { tellProgress } from "./events.ts";
import { countSend, limitOf, rateHeaders, rateOf } from "./limiter.ts";
import { type ValidSend, validateSend } from "./validate.ts";

const EARLY_ANSWER_LIMIT_MS = 5_000;

const notConnected = "Your Whatsapp Session is not connected please connect your session first.";

export async function receiveSend(sim: Sim, call: Call, session: WasenderSession): Promise<void> {
  const arrival = sim.arrivals.stamp(call.req.socket);
  const body = await readJson(call.req);
  const send = validateSend(isObject(body) ? body : {});
  const tooFast = judgeSession(sim, session, arrival, send.kind === "send" ? send.digits : null);
  const reply = (status: number, answer: unknown) =>
    answerJson(call.res, status, answer, rateHeaders(session, arrival.at));
  if (send.kind === "refused") {
    sim.ledger.refuse();
    if (tooFast === null)
      return reply(422, { success: false, message: "Validation failed", errors: send.errors });
    return reply(429, tooManyBody(session, tooFast));
  }
  handle(sim, call, session, send, arrival, tooFast, reply);
}

type Reply = (status: number, answer: unknown) => void;

function handle(
  sim: Sim,
  call: Call,
  session: WasenderSession,
  send: ValidSend,
  arrival: Arrival,
  tooFastMs: number | null,
  reply: Reply,
) {
  const sender = String(session.id);
  const identity = identify(null, sender, send.digits, send.content);
  const receive = (accepted: boolean, outcome: string) =>
    sim.ledger.receive({
      identity,
      provider: "wasender",
      sender,
      recipient: send.digits,
      at: arrival.at,
      accepted,
      outcome,
    });
  if (tooFastMs !== null) {
    receive(false, "rejected:429");
    return reply(429, tooManyBody(session, tooFastMs));
  }
  countSend(session, arrival.at);
  if (session.lying || session.status.toLowerCase() !== "connected") {
    receive(false, "rejected:not_connected");
    return reply(200, { success: false, message: notConnected });
  }

  const target = {
    sender,
    recipient: send.digits,
    key: identity.id,
    nth: sim.ledger.find(identity.id)?.requests ?? 0,
  };
  const fault = sim.faults.take(REQUEST_FAULTS, target);
  const accepted = fault === null || goesOut(fault);
  const entry = receive(accepted, fault?.kind ?? "accepted");
  const natural = planMessage(
    sim.seed,
    sim.profile.wasender,
    `${sender} ${send.digits} ${send.content}`,
    sim.readFraction,
  );
  const plan = bend(natural, sim.faults.takeAll(accepted ? PLAN_FAULTS : [], target));
  const msgId = sim.nextNumber();
  let first: Promise<void> = Promise.resolve();
  if (accepted) {
    const sent = {
      msgId,
      sessionId: session.id,
      to: send.to,
      digits: send.digits,
      message: send.message,
      request: send.request,
      keyId: `3EB0${sim.runTag}${msgId.toString(16).toUpperCase().padStart(12, "0")}`,
      acceptedAt: arrival.at,
      steps: plan.steps,
    };
    sim.sentStore.add(sent);
    first = tellProgress(sim, session, sent, entry, plan);
  }

  const answer = () => {
    if (fault === null)
      return reply(200, { success: true, data: { msgId, jid: send.to, status: "in_progress" } });
    answerFaulty(call, fault, {
      tooMany: () =>
        reply(fault.status ?? 429, {
          message: "Too Many Attempts.",
          ...(fault.retryAfter === null ? {} : { retry_after: fault.retryAfter }),
        }),
      refused: () => reply(fault.status ?? 200, { success: false, message: notConnected }),
    });
  };
  if (plan.early && accepted) {
    const limit = new Promise((resolve) => setTimeout(resolve, EARLY_ANSWER_LIMIT_MS).unref());
    void Promise.race([first, limit]).then(answer);
  } else if (plan.answerMs < 1) answer();
  else setTimeout(answer, plan.answerMs);
}

/** The wait in ms that a too early send is told, or null. */
function judgeSession(
  sim: Sim,
  session: WasenderSession,
  arrival: Arrival,
  recipient: string | null,
): number | null {
  const verdict = judge(session.seen, limitOf(session), arrival, sim.toleranceMs);
  if (verdict.kind === "conforms") {
    session.seen = verdict.seen;
    return null;
  }
  sim.ledger.violate({
    at: arrival.at,
    sender: String(session.id),
    recipient,
    kind: "rate",
    earlyByMs: verdict.earlyByMs,
  });
  return verdict.waitMs;
}

/** Without a `success` key, and with the seconds that remain: as the vendor answers. */
function tooManyBody(session: WasenderSession, waitMs: number): object {
  const { count, seconds } = rateOf(session);
  const rule = `You can only send ${count} message${count === 1 ? "" : "s"} every ${seconds} seconds.`;
  const message =
    session.accountProtection && session.rate === null
      ? `You have account protection enabled. ${rule}`
      : rule;
  return { message, retry_after: Math.max(1, Math.ceil(waitMs / 1_000)) };
}
