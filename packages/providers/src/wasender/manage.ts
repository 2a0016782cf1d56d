/** Sessions of a WasenderApi account, as its personal access token manages them: requests and what their answers mean. */
import type { Answer, HttpOrder } from "../exchange.ts";
import { idAt, isObject, listAt, objectAt, parseJson, textAt } from "../json.ts";
import type { Managed, Refusal } from "../managed.ts";
import type { ProbedStatus } from "../prober.ts";
import { retryAfterMs, secondsAsWaitMs } from "../retry-after.ts";
import { scrub } from "../scrub.ts";
import { statusOfWord } from "./probe.ts";

export type WantedSession = {
  name: string;
  /** E.164. */
  phone: string;
  accountProtection: boolean;
  /** Ours; it tells our sessions from others of the account. */
  callbackUrl: string;
};

/** A row of the list: without secrets. */
export type ListedSession = { id: string; callbackUrl: string | null };

export type ManagedSession = { id: string; apiKey: string; webhookSecret: string };

/** What a session is asked to connect: its state from now on, and the code to scan where one is wanted. */
export type Connecting = { status: ProbedStatus | null; qr: string | null };

/**
 * The smallest set that tells all we use: what came in, what became of what went out, how the session is. No
 * `qrcode.updated`: a QR code is a login secret, and whoever needs one asks for it.
 */
const events = ["messages.received", "messages.upsert", "messages.update", "message.sent", "session.status"];

export const orders = {
  list: (token: string) => order("GET", "", token),
  create: (token: string, wanted: WantedSession) =>
    order("POST", "", token, {
      name: wanted.name,
      phone_number: wanted.phone,
      account_protection: wanted.accountProtection,
      // Without the log, what became of a message in doubt can't be looked up.
      log_messages: true,
      webhook_url: wanted.callbackUrl,
      webhook_enabled: true,
      webhook_events: events,
    }),
  read: (token: string, id: string) => order("GET", `/${encodeURIComponent(id)}`, token),
  remove: (token: string, id: string) => order("DELETE", `/${encodeURIComponent(id)}`, token),
  connect: (token: string, id: string) => order("POST", `/${encodeURIComponent(id)}/connect`, token, {}),
  restart: (token: string, id: string) => order("POST", `/${encodeURIComponent(id)}/restart`, token, {}),
  qr: (token: string, id: string) => order("GET", `/${encodeURIComponent(id)}/qrcode`, token),
};

function order(method: HttpOrder["method"], under: string, token: string, body?: object): HttpOrder {
  return {
    method,
    path: `/whatsapp-sessions${under}`,
    headers: {
      accept: "application/json",
      authorization: `Bearer ${token}`,
      ...(body && { "content-type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  };
}

export function readList(answer: Answer, nowMs: number): Managed<ListedSession[]> {
  return read(answer, nowMs, (root) =>
    !Array.isArray(root.data)
      ? null
      : listAt(root, "data").flatMap((row) => {
          const id = idAt(row, "id");
          return id === null ? [] : [{ id, callbackUrl: textAt(row, "webhook_url") }];
        }),
  );
}

export function readSession(answer: Answer, nowMs: number): Managed<ManagedSession> {
  return read(answer, nowMs, (root) => {
    const data = objectAt(root, "data");
    const id = idAt(data, "id");
    const apiKey = idAt(data, "api_key");
    const webhookSecret = idAt(data, "webhook_secret");
    return id === null || apiKey === null || webhookSecret === null ? null : { id, apiKey, webhookSecret };
  });
}

/** What is not there any more is removed too. */
export function readRemoval(answer: Answer, nowMs: number): Managed<null> {
  if (answer.status === 204) return { kind: "done", value: null };
  const ended = read(answer, nowMs, () => ({}));
  if (ended.kind === "done" || (ended.kind === "refused" && ended.why === "gone"))
    return { kind: "done", value: null };
  return ended;
}

export function readConnecting(answer: Answer, nowMs: number): Managed<Connecting> {
  return read(answer, nowMs, (root) => {
    const data = objectAt(root, "data");
    const word = textAt(data, "status");
    return { status: word === null ? null : statusOfWord(word), qr: idAt(data, "qrCode") };
  });
}

export function readQr(answer: Answer, nowMs: number): Managed<string> {
  return read(answer, nowMs, (root) => idAt(objectAt(root, "data"), "qrCode"));
}

/** Failure is HTTP 400 and above, or `success: false` under any status. The words stand in `message` or in `error`. */
function read<Value>(
  answer: Answer,
  nowMs: number,
  value: (root: Record<string, unknown>) => Value | null,
): Managed<Value> {
  const root = parseJson(answer.body);
  const { status } = answer;
  const said = textAt(root, "message") ?? textAt(root, "error");
  const detail = said === null ? `HTTP ${status}` : `HTTP ${status}: ${scrub(said)}`;
  if (status === 429) {
    const named = isObject(root) ? secondsAsWaitMs(root.retry_after) : null;
    return { kind: "unsure", detail, retryAfterMs: named ?? retryAfterMs(answer, nowMs) };
  }
  if (status >= 500 || status === 408 || !isObject(root))
    return status === 401 || status === 404
      ? { kind: "refused", why: refusalOf(status, ""), detail }
      : { kind: "unsure", detail, retryAfterMs: null };
  if (status >= 400 || root.success === false)
    return { kind: "refused", why: refusalOf(status, said ?? ""), detail };
  const found = value(root);
  return found === null
    ? { kind: "unsure", detail: `HTTP ${status} without what was asked for`, retryAfterMs: null }
    : { kind: "done", value: found };
}

/** The status of a plan that is used up is not documented, so its words decide. As of 2026-08. */
function refusalOf(status: number, said: string): Refusal {
  if (status === 401) return "auth";
  if (status === 404) return "gone";
  return /session limit|subscription/i.test(said) ? "plan" : "other";
}
