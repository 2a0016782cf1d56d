/** Why a message has not left, and until when at the earliest: its own last word, then what the dispatchers say of its like. Pure. */
import type { DispatchState } from "@wamesh/events";

export type Waiting = {
  /** Stable code; see wa.dispatch.state. Also scheduled, on_its_way and its_turn_is_near. */
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

const words: Record<string, string> = {
  pace: "messages before it leave at the session's pace; the estimate is when the last of those waiting now will have left",
  plan_minute_limit: "the tenant's plan allows no more in this minute",
  plan_day_limit: "the tenant's plan allows no more today (UTC)",
  account_limit: "the account's limit is used up for now",
  paused: "the provider asked to pause",
  session_not_connected: "its session is not connected",
  session_unknown: "nobody has heard of its session yet",
  tenant_suspended: "its tenant is suspended",
  campaign_paused: "its campaign is paused",
  campaign_not_started: "its campaign has not begun",
  template_paused: "its template is paused by the provider",
  template_disabled: "its template is disabled or rejected by the provider",
};

/** Null for a message that waits for nothing of ours. `now` in epoch ms. */
export function waitingOf(
  message: WaitingMessage,
  queued: Queued | undefined,
  states: Iterable<DispatchState>,
  now: number,
): Waiting | null {
  if (message.status === "accepted")
    return { reason: "on_its_way", until: null, detail: "accepted, and not in the schedule yet" };
  if (message.status !== "queued") return null;
  if (queued?.next_at != null && queued.next_at.getTime() > now) {
    const detail = queued.reason_detail || (queued.reason_code === null ? "not before its time" : "");
    return { reason: queued.reason_code ?? "scheduled", until: queued.next_at.getTime(), detail };
  }
  const held = [...states]
    .flatMap((state) => state.held)
    .filter((one) => one.session === message.session)
    .filter((one) => one.campaign === null || one.campaign === message.campaign)
    .filter((one) => one.template === null || one.template.split(":")[0] === message.template);
  // What stops it altogether says more than that others are before it.
  const strongest = held.find(({ reason }) => reason !== "pace") ?? held[0];
  if (strongest === undefined) return { reason: "its_turn_is_near", until: null, detail: "nothing holds it" };
  const { reason, until } = strongest;
  return { reason, until, detail: words[reason] ?? reason };
}
