/** What would become of a campaign if it began now: counted recipient by recipient, and added up. Pure. */
import type { OutboundMessage, SessionState } from "@wamesh/events";
import type { MemberDecision } from "./decide-member.ts";

export type PreflightProblem = { code: string; problem: string };

export type SessionLoad = {
  session_id: string;
  name: string | null;
  status: string;
  messages: number;
  rate_per_s: number | null;
  seconds: number | null;
};

export type SkippedLine = { line: number; reason: string; problem: string };

export type Preflight = {
  recipients: number;
  will_send: number;
  /** False: a sample of the list was looked at, and the counts are multiplied. */
  exact: boolean;
  skipped: { reason: string; count: number }[];
  lines: SkippedLine[];
  problems: PreflightProblem[];
  sessions: SessionLoad[];
  eta_s: number | null;
  limits: { kind: string; of: number; left: number }[];
};

/** So many are named by line. */
const maxLines = 100;
/** What is wrong with every one of them is wrong with the campaign. */
const ofAll: ReadonlySet<string> = new Set([
  "unknown_session",
  "no_session",
  "not_supported",
  "lane_refused",
  "template_unknown",
  "template_not_approved",
]);

export type Tally = ReturnType<typeof createTally>;

export function createTally() {
  const skips = new Map<string, number>();
  const sessions = new Map<string, number>();
  const refusals = new Map<string, { count: number; problem: string }>();
  const lines: SkippedLine[] = [];
  let looked = 0;

  function skip(line: number, reason: string, problem: string): void {
    skips.set(reason, (skips.get(reason) ?? 0) + 1);
    if (lines.length < maxLines) lines.push({ line, reason, problem });
  }

  return {
    /** `isOutside`: whether it would end because its person's window is closed. */
    add(line: number, decided: MemberDecision, isOutside: (message: OutboundMessage) => boolean): void {
      looked++;
      if (decided.kind === "skipped") {
        skip(line, decided.reason, decided.problem);
        const code = decided.refusal?.code;
        if (code !== undefined)
          refusals.set(code, { count: (refusals.get(code)?.count ?? 0) + 1, problem: decided.problem });
      } else if (isOutside(decided.message))
        skip(line, "outside_window", "They have not written within 24 hours.");
      else sessions.set(decided.message.session, (sessions.get(decided.message.session) ?? 0) + 1);
    },
    counts: () => ({ looked, skips, sessions, refusals, lines }),
  };
}

export type PreflightFacts = {
  audience: { rows: number; recipients: number; invalid: number; duplicates: number };
  ratePerS: number | null;
  ttlS: number;
  session(id: string): Pick<SessionState, "name" | "status" | "rate_per_s"> | undefined;
  /** What the plan allows in a day, and how many have left in this one; null: no cap. */
  perDay: { of: number; used: number } | null;
  /** Found before any recipient was looked at. */
  problems: readonly PreflightProblem[];
};

export function preflightOf(tally: Tally, facts: PreflightFacts): Preflight {
  const { looked, skips, sessions, refusals, lines } = tally.counts();
  const { rows, recipients, invalid, duplicates } = facts.audience;
  const factor = looked === 0 ? 0 : recipients / looked;
  const scaled = (count: number) => Math.round(count * factor);
  const skipped = [
    { reason: "invalid", count: invalid },
    { reason: "duplicate", count: duplicates },
  ];
  for (const [reason, count] of skips) {
    const known = skipped.find((one) => one.reason === reason);
    if (known === undefined) skipped.push({ reason, count: scaled(count) });
    else known.count += scaled(count);
  }
  const loads = [...sessions]
    .map(([id, count]) => loadOf(id, scaled(count), facts))
    .sort((a, b) => b.messages - a.messages || (a.session_id < b.session_id ? -1 : 1));
  const willSend = loads.reduce((sum, { messages }) => sum + messages, 0);
  const etaS = etaOf(loads, willSend, facts.ratePerS);
  const problems = [...facts.problems];
  for (const [code, { count, problem }] of refusals)
    if (count === looked && ofAll.has(code)) problems.push({ code, problem });
  if (problems.length === 0 && willSend === 0)
    problems.push({ code: "nobody_left", problem: "Nobody of the list would get a message." });
  if (etaS !== null && etaS > facts.ttlS)
    problems.push({
      code: "ttl_too_short",
      problem: `At this pace it takes ${etaS} s, and its messages live ${facts.ttlS} s. Give it a longer ttl_s, or more sessions.`,
    });
  return {
    recipients: rows,
    will_send: willSend,
    exact: looked === recipients,
    skipped: skipped.filter(({ count }) => count > 0),
    lines,
    problems,
    sessions: loads,
    eta_s: etaS,
    limits: facts.perDay === null ? [] : [dayLimit(facts.perDay)],
  };
}

function dayLimit({ of, used }: { of: number; used: number }) {
  return { kind: "plan_per_day", of, left: Math.max(0, of - used) };
}

function loadOf(id: string, messages: number, facts: PreflightFacts): SessionLoad {
  const session = facts.session(id);
  const rate = session?.rate_per_s ?? null;
  return {
    session_id: id,
    name: session?.name ?? null,
    status: session?.status ?? "UNKNOWN",
    messages,
    rate_per_s: rate,
    seconds: rate === null || rate <= 0 ? null : Math.ceil(messages / rate),
  };
}

/** The slowest session, or the campaign's own pace. Null where a pace is not known. */
function etaOf(loads: readonly SessionLoad[], willSend: number, ratePerS: number | null): number | null {
  if (loads.some(({ seconds }) => seconds === null)) return null;
  const slowest = Math.max(0, ...loads.map(({ seconds }) => seconds!));
  return Math.max(slowest, ratePerS === null ? 0 : Math.ceil(willSend / ratePerS));
}
