/** Which of our statuses tell of a message that may have to be looked up, and when that is first due. Pure. */
import type { MessageStatus } from "@wamesh/events";
import { lookUpLimits } from "@wamesh/providers";

/** A message as it was told of, in a state that a look-up may add to. */
export type Followed = MessageStatus & { status: "sent" | "in_doubt" };

/** Providers that echo our id need no look-up. */
export function isFollowed(status: MessageStatus): status is Followed {
  return status.provider === "wasender" && (status.status === "sent" || status.status === "in_doubt");
}

/**
 * The number that WasenderApi can be asked about. One that was taken from its message log is not known to be the same number,
 * so what it leads to must be compared; it is written with this mark, and nobody takes it for a msgId.
 */
export function msgIdOf(providerId: string | null): { msgId: string; isCertain: boolean } | null {
  const [, mark, msgId] = /^(log:)?(\d{1,15})$/.exec(providerId ?? "") ?? [];
  return msgId === undefined ? null : { msgId, isCertain: mark === undefined };
}

export const logged = (id: string) => `log:${id}`;

/** From now, ms; null where nothing can be asked. `asked`: look-ups that said nothing yet. */
export function nextInMs(of: { state: string; provider_id: string | null }, asked: number): number | null {
  const { infoAfterMs, logAfterMs } = lookUpLimits;
  const after = of.state === "in_doubt" ? logAfterMs : msgIdOf(of.provider_id) === null ? [] : infoAfterMs;
  const at = after[asked];
  return at === undefined ? null : at - (after[asked - 1] ?? 0);
}

/** Of several records of one message the last word: the higher claim, then `sent`. */
export function lastWords<Told extends { status: Followed }>(told: readonly Told[]): Told[] {
  const last = new Map<string, Told>();
  for (const one of told) {
    const before = last.get(one.status.message_id);
    if (before === undefined || isNewer(one.status, before.status)) last.set(one.status.message_id, one);
  }
  return [...last.values()];
}

function isNewer(next: Followed, before: Followed): boolean {
  if (next.claim !== before.claim) return next.claim > before.claim;
  return next.status === "sent" && before.status === "in_doubt";
}
