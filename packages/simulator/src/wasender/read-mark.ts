/** POST /wasender/api/messages/read, with WhatsApp's own key of a message that was received. */
import { answerJson, type Call, isObject, readJson } from "../http.ts";
import type { Sim } from "../sim.ts";
import type { WasenderSession } from "../world.ts";
import { rateHeaders } from "./limiter.ts";

export async function receiveReadMark(sim: Sim, call: Call, session: WasenderSession): Promise<void> {
  const body = await readJson(call.req);
  const key = isObject(body) && isObject(body.key) ? body.key : {};
  const { id, remoteJid, fromMe } = key;
  const reply = (status: number, answer: object) =>
    answerJson(call.res, status, answer, rateHeaders(session, sim.now()));
  const errors = {
    ...(isText(id) ? {} : { "key.id": ["The key.id field is required."] }),
    ...(isText(remoteJid) ? {} : { "key.remoteJid": ["The key.remoteJid field is required."] }),
    ...(fromMe === false ? {} : { "key.fromMe": ["The key.fromMe field must be false."] }),
  };
  if (!isText(id) || !isText(remoteJid) || fromMe !== false)
    return reply(422, { success: false, message: "The given data was invalid.", errors });
  if (session.status !== "connected")
    return reply(400, { success: false, message: "Session is not connected." });
  const at = sim.now();
  sim.readMarks.add({
    provider: "wasender",
    sender: String(session.id),
    of: id,
    chat: remoteJid,
    typing: false,
    at,
  });
  reply(200, { success: true, data: { status: "read" } });
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
