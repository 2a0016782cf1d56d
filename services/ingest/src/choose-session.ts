/**
 * Which number a message leaves from. Pure: what this person wrote to lately, else the same number for the same tenant,
 * recipient and members.
 */
import { type Content, murmur2, type Recipient, type SessionState } from "@wamesh/events";
import { capabilities } from "./capabilities.ts";
import type { Refusal } from "./refusal.ts";

export type Member = Pick<
  SessionState,
  "tenant" | "session" | "account" | "provider" | "status" | "otp_only"
>;

/** What the choice reads; packages/directory has it. */
export type Sessions = {
  session(id: string): Member | undefined;
  sessionsInPool(tenant: string, pool: string): readonly Member[];
};

export type Wanted = {
  tenant: string;
  recipient: Recipient;
  content: Content;
  lane: "otp" | "standard" | "bulk";
  /** Named by the caller; else the pool decides. */
  sessionId: string | undefined;
  pool: string;
  /** Sessions that this person wrote to lately, the latest first. */
  wroteTo?: readonly string[];
};

export type Choice = { kind: "chosen"; member: Member } | { kind: "refused"; refusal: Refusal };

export function chooseSession(wanted: Wanted, sessions: Sessions): Choice {
  return wanted.sessionId === undefined
    ? choosePooled(wanted, sessions)
    : chooseNamed(wanted, wanted.sessionId, sessions);
}

export const unknownSession: Refusal = {
  code: "unknown_session",
  field: "session_id",
  problem: "You have no session with this id.",
  remedy: "List yours with GET /v1/sessions.",
};

function chooseNamed(wanted: Wanted, id: string, sessions: Sessions): Choice {
  const member = sessions.session(id);
  // Another tenant's session gets the same answer as none: an id must not tell whether it exists.
  if (member === undefined || member.tenant !== wanted.tenant || member.status === "deleted")
    return refuse({
      ...unknownSession,
      remedy: "List yours with GET /v1/sessions, or leave session_id out.",
    });
  const obstacle = cannotCarry(member, wanted) ?? (mayUse(member, wanted) ? null : reserved("session_id"));
  return obstacle === null ? { kind: "chosen", member } : refuse(obstacle);
}

/**
 * The number that this person wrote to last: there the conversation is, and the window open. Else a rendezvous hash over
 * the pool's members, connected or not: a conversation keeps its number through an outage, and a member that joins or
 * leaves moves only the conversations it wins or had.
 */
function choosePooled(wanted: Wanted, sessions: Sessions): Choice {
  let best: { member: Member; score: number } | undefined;
  let obstacle: Refusal | null = null;
  const person = hash(`${wanted.recipient.kind}:${wanted.recipient.value}`);
  const able = sessions.sessionsInPool(wanted.tenant, wanted.pool).filter((member) => {
    if (member.status === "deleted") return false;
    const cannot = cannotCarry(member, wanted) ?? (mayUse(member, wanted) ? null : reserved("pool"));
    obstacle ??= cannot;
    return cannot === null;
  });
  // Where a session is reserved for one-time passwords, they go nowhere else.
  const forOtp = wanted.lane === "otp" ? able.filter((member) => member.otp_only) : [];
  const candidates = forOtp.length > 0 ? forOtp : able;
  for (const id of wanted.wroteTo ?? []) {
    const member = candidates.find((one) => one.session === id);
    if (member !== undefined) return { kind: "chosen", member };
  }
  for (const member of candidates) {
    const score = mix(hash(member.session) ^ person);
    // Equal scores happen once in 2^32; the id then decides, not the order of the list.
    if (
      best === undefined ||
      score > best.score ||
      (score === best.score && member.session > best.member.session)
    )
      best = { member, score };
  }
  if (best !== undefined) return { kind: "chosen", member: best.member };
  return refuse(
    obstacle ?? {
      code: "no_session",
      field: "pool",
      problem: "The pool has no session.",
      remedy: "Create a session in this pool, or name another pool or a session_id.",
    },
  );
}

function mayUse(member: Pick<Member, "otp_only">, { lane }: Pick<Wanted, "lane">): boolean {
  return !member.otp_only || lane === "otp";
}

function reserved(field: "session_id" | "pool"): Refusal {
  return {
    code: "lane_refused",
    field,
    problem: "Its session is reserved for one-time passwords.",
    remedy: "Send it in lane otp, or through another session.",
  };
}

/** Null when the member's provider can carry it. */
function cannotCarry(
  member: Pick<Member, "provider">,
  wanted: { content: Content; recipient: Pick<Recipient, "kind"> },
): Refusal | null {
  if (member.provider === "UNKNOWN")
    return unsupported("session_id", "This session's provider is not known here.");
  const provider = capabilities[member.provider];
  const { kind } = wanted.content;
  if (kind === "UNKNOWN" || !provider.content[kind])
    return unsupported(kind, `${provider.name} carries no ${kind} messages.`);
  if (wanted.recipient.kind === "UNKNOWN" || !provider.recipient[wanted.recipient.kind])
    return unsupported("to.kind", `${provider.name} reaches no recipients of this kind.`);
  const lack = provider.lacks(wanted.content);
  return lack === null ? null : unsupported(lack.field, lack.problem);
}

function unsupported(field: string, problem: string): Refusal {
  const remedy = "Use a session of another provider, or send what this one carries.";
  return { code: "not_supported", field, problem, remedy };
}

function refuse(refusal: Refusal): Choice {
  return { kind: "refused", refusal };
}

const utf8 = new TextEncoder();

function hash(text: string): number {
  return murmur2(utf8.encode(text));
}

/** MurmurHash3's 32-bit finaliser: without it, members whose hashes share high bits would share their people. */
function mix(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
