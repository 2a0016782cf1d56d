/** The door's decision about one message, the same for the API and for rules: what goes into the log, or why nothing does. Pure. */
import { type Consents, isUnwanted, type OptedOut } from "@wamesh/directory";
import {
  fingerprint,
  type OutboundMessage,
  recipientToken,
  serviceWindow,
  type TemplateContent,
} from "@wamesh/events";
import { type KnownTemplate, templateObstacle } from "./check-template.ts";
import { type Choice, chooseSession, type Member, type Sessions } from "./choose-session.ts";
import { nobodyWrote, type WroteTo } from "./contacts/last-sessions.ts";
import { contentOf, templateOf } from "./content.ts";
import { type MessageRequest, maxTtlS } from "./message-request.ts";
import { parseRecipient } from "./recipient.ts";
import type { Refusal } from "./refusal.ts";

export type Lane = NonNullable<MessageRequest["lane"]>;

/** What the decision reads of the world; packages/directory has it. */
export type World = Sessions &
  Consents & {
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
  /** Which sessions a person wrote to lately. Default: nobody wrote. */
  wroteTo?: WroteTo;
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
  const knownAt = ({ account }: Member, { name, language }: TemplateContent) =>
    world.template(facts.tenant, account, name, language);
  const wroteTo = (facts.wroteTo ?? nobodyWrote)(recipient);
  const choose = (lane: Lane) =>
    chooseSession(
      {
        tenant: facts.tenant,
        recipient,
        content,
        lane,
        sessionId: request.session_id,
        pool: request.pool ?? "default",
        wroteTo,
      },
      world,
    );
  const { lane, choice } =
    asked === undefined && template !== null
      ? laneByCategory(choose, (member) => knownAt(member, template)?.category)
      : { lane: asked ?? "standard", choice: choose(asked ?? "standard") };
  if (choice.kind === "refused") return choice;
  const { member } = choice;

  const fallback = request.fallback === undefined ? null : templateOf(request.fallback);
  if (fallback !== null && serviceWindow(member.provider) === null) return refuse(needlessFallback);
  // The account that the session belongs to decides: its templates are its own.
  const isListed = world.templatesListed(facts.tenant, member.account);
  for (const [field, said] of [["template", template] as const, ["fallback", fallback] as const]) {
    const obstacle = said && templateObstacle(said, knownAt(member, said), isListed);
    if (obstacle !== null) return refuse({ ...obstacle, field: obstacle.field.replace("template", field) });
  }
  // What the provider approved it as counts, not what the caller calls it.
  const approvedAs = (said: TemplateContent | null) => said && knownAt(member, said)?.category;
  const category = approvedAs(template) ?? request.category ?? null;
  if (lane === "otp" && (category === "marketing" || approvedAs(fallback) === "marketing"))
    return refuse(marketingOnOtp);
  const optedOut = world.optedOut(facts.tenant, recipient);
  if (isUnwanted(optedOut, category)) return refuse(unwanted(request, optedOut));

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
      fallback,
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

export const needlessFallback: Refusal = {
  code: "not_supported",
  field: "fallback",
  problem: "This session's provider has no 24-hour window, and no templates.",
  remedy: "Leave fallback out, or use a session of the Cloud API.",
};

function unwanted({ to }: Pick<MessageRequest, "to">, optedOut: OptedOut | null): Refusal {
  return {
    code: "recipient_opted_out",
    field: typeof to === "string" ? "to" : "to.value",
    problem: optedOut === "all" ? "They want no messages from you." : "They want no marketing from you.",
    remedy:
      "Send nothing of the kind until they opt in again; GET /v1/contacts/{recipient}/consent says what they said.",
  };
}

const tooFarAhead: Refusal = {
  code: "invalid_body",
  field: "send_at",
  problem: "send_at is more than 30 days ahead.",
  remedy: "Schedule it within 30 days.",
};

function refuse(refusal: Refusal): Decision {
  return { kind: "refused", refusal };
}
