/** A look at a session: what does its provider say of it? One cheap read, inside the provider's call budget. */
import { createExchanger } from "./exchange.ts";
import { providers } from "./providers.ts";
import type { ProviderName, SenderSession } from "./send.ts";

/** Session states a provider can tell; the names are those of the mesh's session records. */
export type ProbedStatus =
  | "connecting"
  | "need_scan"
  | "pin_required"
  | "name_pending"
  | "connected"
  | "disconnected"
  | "logged_out"
  | "expired"
  | "suspended"
  | "auth_failed";

export type Found =
  | { kind: "state"; status: ProbedStatus /** the provider's own words, no secrets */; detail: string }
  /** The provider did not say. Nothing may be concluded from it. */
  | { kind: "unsure"; why: string };

export type Prober = {
  /** Never throws. `signal` is the deadline. */
  probe(session: SenderSession, signal: AbortSignal): Promise<Found>;
  close(): Promise<void>;
};

/** `baseUrl` as for createSender. */
export function createProber(
  name: ProviderName,
  options: { baseUrl: string; maxSockets?: number; userAgent?: string },
): Prober {
  const provider = providers[name];
  const exchanger = createExchanger(options.baseUrl, options.maxSockets ?? 8);
  return {
    async probe(session, signal) {
      const { path, headers } = provider.askState(session);
      const question = { path, headers: { ...headers, "user-agent": options.userAgent ?? "wamesh" } };
      const exchange = await exchanger.get(question, signal);
      return exchange.kind === "answered"
        ? provider.readState(exchange.answer)
        : { kind: "unsure", why: exchange.why };
    },
    close: () => exchanger.close(),
  };
}
