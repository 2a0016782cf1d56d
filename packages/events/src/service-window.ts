/**
 * The 24 hours after a person wrote to a number, in which it may send them anything: which messages need it, and what
 * opens it. Pure.
 */
import type { Content, InboundMessage, Provider } from "./generated/records.ts";
import data from "./service-window.json" with { type: "json" };

/**
 * Of sessions of this provider; null where anything may be sent at any time. `marginMs`: so much earlier nothing is begun
 * any more.
 */
export type ServiceWindow = { openMs: number; marginMs: number };

const byProvider: Partial<Record<Provider, ServiceWindow>> = Object.fromEntries(
  Object.entries(data.providers).map(([provider, { open_s, margin_s }]) => [
    provider,
    { openMs: open_s * 1000, marginMs: margin_s * 1000 },
  ]),
);

export function serviceWindow(provider: Provider): ServiceWindow | null {
  return byProvider[provider] ?? null;
}

/** The longest of all: who wrote longer ago has no window open anywhere. */
export const longestWindowMs = Math.max(...Object.values(byProvider).map(({ openMs }) => openMs));

/** Everything but a template; in groups and channels nobody's window counts. */
export function needsWindow(message: {
  provider: Provider;
  recipient: { kind: string };
  content: Pick<Content, "kind">;
}): boolean {
  if (message.content.kind === "template" || serviceWindow(message.provider) === null) return false;
  return message.recipient.kind === "phone" || message.recipient.kind === "bsuid";
}

/**
 * Whether a person wrote to the number itself. What this release does not understand does count: the provider has the
 * last word.
 */
export function opensWindow({ kind, group }: Pick<InboundMessage, "kind" | "group">): boolean {
  return group === null && !data.opens_none.includes(kind);
}
