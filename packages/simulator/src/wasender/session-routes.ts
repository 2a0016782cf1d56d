/** /wasender/api/whatsapp-sessions…, for holders of a personal access token. */
import { answerJson, bearer, type Call, isObject, type Json, readJson } from "../http.ts";
import type { Sim } from "../sim.ts";
import type { WasenderSession } from "../world.ts";
import { statusAt } from "./sent-store.ts";
import {
  changeSession,
  connectSession,
  createSession,
  deleteSession,
  regenerateKey,
  type SessionFields,
  sessionBody,
  setStatus,
  showQrCode,
} from "./sessions.ts";

export async function routeSessions(sim: Sim, call: Call): Promise<void> {
  const pat = bearer(call.req);
  if (pat === null || !sim.world.accounts.has(pat))
    return answerJson(call.res, 401, { success: false, message: "Unauthenticated." });
  const [, , id, action, ...rest] = call.path.split("/");
  if (id === undefined) {
    if (call.method === "GET") return listSessions(sim, call, pat);
    if (call.method === "POST") return create(sim, call, pat);
  }
  const session = sim.world.sessions.get(Number(id));
  if (session === undefined || session.pat !== pat || rest.length > 0) return notFound(call);
  const route = routes[`${call.method} ${action ?? ""}`];
  return route === undefined ? notFound(call) : route(sim, call, session);
}

type Route = (sim: Sim, call: Call, session: WasenderSession) => Promise<void> | void;

const routes: Record<string, Route> = {
  "GET ": (_sim, call, session) => ok(call, sessionBody(session, true)),
  "PUT ": async (sim, call, session) => {
    const fields = readFields(await readJson(call.req));
    if ("errors" in fields) return invalid(call, fields.errors);
    changeSession(sim, session, fields.fields);
    ok(call, sessionBody(session, true));
  },
  "DELETE ": (sim, call, session) => {
    deleteSession(sim, session);
    call.res.writeHead(204).end();
  },
  "POST connect": (sim, call, session) => {
    if (session.status === "connected")
      return ok(call, { status: "connected", message: "Session is already connected" });
    ok(call, connectSession(sim, session));
  },
  "GET qrcode": (sim, call, session) => {
    if (session.status !== "need_scan") return notFound(call);
    ok(call, { qrCode: showQrCode(sim, session) });
  },
  "POST disconnect": (sim, call, session) => {
    setStatus(sim, session, "disconnected");
    ok(call, { status: "disconnected", message: "WhatsApp session disconnected successfully" });
  },
  "POST restart": (_sim, call, session) => {
    if (session.status !== "connected")
      return answerJson(call.res, 400, { success: false, message: "WhatsApp session is not connected." });
    session.lying = false;
    answerJson(call.res, 200, { success: true, message: "WhatsApp session restarted successfully." });
  },
  "POST regenerate-key": (sim, call, session) => {
    regenerateKey(sim, session);
    answerJson(call.res, 200, { success: true, api_key: session.apiKey });
  },
  "GET message-logs": messageLogs,
};

function listSessions(sim: Sim, call: Call, pat: string): void {
  const own = [...sim.world.sessions.values()].filter((session) => session.pat === pat);
  answerJson(call.res, 200, { success: true, data: own.map((session) => sessionBody(session, false)) });
}

async function create(sim: Sim, call: Call, pat: string): Promise<void> {
  const body = await readJson(call.req);
  const read = readFields(body);
  const errors = "errors" in read ? read.errors : {};
  for (const field of ["name", "phone_number", "account_protection", "log_messages"]) {
    if (!isObject(body) || body[field] === undefined)
      errors[field] ??= [`The ${field.replace("_", " ")} field is required.`];
  }
  if ("errors" in read || Object.keys(errors).length > 0) return invalid(call, errors);
  const account = sim.world.accounts.get(pat);
  const held = [...sim.world.sessions.values()].filter((session) => session.pat === pat).length;
  if (held >= (account?.maxSessions ?? Number.POSITIVE_INFINITY)) {
    const error = "You have reached your WhatsApp session limit. Upgrade your plan to add more sessions.";
    return answerJson(call.res, 403, { success: false, error });
  }
  const session = createSession(sim, pat, read.fields, "disconnected");
  if (account !== undefined && account.loseCreates > 0) {
    account.loseCreates--;
    call.req.socket.destroy();
    return;
  }
  ok(call, sessionBody(session, true));
}

function messageLogs(sim: Sim, call: Call, session: WasenderSession): void {
  const page = Math.max(1, Number(call.query.get("page") ?? 1) || 1);
  const perPage = Math.min(100, Math.max(1, Number(call.query.get("per_page") ?? 10) || 10));
  const wanted = call.query.get("status");
  const now = sim.now();
  const rows = sim.sentStore
    .ofSession(session.id)
    .map((sent) => {
      const status = { 0: "failed", 1: "in_progress" }[statusAt(sent, now)] ?? "sent";
      return {
        id: sent.msgId,
        whatsapp_session_id: session.id,
        to: session.logMessages ? sent.to : null,
        content: session.logMessages ? JSON.stringify(sent.request) : null,
        status,
        failed_reason: status === "failed" ? "invalid WhatsApp number" : null,
        created_at: new Date(sent.acceptedAt).toISOString(),
        updated_at: new Date(sent.acceptedAt).toISOString(),
      };
    })
    .filter((row) => wanted === null || row.status === wanted);
  ok(call, {
    current_page: page,
    data: rows.slice((page - 1) * perPage, page * perPage),
    per_page: perPage,
    total: rows.length,
    last_page: Math.max(1, Math.ceil(rows.length / perPage)),
  });
}

type FieldErrors = Record<string, string[]>;

/** The fields this imitation acts on; others (proxy, always_online …) are accepted and ignored. */
function readFields(body: unknown): { fields: SessionFields } | { errors: FieldErrors } {
  if (!isObject(body)) return { errors: { name: ["The name field is required."] } };
  const errors: FieldErrors = {};
  const read = <T>(field: string, is: (value: unknown) => value is T): T | undefined => {
    const value = body[field];
    if (value === undefined || is(value)) return value;
    errors[field] = [`The ${field.replaceAll("_", " ")} field is invalid.`];
    return undefined;
  };
  const fields = defined({
    name: read("name", isString),
    phoneNumber: read("phone_number", isString),
    accountProtection: read("account_protection", isBoolean),
    logMessages: read("log_messages", isBoolean),
    webhookUrl: read("webhook_url", isUrlOrNull),
    webhookEnabled: read("webhook_enabled", isBoolean),
    webhookEvents: read("webhook_events", isStrings),
  });
  return Object.keys(errors).length > 0 ? { errors } : { fields };
}

function defined<T extends Json>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

const isString = (value: unknown): value is string => typeof value === "string";
const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
const isStrings = (value: unknown): value is string[] => Array.isArray(value) && value.every(isString);
const isUrlOrNull = (value: unknown): value is string | null =>
  value === null || (isString(value) && URL.canParse(value));

function ok(call: Call, data: unknown): void {
  answerJson(call.res, 200, { success: true, data });
}

function invalid(call: Call, errors: FieldErrors): void {
  answerJson(call.res, 422, { success: false, message: "Validation failed", errors });
}

function notFound(call: Call): void {
  answerJson(call.res, 404, { success: false, message: "Session not found." });
}
