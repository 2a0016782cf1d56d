/** Rejections that are ours: nothing was asked of the provider. */
import { type ReasonCode, reasonFaults } from "./reasons.ts";
import type { Rejection } from "./send.ts";

/** The provider can't carry this message, ever. */
export function cannotCarry(detail: string): Rejection {
  return { ...refusal("content_unsupported", detail), retry: { kind: "never" } };
}

export function contentInvalid(detail: string): Rejection {
  return { ...refusal("content_invalid", detail), retry: { kind: "never" } };
}

const CREDENTIALS_PAUSE_MS = 300_000;

/** Asked again after the pause: the credentials may have been replaced. */
export function badCredentials(): Rejection {
  return {
    ...refusal("credentials_invalid", "The session's credentials are not of a form that can be sent"),
    retry: { kind: "after", ms: CREDENTIALS_PAUSE_MS, countsAsAttempt: false },
    scope: "session",
    effect: "pause",
    pauseMs: CREDENTIALS_PAUSE_MS,
  };
}

const UNREACHABLE_PAUSE_MS = 2_000;

/**
 * Refused connection, no such host, no free connection in time. Loses no attempt, since nobody looked at the message: an
 * outage of an hour must not eat what waits. The session's next message is the probe.
 */
export function unreachable(why: string): Rejection {
  return {
    ...refusal("provider_unreachable", `The provider could not be reached (${why})`),
    retry: { kind: "after", ms: UNREACHABLE_PAUSE_MS, countsAsAttempt: false },
    scope: "session",
    effect: "pause",
    pauseMs: UNREACHABLE_PAUSE_MS,
  };
}

/** Header values may hold visible ASCII only; anything else is a damaged key. */
export function isHeaderSafe(secret: string): boolean {
  return /^[\x21-\x7e]+$/.test(secret);
}

function refusal(code: ReasonCode, detail: string): Rejection {
  return {
    kind: "rejected",
    code,
    providerCode: null,
    faultClass: reasonFaults[code],
    retry: { kind: "never" },
    scope: "message",
    effect: "none",
    pauseMs: null,
    detail,
  };
}
