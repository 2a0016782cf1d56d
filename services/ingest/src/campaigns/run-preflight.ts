/** A dry run over a campaign's list: nothing is written, nothing is produced. */
import {
  needsWindow,
  type OutboundMessage,
  personOf,
  personTokens,
  type SessionState,
  serviceWindow,
} from "@wamesh/events";
import { type Sql, type Tx, withTenants } from "@wamesh/store";
import { type Audience, findAudience, readMembers } from "../audiences/audience-store.ts";
import type { Member } from "../audiences/member.ts";
import type { LastSessions } from "../contacts/last-sessions.ts";
import { lastWrote } from "../contacts/store.ts";
import type { World } from "../decide.ts";
import { wroteTo } from "../door.ts";
import { sentOn } from "../limits/sent-by-day.ts";
import type { RecipientKind } from "../recipient.ts";
import type { Campaign } from "./campaign-store.ts";
import { decideMember, type MemberDecision } from "./decide-member.ts";
import { obstaclesOf } from "./obstacles.ts";
import { createTally, type Preflight, preflightOf } from "./preflight.ts";

export type PreflightDeps = {
  sql: Sql;
  world: World;
  lastSessions: LastSessions;
  tokenKey: string;
  /** Newest first. */
  tokenKeys: readonly string[];
  now: () => number;
  sessionFacts(id: string): Pick<SessionState, "name" | "status" | "rate_per_s"> | undefined;
  /** Messages per day that the tenant's plan allows; null: no cap. */
  perDay(tenant: string): number | null;
};

const chunkSize = 1_000;
/** Of a longer list so many are looked at, in stretches spread over it. */
export const maxLooked = 50_000;
const defaultTtlS = 72 * 3600;

export async function runPreflight(
  deps: PreflightDeps,
  row: Campaign,
  signal: AbortSignal,
): Promise<Preflight> {
  const audience = await withTenants(deps.sql, [row.tenant], (tx) =>
    findAudience(tx, row.tenant, row.audience),
  );
  const problems = obstaclesOf(row.message, audience);
  const tally = createTally();
  if (audience?.state === "ready") {
    for await (const members of stretches(deps.sql, row.tenant, audience)) {
      // Nobody waits for the answer any more.
      signal.throwIfAborted();
      await look(deps, row, members, tally);
    }
  }
  const of = deps.perDay(row.tenant);
  return preflightOf(tally, {
    audience: audience ?? { rows: 0, recipients: 0, invalid: 0, duplicates: 0 },
    ratePerS: row.rate_per_s,
    ttlS: row.message.ttl_s ?? defaultTtlS,
    session: deps.sessionFacts,
    perDay: of === null ? null : { of, used: await sentOn(deps.sql, row.tenant, deps.now()) },
    problems,
  });
}

/** All of a list, or a thousand in each of fifty places of it. */
async function* stretches(sql: Sql, tenant: string, audience: Audience): AsyncGenerator<Member[]> {
  const read = (after: number) =>
    withTenants(sql, [tenant], (tx) =>
      readMembers(tx, { audience: audience.id, upload: audience.upload }, after, chunkSize),
    );
  const step =
    audience.recipients <= maxLooked ? null : Math.floor(audience.rows / Math.floor(maxLooked / chunkSize));
  let after = 0;
  for (;;) {
    const members = await read(after);
    if (members.length > 0) yield members;
    if (members.length < chunkSize) return;
    after = Math.max(members.at(-1)!.line, step === null ? 0 : after + step);
  }
}

async function look(
  deps: PreflightDeps,
  row: Campaign,
  members: readonly Member[],
  tally: ReturnType<typeof createTally>,
): Promise<void> {
  const { session_id, pool } = row.message;
  const asked = members.map(({ kind, recipient }) => ({
    to: { kind: kind as RecipientKind, value: recipient },
    session_id,
    pool,
  }));
  const making = {
    tenant: row.tenant,
    campaign: row.id,
    run: row.run,
    message: row.message,
    externalRef: row.external_ref,
    nowMs: deps.now(),
    tokenKey: deps.tokenKey,
    wroteTo: await wroteTo(deps, row.tenant, asked),
  };
  const decided = members.map((member) => ({
    line: member.line,
    decision: decideMember(making, member, null, deps.world),
  }));
  const isOutside = await closedWindows(
    deps,
    row,
    decided.map(({ decision }) => decision),
  );
  for (const { line, decision } of decided) tally.add(line, decision, isOutside);
}

/** Whom a free-form message would not reach: one query for all of them, none where nothing is free-form. */
async function closedWindows(
  deps: PreflightDeps,
  row: Campaign,
  decisions: readonly MemberDecision[],
): Promise<(message: OutboundMessage) => boolean> {
  const freeForm = decisions.flatMap((one) =>
    one.kind === "made" && needsWindow(one.message) && one.message.fallback === null ? [one.message] : [],
  );
  if (freeForm.length === 0) return () => false;
  const { tenant } = row;
  const tokensOf = ({ recipient }: OutboundMessage) => {
    const person = personOf(recipient);
    return person === null ? [] : personTokens(deps.tokenKeys, tenant, person);
  };
  const pairs = freeForm.flatMap((message) => tokensOf(message).map((person) => ({ tenant, person })));
  const nowMs = deps.now();
  const since = (message: OutboundMessage) => {
    const { openMs, marginMs } = serviceWindow(message.provider)!;
    return nowMs - openMs + marginMs;
  };
  const oldest = Math.min(...freeForm.map(since));
  const wrote = await withTenants(deps.sql, [tenant], (tx: Tx) => lastWrote(tx, pairs, oldest));
  const lastAt = new Map(wrote.map((one) => [`${one.person} ${one.session}`, one.at]));
  const closed = new Set(
    freeForm.filter(
      (message) =>
        !tokensOf(message).some((token) => (lastAt.get(`${token} ${message.session}`) ?? 0) > since(message)),
    ),
  );
  return (message) => closed.has(message);
}
