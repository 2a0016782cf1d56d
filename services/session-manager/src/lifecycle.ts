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
};

export type Happening =
  | { kind: "observed"; status: SessionStatus; evidence: "callback" | "probe" | "send"; atMs: number }
  | { kind: "ordered"; order: "suspend" | "connect" | "revoke" | "delete"; atMs: number };

export type Verdict =
  /** `confirmInMs`: look for ourselves after this time; null: the ordinary schedule. */
  | { kind: "change"; status: SessionStatus; evidence: Evidence; sinceMs: number; confirmInMs: number | null }
  | { kind: "same" }
  | { kind: "ignored"; why: "deleted" | "suspended" | "revoked" | "stale" | "impossible" | "outranked" };

/** Providers state times in whole seconds, so an observation may look up to this much older than it is. */
const clockGrainMs = 1_000;
/**
 * A token may be allowed to read its number and yet not to send. So for this long a failed send outranks a probe that says
 * "connected"; otherwise the two would take turns, at the cost of one message each.
 */
export const sendFailureHoldsMs = 60_000;
/** A callback may be late or replayed: we look for ourselves soon after it. */
const confirmCallbackMs = 5_000;

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
      return { kind: "change", status: "deleted", evidence: "operator", sinceMs: atMs, confirmInMs: null };
    case "suspend":
      if (life.status === "suspended") return { kind: "same" };
      return { kind: "change", status: "suspended", evidence: "operator", sinceMs: atMs, confirmInMs: null };
    case "revoke":
      // A suspended session stays so; without credentials it can't be connected again.
      if (life.status === "suspended" || isRevoked(life)) return { kind: "same" };
      return {
        kind: "change",
        status: "auth_failed",
        evidence: "operator",
        sinceMs: atMs,
        confirmInMs: null,
      };
    case "connect":
      // Even when connected: whoever asks wants to know, and only a probe knows.
      return { kind: "change", status: "connecting", evidence: "operator", sinceMs: atMs, confirmInMs: 0 };
  }
}

function observe(life: Life, seen: Extract<Happening, { kind: "observed" }>): Verdict {
  if (!observable[life.provider].has(seen.status)) return { kind: "ignored", why: "impossible" };
  if (life.status === "suspended") return { kind: "ignored", why: "suspended" };
  if (isRevoked(life)) return { kind: "ignored", why: "revoked" };
  const grainMs = seen.evidence === "callback" ? clockGrainMs : 0;
  if (seen.atMs < life.sinceMs - grainMs) return { kind: "ignored", why: "stale" };
  if (seen.status === life.status) return { kind: "same" };
  const heldBySend =
    life.status === "auth_failed" &&
    life.evidence === "send" &&
    seen.evidence === "probe" &&
    seen.atMs < life.sinceMs + sendFailureHoldsMs;
  if (heldBySend) return { kind: "ignored", why: "outranked" };
  return {
    kind: "change",
    status: seen.status,
    evidence: seen.evidence,
    sinceMs: Math.max(seen.atMs, life.sinceMs),
    confirmInMs: confirmIn(seen.evidence),
  };
}

/** Its credentials were taken away, which nobody but a person says: only new ones bring it back. */
function isRevoked(life: Life): boolean {
  return life.status === "auth_failed" && life.evidence === "operator";
}

function confirmIn(evidence: "callback" | "probe" | "send"): number | null {
  switch (evidence) {
    case "callback":
      return confirmCallbackMs;
    case "send":
      return sendFailureHoldsMs;
    case "probe":
      return null;
  }
}

const ordinaryMs = 5 * 60_000;
const firstRetryMs = 500;

/**
 * How long until the next probe of a session, in ms. `unsure` = probes in a row that told us nothing; `random` in [0, 1)
 * spreads ten thousand sessions evenly (0.8 … 1.2 of the interval), so that a restart does not probe them all at once for ever.
 */
export function nextProbeMs(status: SessionStatus, unsure: number, random: number): number {
  const retryMs = firstRetryMs * 2 ** Math.min(unsure, 10);
  // "connecting" is on its way to something else, so it is watched closely, but ever less so.
  const base = status === "connecting" || unsure > 0 ? Math.min(retryMs, ordinaryMs) : ordinaryMs;
  return Math.round(base * (0.8 + 0.4 * random));
}
