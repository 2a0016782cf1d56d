/** Why a message has not left, and until when at the earliest: its own last word, then what the dispatchers say of its like. Pure. */
import { type DispatchState, type ReasonCode, reasonCodes } from "@wamesh/events";

export type Waiting = {
  /** Stable code of the registry in packages/events. */
  reason: string;
  until: number | null;
  detail: string;
};

type WaitingMessage = {
  status: string;
  session: string | null;
  campaign: string | null;
  template: string | null;
};

/** Its newest event of status queued. */
type Queued = { next_at: Date | null; reason_code: string | null; reason_detail: string | null };

function waits(reason: ReasonCode, until: number | null): Waiting {
  return { reason, until, detail: reasonCodes[reason].meaning };
}

/** Null for a message that waits for nothing of ours. `now` in epoch ms. */
export function waitingOf(
  message: WaitingMessage,
  queued: Queued | undefined,
  states: Iterable<DispatchState>,
  now: number,
): Waiting | null {
  if (message.status === "accepted") return waits("on_its_way", null);
  if (message.status !== "queued") return null;
  if (queued?.next_at != null && queued.next_at.getTime() > now) {
    const until = queued.next_at.getTime();
    if (queued.reason_code === null) return waits("scheduled", until);
    return { reason: queued.reason_code, until, detail: queued.reason_detail ?? "" };
  }
  const held = [...states]
    .flatMap((state) => state.held)
    .filter((one) => one.session === message.session)
    .filter((one) => one.campaign === null || one.campaign === message.campaign)
    .filter((one) => one.template === null || one.template.split(":")[0] === message.template);
  // What stops it altogether says more than that others are before it.
  const strongest = held.find(({ reason }) => reason !== "pace") ?? held[0];
  if (strongest === undefined) return waits("its_turn_is_near", null);
  const { reason, until } = strongest;
  // A later release may know reasons that this one does not.
  return Object.hasOwn(reasonCodes, reason)
    ? waits(reason as ReasonCode, until)
    : { reason, until, detail: reason };
}
