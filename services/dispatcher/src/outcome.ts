/** From what a provider answered to what the schedule understands: pure. */
import type { Reason } from "@wamesh/events";
import type { SendResult } from "@wamesh/pacer";
import type { SendOutcome } from "@wamesh/providers";

type FaultClass = Reason["fault_class"];

export function toSendResult(outcome: SendOutcome): SendResult {
  const waitMs = waitOf(outcome);
  return waitMs === null ? resultOf(outcome) : { ...resultOf(outcome), waitMs };
}

/** Nothing is left of the provider's window. Its end is told in whole seconds: the one too many is not waited for. */
function waitOf({ rate }: SendOutcome): number | null {
  if (rate?.remaining !== 0 || rate.resetMs === undefined) return null;
  const waitMs = Math.min(rate.resetMs - 1_000, longestWaitMs);
  return waitMs > 0 ? waitMs : null;
}

const longestWaitMs = 3_600_000;

function resultOf(outcome: SendOutcome): SendResult {
  switch (outcome.kind) {
    case "accepted":
      return { kind: "accepted", providerId: outcome.providerId };
    case "unsure":
      return {
        kind: "unsure",
        reason: { code: "outcome_unknown", faultClass: "provider", providerCode: null, detail: outcome.why },
      };
    case "rejected":
      return {
        kind: "rejected",
        reason: {
          code: outcome.code,
          faultClass: faultClass(outcome.faultClass),
          providerCode: outcome.providerCode,
          detail: outcome.detail,
        },
        retry:
          outcome.retry.kind === "never"
            ? null
            : { afterMs: outcome.retry.ms, countsAsAttempt: outcome.retry.countsAsAttempt },
        scope: scopeOf(outcome.scope),
        // A template's trouble is its own: the session goes on with everything else.
        effect: outcome.scope === "template" ? "none" : outcome.effect,
        pauseMs: outcome.pauseMs,
      };
  }
}

function faultClass(name: string): FaultClass {
  return name === "unknown" ? "UNKNOWN" : (name as FaultClass);
}

/** The schedule knows conversations, members and accounts; an app's limit acts on the member that met it. */
function scopeOf(
  scope: "message" | "pair" | "session" | "account" | "app" | "template",
): "message" | "conversation" | "member" | "account" {
  switch (scope) {
    case "message":
    case "template":
      return "message";
    case "pair":
      return "conversation";
    case "session":
    case "app":
      return "member";
    case "account":
      return "account";
  }
}
