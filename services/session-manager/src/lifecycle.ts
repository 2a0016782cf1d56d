/**
 * The life of a session, as one pure function from what it is and what was seen or asked for to what becomes of it.
 *
 *   created ─> connecting ─> need_scan ─> connected ─> disconnected | logged_out | expired | auth_failed
 *   Cloud API adds before connected: pin_required, name_pending
 *   any ─> suspended (by its tenant) ─> connecting        any ─> deleted (for good)
 *   any ─> auth_failed (credentials revoked by its tenant) ─> connecting, with new ones
 */
import type { Evidence, Provider, SessionStatus } from "@wamesh/events";

export type Life = {
  provider: Exclude<Provider, "UNKNOWN">;
  status: SessionStatus;
  /** How the present status became known. */
  evidence: Evidence;
  /** When the present status was observed, epoch ms. */
  sinceMs: number;
  /** How often a send failed although the provider had just said "connected": how often it lied. */
  strikes: number;
};

export type Happening =
  | { kind: "observed"; status: SessionStatus; evidence: "callback" | "probe" | "send"; atMs: number }
  | { kind: "ordered"; order: "suspend" | "connect" | "revoke" | "delete"; atMs: number };

export type Verdict =
  /** `confirmInMs`: look for ourselves after this time; null: the ordinary schedule. */
  | {
      kind: "change";
      status: SessionStatus;
      evidence: Evidence;
      sinceMs: number;
      confirmInMs: number | null;
      strikes: number;
    }
  | { kind: "same" }
  /** The same state by our own eyes: the provider said what the failed send had shown, so it did not lie. */
  | { kind: "confirmed" }
  /** `againInMs`: when a look may count for something. */
  | { kind: "outranked"; againInMs: number }
  | { kind: "ignored"; why: "deleted" | "suspended" | "revoked" | "stale" | "impossible" };

/** Providers state times in whole seconds, so an observation may look up to this much older than it is. */
const clockGrainMs = 1_000;
/**
 * A token may be allowed to read its number and yet not to send, and a session may say "connected" and refuse everything. So
 * for a while a failed send outranks whoever says "connected", and longer with each message that such a word has cost.
 */
const sendFailureHoldsMs = [60_000, 5 * 60_000, 30 * 60_000, 3_600_000, 2 * 3_600_000, 4 * 3_600_000];
/** Connected for so long without a failed send, it has earned its name back. */
const strikesForgottenMs = 24 * 3_600_000;
/** From this strike on, a provider's callback is believed no more than its answers. */
const callbackDoubtedFrom = 3;
/** Word that is not our own is checked by a look soon after: a callback may be late or replayed, a refusal an accident. */
const confirmCallbackMs = 5_000;
const confirmSendMs = 2_000;

/** How long the state that failed sends have shown holds against other words. */
export function heldMs(strikes: number): number {
  const last = sendFailureHoldsMs.length - 1;
  return sendFailureHoldsMs[Math.min(Math.max(strikes - 1, 0), last)]!;
}

/** Which states an outsider can report, per provider. The others exist only by order. */
const observable: Record<Life["provider"], ReadonlySet<SessionStatus>> = {
  cloud_api: new Set([
    "connecting",
    "pin_required",
    "name_pending",
    "connected",
    "disconnected",
    "expired",
    "auth_failed",
  ]),
  wasender: new Set([
    "connecting",
    "need_scan",
    "connected",
    "disconnected",
    "logged_out",
    "expired",
    "auth_failed",
  ]),
};

/** What becomes of a session. Repeating a happening is harmless: the second time it is "same" or "ignored". */
export function decide(life: Life, happening: Happening): Verdict {
  if (life.status === "deleted") return { kind: "ignored", why: "deleted" };
  return happening.kind === "ordered" ? obey(life, happening) : observe(life, happening);
}

