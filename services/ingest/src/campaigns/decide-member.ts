/** A campaign's decision about one of its recipients: the message that goes into the log, or why they are left out. Pure. */
import { derivedUuid, fingerprint, type OutboundMessage } from "@wamesh/events";
import type { Member } from "../audiences/member.ts";
import type { WroteTo } from "../contacts/last-sessions.ts";
import { textBody, variableText } from "../content-request.ts";
import { type Decision, decide, type World } from "../decide.ts";
import type { MessageRequest } from "../message-request.ts";
import type { Refusal, RefusalCode } from "../refusal.ts";
import type { CampaignMessage } from "./campaign-request.ts";
import { requestFor } from "./member-request.ts";

export type Making = {
  tenant: string;
  campaign: string;
  run: number;
  message: CampaignMessage;
  externalRef: string | null;
  nowMs: number;
  tokenKey: string;
  wroteTo: WroteTo;
};

export const skipReasons = [
  "invalid",
  "duplicate",
  "opted_out",
  "variable_missing",
  "template_mismatch",
  "refused",
] as const;
export type SkipReason = (typeof skipReasons)[number];

export type MemberDecision =
  | { kind: "made"; message: OutboundMessage }
  /** `problem` never holds a value of theirs. `refusal`: of the door, where it was the door that refused. */
  | { kind: "skipped"; reason: SkipReason; problem: string; refusal: Refusal | null };

/** Of a run; the same for every repeat, so that what was made twice collapses in the dispatcher. */
export function messageIdOf(campaign: string, run: number, person: string): string {
  return derivedUuid("campaign", campaign, run, person);
}

/** `retryOf`: the message of an earlier run that this one is made in place of. */
export function decideMember(
  making: Making,
  member: Pick<Member, "kind" | "recipient" | "person" | "locale" | "external_ref" | "variables">,
  retryOf: string | null,
  world: World,
): MemberDecision {
  const { campaign, run } = making;
  const made = requestFor(making, member, member.locale);
  if (made.kind === "variable_missing")
    return skipped("variable_missing", `Column ${made.column} holds nothing.`);
  const tooLong = lengthProblem(made.request);
  if (tooLong !== null) return skipped("template_mismatch", tooLong);
  const facts = {
    tenant: making.tenant,
    messageId: messageIdOf(campaign, run, member.person),
    acceptedAtMs: making.nowMs,
    tokenKey: making.tokenKey,
    origin: null,
    wroteTo: making.wroteTo,
    // Neither the campaign nor its list changes while it runs: who and which run is all that was asked for.
    fingerprint: fingerprint({ campaign, run, person: member.person }),
  };
  let decision: Decision = decide(made.request, "bulk", facts, world);
  if (decision.kind === "refused" && member.locale !== null && hasNone(decision.refusal)) {
    // In their language there is none; then they get what all others get.
    const general = requestFor(making, member);
    if (general.kind === "request") decision = decide(general.request, "bulk", facts, world);
  }
  if (decision.kind === "refused") {
    const { refusal } = decision;
    return { ...skipped(reasonOf(refusal.code), refusal.problem), refusal };
  }
  const message = { ...decision.message, campaign, campaign_run: String(run), retry_of: retryOf };
  return { kind: "made", message };
}

function skipped(reason: SkipReason, problem: string) {
  return { kind: "skipped" as const, reason, problem, refusal: null };
}

function hasNone({ code }: Refusal): boolean {
  return code === "template_unknown" || code === "template_not_approved";
}

function reasonOf(code: RefusalCode): SkipReason {
  switch (code) {
    case "recipient_impossible":
      return "invalid";
    case "recipient_opted_out":
      return "opted_out";
    case "template_mismatch":
      return "template_mismatch";
    default:
      return "refused";
  }
}

/** What the shape of POST /v1/messages checks of values that are given there. */
function lengthProblem({ text, template, fallback }: MessageRequest): string | null {
  if (text !== undefined && !textBody.safeParse(text.body).success)
    return "With their values the text is empty, or longer than 4,096 characters.";
  const given = [template, fallback].flatMap((said) => Object.values(said?.variables ?? {}) as string[]);
  return given.every((value) => variableText.safeParse(value).success)
    ? null
    : "A value is longer than 1,024 characters.";
}
