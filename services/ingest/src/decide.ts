/** The door's decision about one message, the same for the API and for rules: what goes into the log, or why nothing does. Pure. */
import { fingerprint, type OutboundMessage, recipientToken } from "@wamesh/events";
import { type KnownTemplate, templateObstacle } from "./check-template.ts";
import { type Choice, chooseSession, type Member, type Sessions } from "./choose-session.ts";
import { contentOf } from "./content.ts";
import { type MessageRequest, maxTtlS } from "./message-request.ts";
import { parseRecipient } from "./recipient.ts";
import type { Refusal } from "./refusal.ts";

export type Lane = NonNullable<MessageRequest["lane"]>;

/** What the decision reads of the world; packages/directory has it. */
export type World = Sessions & {
  template(tenant: string, account: string, name: string, language: string): KnownTemplate | undefined;
  /** Whether all templates of the account are known. */
  templatesListed(tenant: string, account: string): boolean;
};

/** Where a message comes from, when not from a client directly. */
export type RuleOrigin = {
  rule: string;
  ruleVersion: number;
  ruleStep: number;
  sourceEventId: string;
  source: string;
};

export type Facts = {
  tenant: string;
  messageId: string;
  /** When wamesh took it in; times to live count from here. */
  acceptedAtMs: number;
  /** Secret of the recipient tokens. */
  tokenKey: string;
  origin: RuleOrigin | null;
  /** What the message's identity stands for; by default the request itself. */
  fingerprint?: string;
};

export type Decision = { kind: "accepted"; message: OutboundMessage } | { kind: "refused"; refusal: Refusal };

/** A code is worthless after five minutes, a broadcast may take a weekend. */
const defaultTtlS: Record<Lane, number> = { otp: 5 * 60, standard: 24 * 3600, bulk: 72 * 3600 };

/** Batches beyond this size wait behind everything else, whatever lane they ask for. */
export const largestUrgentBatch = 100;

export function laneOf(asked: Lane | undefined, batchSize: number): Lane | undefined {
  return batchSize > largestUrgentBatch ? "bulk" : asked;
}

/** Without a lane asked for, a template's category chooses it. */
export function decide(
  request: MessageRequest,
  asked: Lane | undefined,
  facts: Facts,
  world: World,
): Decision {
  const parsed = parseRecipient(request.to);
  if (parsed.kind === "refused") return parsed;
  const { recipient } = parsed;
  const content = contentOf(request);
  const { template } = content;
  const knownAt = ({ account }: Member) =>
    template === null ? undefined : world.template(facts.tenant, account, template.name, template.language);
  const choose = (lane: Lane) =>
    chooseSession(
      {
        tenant: facts.tenant,
        recipient,
        content,
        lane,
        sessionId: request.session_id,
        pool: request.pool ?? "default",
      },
      world,
    );
  const { lane, choice } =
    asked === undefined && template !== null
      ? laneByCategory(choose, (member) => knownAt(member)?.category)
      : { lane: asked ?? "standard", choice: choose(asked ?? "standard") };
  if (choice.kind === "refused") return choice;
  const { member } = choice;

  // The account that the session belongs to decides: its templates are its own.
  const known = knownAt(member);
  const obstacle =
    template === null
      ? null
      : templateObstacle(template, known, world.templatesListed(facts.tenant, member.account));
  if (obstacle !== null) return refuse(obstacle);
  // What the provider approved it as counts, not what the caller calls it.
  const category = known?.category ?? request.category ?? null;
  if (lane === "otp" && category === "marketing") return refuse(marketingOnOtp);

  const sendAt = request.send_at === undefined ? null : Date.parse(request.send_at);
  if (sendAt !== null && sendAt > facts.acceptedAtMs + maxTtlS * 1000) return refuse(tooFarAhead);
  const startMs = Math.max(sendAt ?? 0, facts.acceptedAtMs);

  return {
    kind: "accepted",
    message: {
      message_id: facts.messageId,
      tenant: facts.tenant,
      lane,
      session: member.session,
      account: member.account,
      provider: member.provider,
      recipient,
      recipient_token: recipientToken(facts.tokenKey, facts.tenant, recipient),
      content,
      category,
      fallback: null,
      reply_to: request.reply_to ?? null,
      campaign: null,
      campaign_run: null,
      rule: facts.origin?.rule ?? null,
      rule_version: facts.origin?.ruleVersion ?? null,
      rule_step: facts.origin?.ruleStep ?? null,
      source_event_id: facts.origin?.sourceEventId ?? null,
      source_event_source: facts.origin?.source ?? null,
      external_ref: request.external_ref ?? null,
      retry_of: null,
      doubt_policy: request.doubt_policy ?? "UNKNOWN",
      // What was asked for, not what became of it: a category may change between a request and its repeat.
      fingerprint: facts.fingerprint ?? fingerprint({ ...request, lane: asked ?? "standard" }),
      send_at: sendAt !== null && sendAt > facts.acceptedAtMs ? sendAt : null,
      not_after: startMs + (request.ttl_s ?? defaultTtlS[lane]) * 1000,
      accepted_at: facts.acceptedAtMs,
    },
  };
}

/** One-time passwords hurry, and sessions may be reserved for them; advertising waits behind everything else. */
function laneByCategory(
  choose: (lane: Lane) => Choice,
  categoryAt: (member: Member) => string | undefined,
): { lane: Lane; choice: Choice } {
  const hurried = choose("otp");
  if (hurried.kind === "chosen" && categoryAt(hurried.member) === "authentication")
    return { lane: "otp", choice: hurried };
  const choice = choose("standard");
  const waits = choice.kind === "chosen" && categoryAt(choice.member) === "marketing";
  return { lane: waits ? "bulk" : "standard", choice };
}

const marketingOnOtp: Refusal = {
  code: "lane_refused",
  field: "lane",
  problem: "Marketing does not travel on the otp lane.",
  remedy: "Use standard or bulk.",
};

const tooFarAhead: Refusal = {
  code: "invalid_body",
  field: "send_at",
  problem: "send_at is more than 30 days ahead.",
  remedy: "Schedule it within 30 days.",
};

function refuse(refusal: Refusal): Decision {
  return { kind: "refused", refusal };
}
