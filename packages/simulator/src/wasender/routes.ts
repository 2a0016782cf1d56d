/** The WasenderApi paths that are imitated. */
import { answerJson, bearer, type Call } from "../http.ts";
import type { Sim } from "../sim.ts";
import { digitsOf, type WasenderSession } from "../world.ts";
import { rateHeaders } from "./limiter.ts";
import { receiveReadMark } from "./read-mark.ts";
import { receiveSend } from "./send.ts";
import { statusAt } from "./sent-store.ts";
import { routeSessions } from "./session-routes.ts";

/** `call.path` is what follows /wasender/api: `/send-message`. */
export function routeWasender(sim: Sim, call: Call): Promise<void> | void {
  if (call.path.split("/")[1] === "whatsapp-sessions") return routeSessions(sim, call);
  const key = bearer(call.req);
  const session = key === null ? undefined : sim.world.sessionsByKey.get(key);
  if (session === undefined) {
    if (call.path === "/send-message") sim.ledger.refuse();
    const message = key === null ? "API key is required" : "Invalid API key";
    return answerJson(call.res, 401, { success: false, message });
  }
  if (call.method === "POST" && call.path === "/send-message") return receiveSend(sim, call, session);
  if (call.method === "POST" && call.path === "/messages/read") return receiveReadMark(sim, call, session);
  const reply = (status: number, body: unknown) =>
    answerJson(call.res, status, body, rateHeaders(session, sim.now()));
  if (call.method === "GET" && call.path === "/status") return reply(200, { status: session.status });
  if (call.method === "GET" && call.path === "/user") return reply(200, userBody(session));
  const info = /^\/messages\/(\d+)\/info$/.exec(call.path);
  const body = info === null ? null : infoBody(sim, session, Number(info[1]));
  if (call.method === "GET" && body !== null) return reply(200, body);
  reply(404, { success: false, message: info === null ? "Route not found." : "Message not found." });
}

function userBody(session: WasenderSession): object {
  const digits = digitsOf(session.phoneNumber);
  return {
    success: true,
    data: { id: `${digits}:7@s.whatsapp.net`, name: session.name, lid: `9${digits}@lid` },
  };
}

/** The only bridge between msgId and WhatsApp's key; there is no key until the message has really gone out. */
function infoBody(sim: Sim, session: WasenderSession, msgId: number): object | null {
  const sent = sim.sentStore.find(session.id, msgId);
  if (sent === null) return null;
  const status = statusAt(sent, sim.now());
  if (status < 2) return { success: true, data: { msgId, status } };
  const remoteJid = `${sent.digits}@s.whatsapp.net`;
  return {
    success: true,
    data: {
      msgId,
      id: sent.keyId,
      remoteJid,
      key: { id: sent.keyId, fromMe: true, remoteJid },
      message: sent.message,
      messageTimestamp: String(Math.floor(sent.acceptedAt / 1_000)),
      status,
    },
  };
}
