/** WasenderApi's callbacks: one event per POST, "signed" with the plain secret. */
import type { Plan, Step } from "../choices.ts";
import type { RetryRule } from "../courier.ts";
import type { Entry } from "../ledger.ts";
import type { Sim } from "../sim.ts";
import type { WasenderSession } from "../world.ts";
import { type Sent, STATUS_NUMBER } from "./sent-store.ts";

const RETRY_DELAYS_MS = [500, 3_000, 10_000, 30_000, 60_000];

type Done = (acknowledged: boolean, at: number) => void;

/** Posts an event now, if the session wants it. `announced` updates are already counted as pending by the courier. */
export function post(
  sim: Sim,
  session: WasenderSession,
  event: { event: string },
  recipient: string,
  announced: boolean,
  done: Done,
) {
  const url = session.webhookUrl;
  if (url === null || !session.webhookEnabled || !session.webhookEvents.includes(event.event)) {
    if (announced) sim.courier.expect(-1);
    done(false, sim.now());
    return;
  }
  if (!announced) sim.courier.expect(1);
  const retry: RetryRule = {
    delaysMs: RETRY_DELAYS_MS.slice(0, sim.profile.wasenderRetries),
    forever: false,
    giveUpAfterMs: 600_000,
  };
  const target = { sender: String(session.id), recipient, key: event.event, nth: 0 };
  sim.courier.post({
    lane: `session ${session.id}`,
    updates: 1,
    url,
    render: () => ({
      body: JSON.stringify(event),
      headers: session.webhookSecret === null ? {} : { "x-webhook-signature": session.webhookSecret },
    }),
    isLost: () => sim.faults.take(["callback_outage"], target) !== null,
    retry,
    done,
  });
}

/** Schedules everything the session's webhook hears of a message. Resolves when the first of it was acknowledged or given up. */
export function tellProgress(
  sim: Sim,
  session: WasenderSession,
  sent: Sent,
  entry: Entry,
  plan: Plan,
): Promise<void> {
  const first = Promise.withResolvers<void>();
  const copies = plan.duplicate ? 2 : 1;
  for (const step of plan.steps) {
    const events = eventsOf(session, sent, step);
    const done: Done = (acknowledged, at) => {
      if (acknowledged) entry.told[step.status] ??= Math.round(at);
      first.resolve();
    };
    for (let copy = 0; copy < copies; copy++) {
      sim.courier.expect(events.length);
      const tell = () => {
        for (const event of events) post(sim, session, event, sent.digits, true, done);
      };
      if (plan.early && step.callbackMs === 0 && copy === 0) tell();
      else sim.schedule.at(sent.acceptedAt + step.callbackMs + copy * 10, tell);
    }
  }
  return first.promise;
}

function eventsOf(session: WasenderSession, sent: Sent, step: Step): { event: string }[] {
  const at = sent.acceptedAt + step.eventMs;
  const seconds = Math.floor(at / 1_000);
  // No key, no msgId, no recipient: the vendor's failure event cannot be correlated.
  const failure = { success: false, error: `Failed to send message: Invalid number JID: ${sent.to}` };
  if (step.status === "failed")
    return [{ event: "message.sent", timestamp: seconds, data: failure } as { event: string }];

  const jid = `${sent.digits}@s.whatsapp.net`;
  const key = { id: sent.keyId, remoteJid: jid, fromMe: true };
  const update = {
    event: "messages.update",
    sessionId: session.apiKey,
    timestamp: Math.round(at),
    data: { update: { status: STATUS_NUMBER[step.status] }, key },
  };
  if (step.status !== "sent") return [update];
  const own = {
    event: "message.sent",
    timestamp: seconds,
    data: { key: { ...key, remoteJid: sent.to }, message: sent.message, success: true },
  };
  const upsert = {
    event: "messages.upsert",
    timestamp: Math.round(at),
    data: { messages: [{ key, message: sent.message, messageTimestamp: seconds }] },
  };
  return [own, upsert, update];
}

export function tellSessionStatus(sim: Sim, session: WasenderSession): void {
  const event = { event: "session.status", sessionId: session.apiKey, data: { status: session.status } };
  post(sim, session, event, "", false, () => {});
}

export function tellQrCode(sim: Sim, session: WasenderSession, qr: string): void {
  post(
    sim,
    session,
    { event: "qrcode.updated", sessionId: session.apiKey, data: { qr } } as { event: string },
    "",
    false,
    () => {},
  );
}
