/** A sender: build the request, post it once, read what came of it. */
import { trace } from "@opentelemetry/api";
import { createExchanger } from "./exchange.ts";
import { providers } from "./providers.ts";
import { contentInvalid, unreachable } from "./refusal.ts";
import type { ProviderName, Sender, SendOutcome } from "./send.ts";

export type SenderOptions = {
  /** With the version: `https://graph.facebook.com/v25.0`, `https://www.wasenderapi.com/api`. */
  baseUrl: string;
  /** Connections at once; above it sends wait for one, inside their deadline. Default 256. */
  maxSockets?: number;
  /** Default `wamesh`. */
  userAgent?: string;
  /** Epoch ms; turns dates in answers into waits. */
  now?: () => number;
};

/** One pool of kept-alive connections to one provider. Throws only for a base URL that is none. */
export function createSender(name: ProviderName, options: SenderOptions): Sender {
  const provider = providers[name];
  const exchanger = createExchanger(options.baseUrl, options.maxSockets ?? 256);
  const now = options.now ?? Date.now;
  const userAgent = options.userAgent ?? "wamesh";
  return {
    async send(session, request, signal, left): Promise<SendOutcome> {
      let built: ReturnType<typeof provider.buildRequest>;
      try {
        built = provider.buildRequest(session, request);
      } catch (error) {
        return contentInvalid(
          `The request could not be built (${error instanceof Error ? error.name : "?"})`,
        );
      }
      if (built.kind === "refused") return built.outcome;
      const { http } = built;
      const headers = { ...http.headers, "user-agent": userAgent };
      const exchange = await exchanger.post({ ...http, headers }, signal, left);
      switch (exchange.kind) {
        case "not_sent":
          return unreachable(exchange.why);
        case "lost":
          return { kind: "unsure", why: exchange.why };
        case "answered":
          // Of the caller's span, if there is one.
          trace.getActiveSpan()?.setAttribute("http.response.status_code", exchange.answer.status);
          try {
            return provider.readAnswer(exchange.answer, request, now());
          } catch (error) {
            return {
              kind: "unsure",
              why: `the answer could not be read: ${error instanceof Error ? error.name : "?"}`,
            };
          }
      }
    },
    close: () => exchanger.close(),
  };
}