function obey(life: Life, { order, atMs }: Extract<Happening, { kind: "ordered" }>): Verdict {
  switch (order) {
    case "delete":
      return byOrder("deleted", atMs, null);
    case "suspend":
      if (life.status === "suspended") return { kind: "same" };
      return byOrder("suspended", atMs, null);
    case "revoke":
      // A suspended session stays so; without credentials it can't be connected again.
      if (life.status === "suspended" || isRevoked(life)) return { kind: "same" };
      return byOrder("auth_failed", atMs, null);
    case "connect":
      // Even when connected: whoever asks wants to know, and only a probe knows.
      return byOrder("connecting", atMs, 0);
  }
}

/** Whoever orders starts afresh: what sends have shown is forgiven. */
function byOrder(status: SessionStatus, atMs: number, confirmInMs: number | null): Verdict {
  return { kind: "change", status, evidence: "operator", sinceMs: atMs, confirmInMs, strikes: 0 };
}

function observe(life: Life, seen: Extract<Happening, { kind: "observed" }>): Verdict {
  if (!observable[life.provider].has(seen.status)) return { kind: "ignored", why: "impossible" };
  if (life.status === "suspended") return { kind: "ignored", why: "suspended" };
  if (isRevoked(life)) return { kind: "ignored", why: "revoked" };
  const grainMs = seen.evidence === "callback" ? clockGrainMs : 0;
  if (seen.atMs < life.sinceMs - grainMs) return { kind: "ignored", why: "stale" };
  if (seen.status === life.status)
    return life.evidence === "send" && seen.evidence !== "send" ? { kind: "confirmed" } : { kind: "same" };
  const againInMs = life.sinceMs + heldMs(life.strikes) - seen.atMs;
  if (seen.status === "connected" && isDoubted(life, seen.evidence) && againInMs > 0)
    return { kind: "outranked", againInMs };
  return {
    kind: "change",
    status: seen.status,
    evidence: seen.evidence,
    sinceMs: Math.max(seen.atMs, life.sinceMs),
    confirmInMs: confirmIn(seen.evidence),
    strikes: strikesAfter(life, seen),
  };
}

/** Its credentials were taken away, which nobody but a person says: only new ones bring it back. */
function isRevoked(life: Life): boolean {
  return life.status === "auth_failed" && life.evidence === "operator";
}

function isDoubted(life: Life, evidence: "callback" | "probe" | "send"): boolean {
  if (life.evidence !== "send") return false;
  return evidence === "probe" || (evidence === "callback" && life.strikes >= callbackDoubtedFrom);
}

/** A word of the provider's own that agrees with its refusals is honest; "connected" after the hold is on probation. */
function strikesAfter(life: Life, seen: Extract<Happening, { kind: "observed" }>): number {
  if (seen.evidence === "send") {
    const remembered = seen.atMs - life.sinceMs < strikesForgottenMs ? life.strikes : 0;
    return life.status === "connected" ? remembered + 1 : Math.max(remembered, 1);
  }
  return seen.status === "connected" ? life.strikes : 0;
}

function confirmIn(evidence: "callback" | "probe" | "send"): number | null {
  switch (evidence) {
    case "callback":
      return confirmCallbackMs;
    case "send":
      return confirmSendMs;
    case "probe":
      return null;
  }
}

const ordinaryMs = 5 * 60_000;
const firstRetryMs = 500;
/** Refused credentials don't heal by being asked; a new token is tried at once, whenever it comes. */
const refusedMostMs = 6 * 3_600_000;

/**
 * How long until the next probe of a session, in ms. `unsure` = probes in a row that told us nothing new; `random` in [0, 1)
 * spreads ten thousand sessions evenly (0.8 … 1.2 of the interval), so that a restart does not probe them all at once for ever.
 */
export function nextProbeMs(status: SessionStatus, unsure: number, random: number): number {
  const spread = 0.8 + 0.4 * random;
  if (status === "auth_failed")
    return Math.round(Math.min(ordinaryMs * 2 ** Math.min(unsure, 10), refusedMostMs) * spread);
  const retryMs = firstRetryMs * 2 ** Math.min(unsure, 10);
  // "connecting" is on its way to something else, so it is watched closely, but ever less so.
  const base = status === "connecting" || unsure > 0 ? Math.min(retryMs, ordinaryMs) : ordinaryMs;
  return Math.round(base * spread);
}
