/** Until when what a person wrote lets a number write anything to them. Pure. */
import { type InboundMessage, opensWindow, type Provider, serviceWindow } from "@wamesh/events";

/**
 * Epoch ms; null where it opens no window, or its provider has none. A sender's clock ahead of ours opens nothing for longer.
 * `kind`, `provider`: as stored, perhaps by a later release.
 */
export function windowClosesAt(inbound: {
  provider: string | null;
  kind: string;
  group: string | null;
  occurredAt: number;
  recordedAt: number;
}): number | null {
  const { provider, kind, group, occurredAt, recordedAt } = inbound;
  const window = provider === null ? null : serviceWindow(provider as Provider);
  if (window === null || !opensWindow({ kind: kind as InboundMessage["kind"], group })) return null;
  return Math.min(occurredAt, recordedAt) + window.openMs;
}
