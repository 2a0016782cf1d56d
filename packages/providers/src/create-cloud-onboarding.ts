/** The steps of Embedded Signup over HTTP. Each can be asked again: what is done already is done again with the same end. */

import { type MetaAppAccess, orders, readRights, readSuccess, readToken } from "./cloud-api/onboarding.ts";
import { type Answer, createExchanger, type HttpOrder } from "./exchange.ts";
import type { Managed } from "./managed.ts";

/** No call throws; each `signal` is its deadline. */
export type CloudOnboarding = {
  /** The access token for the code of the business's browser. The one step that can't be asked again. */
  exchange(code: string, signal: AbortSignal): Promise<Managed<string>>;
  /** Done when the token may manage and send for the account. */
  checkRights(token: string, waba: string, signal: AbortSignal): Promise<Managed<null>>;
  subscribe(token: string, waba: string, signal: AbortSignal): Promise<Managed<null>>;
  /** The other way round: done also where there was no subscription. */
  unsubscribe(token: string, waba: string, signal: AbortSignal): Promise<Managed<null>>;
  register(token: string, phone: string, pin: string, signal: AbortSignal): Promise<Managed<null>>;
  close(): Promise<void>;
};

/** `baseUrl` as for createSender. */
export function createCloudOnboarding(options: {
  baseUrl: string;
  app: MetaAppAccess;
  maxSockets?: number;
  userAgent?: string;
  now?: () => number;
}): CloudOnboarding {
  const { app } = options;
  const exchanger = createExchanger(options.baseUrl, options.maxSockets ?? 4);
  const now = options.now ?? Date.now;

  async function call<Value>(
    order: HttpOrder,
    readAnswer: (answer: Answer, nowMs: number) => Managed<Value>,
    signal: AbortSignal,
  ): Promise<Managed<Value>> {
    const headers = { ...order.headers, "user-agent": options.userAgent ?? "wamesh" };
    const exchange = await exchanger.call({ ...order, headers }, signal);
    return exchange.kind === "answered"
      ? readAnswer(exchange.answer, now())
      : { kind: "unsure", detail: `no answer (${exchange.why})`, retryAfterMs: null };
  }

  return {
    exchange: (code, signal) => call(orders.exchange(app, code), readToken, signal),
    checkRights: (token, waba, signal) =>
      call(orders.rights(app, token), (answer, nowMs) => readRights(answer, nowMs, waba), signal),
    subscribe: (token, waba, signal) => call(orders.subscribe(token, waba), readSuccess, signal),
    unsubscribe: (token, waba, signal) => call(orders.unsubscribe(token, waba), readSuccess, signal),
    register: (token, phone, pin, signal) => call(orders.register(token, phone, pin), readSuccess, signal),
    close: () => exchanger.close(),
  };
}
