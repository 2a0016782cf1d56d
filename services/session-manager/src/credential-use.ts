/**
 * When credentials were last used, as far as this service sees it: its own looks, and the failed sends that the dispatcher tells
 * of. A session that sends is looked at every few minutes, so nothing has to be written per message.
 */
import type { SessionEvent } from "@wamesh/events";
import type { Tx } from "@wamesh/store";

export type Use = {
  /** Epoch ms. */
  atMs: number;
  /** The provider took them, whatever else it said. */
  accepted: boolean;
};

/** What an event says about its session's credentials, or null when nobody asked the provider with them. Pure. */
export function useOf(event: SessionEvent): Use | null {
  // A refusal without the provider's word for it is our own: nothing has left.
  if (event.evidence !== "send" || event.reason === null || event.reason.provider_code === null) return null;
  return { atMs: event.occurred_at, accepted: event.reason.fault_class !== "credentials" };
}

/**
 * Twice is harmless: time only moves on. A use before the present credentials was of those before them; more than one a
 * minute is written only when the answer is another one. The session's row is locked before, as everywhere.
 */
export async function markUse(
  tx: Tx,
  of: { tenant: string; session: string },
  { atMs, accepted }: Use,
): Promise<void> {
  const at = new Date(atMs);
  await tx`
    update credential set used_at = ${at}, accepted_at = case when ${accepted} then ${at} else accepted_at end
    where session = ${of.session} and tenant = ${of.tenant} and date_trunc('milliseconds', changed_at) <= ${at}
      and (used_at is null or used_at < ${at}::timestamptz - interval '1 minute'
        or (used_at < ${at} and (accepted_at is not distinct from used_at) <> ${accepted}))`;
}
