/** The message that a dead letter becomes, or what keeps it: judged by the door as if it came today. Pure. */
import { derivedUuid, fingerprint, type OutboundMessage } from "@wamesh/events";
import { type Decision, decide, type World } from "../decide.ts";
import { requestOf } from "./request-of.ts";

export type Anew = {
  deadId: string;
  /** Send it through this one; null: through its own. */
  session: string | null;
  nowMs: number;
  tokenKey: string;
};

/**
 * Its id follows from the letter: sent anew by two redrives, or by one that was killed, it is the same message, which the
 * dispatcher takes once. It keeps the campaign, rule and event it came of.
 */
export function sendAnew(
  message: OutboundMessage,
  { deadId, session, nowMs, tokenKey }: Anew,
  world: World,
): Decision {
  const { tenant, lane } = message;
  const request = requestOf(message, session ?? message.session);
  if (request === null) return { kind: "refused", refusal: unreadable };
  const decision = decide(
    request,
    lane === "UNKNOWN" ? "standard" : lane,
    {
      tenant,
      messageId: derivedUuid("redrive", tenant, deadId),
      acceptedAtMs: nowMs,
      tokenKey,
      origin: null,
      fingerprint: fingerprint(["redrive", tenant, deadId]),
    },
    world,
  );
  if (decision.kind === "refused") return decision;
  const { campaign, campaign_run, rule, rule_version, rule_step, source_event_id, source_event_source } =
    message;
  return {
    kind: "accepted",
    message: {
      ...decision.message,
      ...{ campaign, campaign_run, rule, rule_version, rule_step, source_event_id, source_event_source },
      retry_of: message.message_id,
    },
  };
}

const unreadable = {
  code: "invalid_body" as const,
  field: "content",
  problem: "What it says is not known here.",
  remedy: "Send it as a new message.",
};
