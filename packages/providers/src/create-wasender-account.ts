/** A WasenderApi account over HTTP: its sessions listed, made, connected and removed with its personal access token. */

import type { Answer } from "./exchange.ts";
import { createExchanger, type HttpOrder } from "./exchange.ts";
import type { Managed } from "./managed.ts";
import { isHeaderSafe } from "./refusal.ts";
import {
  type Connecting,
  type ListedSession,
  type ManagedSession,
  orders,
  readConnecting,
  readList,
  readQr,
  readRemoval,
  readSession,
  type WantedSession,
} from "./wasender/manage.ts";

export type { Connecting, ListedSession, ManagedSession, WantedSession } from "./wasender/manage.ts";

/** No call throws; each `signal` is its deadline. `id` is the provider's. */
export type WasenderAccount = {
  list(token: string, signal: AbortSignal): Promise<Managed<ListedSession[]>>;
  create(token: string, wanted: WantedSession, signal: AbortSignal): Promise<Managed<ManagedSession>>;
  read(token: string, id: string, signal: AbortSignal): Promise<Managed<ManagedSession>>;
  /** Done also when it was not there. */
  remove(token: string, id: string, signal: AbortSignal): Promise<Managed<null>>;
  /** Keeps the pairing: a session that the phone knows comes back without a scan. */
  connect(token: string, id: string, signal: AbortSignal): Promise<Managed<Connecting>>;
  /** For a session that says it is connected. */
  restart(token: string, id: string, signal: AbortSignal): Promise<Managed<Connecting>>;
  /** The QR code's text, a login secret. Refused while the session wants none. */
  qr(token: string, id: string, signal: AbortSignal): Promise<Managed<string>>;
  close(): Promise<void>;
};

/** `baseUrl` as for createSender. */
export function createWasenderAccount(options: {
  baseUrl: string;
  maxSockets?: number;
  userAgent?: string;
  now?: () => number;
}): WasenderAccount {
  const exchanger = createExchanger(options.baseUrl, options.maxSockets ?? 8);
  const now = options.now ?? Date.now;
  const userAgent = options.userAgent ?? "wamesh";

  async function call<Value>(
    token: string,
    order: HttpOrder,
    readAnswer: (answer: Answer, nowMs: number) => Managed<Value>,
    signal: AbortSignal,
  ): Promise<Managed<Value>> {
    if (!isHeaderSafe(token))
      return { kind: "refused", why: "auth", detail: "The account token is not of a form that can be sent" };
    const headers = { ...order.headers, "user-agent": userAgent };
    const exchange = await exchanger.call({ ...order, headers }, signal);
    return exchange.kind === "answered"
      ? readAnswer(exchange.answer, now())
      : { kind: "unsure", detail: `no answer (${exchange.why})`, retryAfterMs: null };
  }

  return {
    list: (token, signal) => call(token, orders.list(token), readList, signal),
    create: (token, wanted, signal) => call(token, orders.create(token, wanted), readSession, signal),
    read: (token, id, signal) => call(token, orders.read(token, id), readSession, signal),
    remove: (token, id, signal) => call(token, orders.remove(token, id), readRemoval, signal),
    connect: (token, id, signal) => call(token, orders.connect(token, id), readConnecting, signal),
    restart: (token, id, signal) => call(token, orders.restart(token, id), readConnecting, signal),
    qr: (token, id, signal) => call(token, orders.qr(token, id), readQr, signal),
    close: () => exchanger.close(),
  };
}
