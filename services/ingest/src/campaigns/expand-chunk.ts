/**
 * The next recipients of a campaign become messages: read, decided, produced, and only then counted. A process that dies
 * in between leaves the position where it was; whoever goes on makes the same messages once more, under the same ids, and the
 * dispatcher knows them. So nobody is skipped, and nobody gets two.
 */
import type { OutboundMessage } from "@wamesh/events";
import type { Producer } from "@wamesh/kafka";
import { type Sql, withTenants } from "@wamesh/store";
import { readMembers } from "../audiences/audience-store.ts";
import type { Member } from "../audiences/member.ts";
import type { LastSessions } from "../contacts/last-sessions.ts";
import { countIntake } from "../count-intake.ts";
import type { World } from "../decide.ts";
import { wroteTo } from "../door.ts";
import type { QueueQuota } from "../limits/queue-quota.ts";
import type { RecipientKind } from "../recipient.ts";
import type { Records } from "../records.ts";
import {
  addSkips,
  type Campaign,
  findCampaign,
  lockCampaign,
  markRetried,
  retryableOf,
  type Skip,
} from "./campaign-store.ts";
import { decideMember, messageIdOf } from "./decide-member.ts";
import { moved, save } from "./move-campaign.ts";

export type ExpandDeps = {
  sql: Sql;
  world: World;
  records: Pick<Records, "outbound" | "campaign">;
  producer: Pick<Producer, "send">;
  lastSessions: LastSessions;
  quota: Pick<QueueQuota, "room" | "enter">;
  tokenKey: string;
  now: () => number;
};

/** Produced together: large enough that a send costs little per message, small enough that the API beside it keeps its turn. */
export const chunkSize = 500;
/** So many are kept by line; the rest is counted. */
const maxSkips = 1_000;

/** `more`: recipients are left, and it may go on at once; no room in the tenant's queue: it waits where it is. */
export async function expandChunk(
  deps: ExpandDeps,
  tenant: string,
  id: string,
): Promise<{ more: boolean; made: number }> {
  const size = Math.min(chunkSize, deps.quota.room(tenant, "bulk"));
  if (size === 0) return { more: false, made: 0 };
  const read = await withTenants(deps.sql, [tenant], async (tx) => {
    const row = await findCampaign(tx, tenant, id);
    if (row?.state !== "expanding") return null;
    const members = await readMembers(tx, row, row.position, size);
    return { row, members, retries: row.run === 1 ? null : await retriesOf(tx, row, members) };
  });
  if (read === null) return { more: false, made: 0 };
  const { row, members, retries } = read;
  const wanted = retries === null ? members : members.filter(({ person }) => retries.has(person));
  const { messages, skips } = await decideAll(deps, row, wanted, retries);
  if (messages.length > 0)
    await deps.producer.send(messages.map((message) => deps.records.outbound(message)));
  countIntake(messages, "campaign");
  deps.quota.enter(
    tenant,
    messages.map(() => "bulk"),
  );

  const last = members.at(-1)?.line ?? row.position;
  const isLast = members.length < size;
  return withTenants(deps.sql, [tenant], async (tx) => {
    const now = await lockCampaign(tx, tenant, id);
    // Somebody else has counted this chunk, and made the same messages as we have.
    if (now === undefined || now.run !== row.run || now.position !== row.position)
      return { more: now?.state === "expanding", made: 0 };
    if (retries !== null)
      now.retried += await markRetried(
        tx,
        id,
        messages.map((message) => message.retry_of!),
      );
    const kept = Math.max(0, maxSkips - sumOf(now.skips));
    await addSkips(tx, now, skips.slice(0, kept));
    const counted: Campaign = {
      ...now,
      position: last,
      expanded: now.expanded + messages.length,
      skips: withSkips(now.skips, skips),
    };
    // Paused or cancelled meanwhile: what was made is counted all the same.
    const done = isLast ? finished(counted, deps.now()) : counted;
    const saved = await save(tx, deps, now, done);
    return { more: saved.state === "expanding" && !isLast, made: messages.length };
  });
}

/** All its messages may have ended before they were counted. */
function finished(row: Campaign, nowMs: number): Campaign {
  return moved(moved(row, { kind: "expanded" }, nowMs).row, { kind: "progress" }, nowMs).row;
}

/** Person to the message of an earlier run that failed. */
async function retriesOf(
  tx: Parameters<typeof retryableOf>[0],
  row: Campaign,
  members: readonly Member[],
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const { person } of members)
    for (let run = 1; run < row.run; run++) ids.set(messageIdOf(row.id, run, person), person);
  const failed = await retryableOf(tx, row.id, [...ids.keys()]);
  return new Map([...ids].filter(([id]) => failed.has(id)).map(([id, person]) => [person, id]));
}

async function decideAll(
  deps: ExpandDeps,
  row: Campaign,
  members: readonly Member[],
  retries: ReadonlyMap<string, string> | null,
): Promise<{ messages: OutboundMessage[]; skips: Skip[] }> {
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
  const messages: OutboundMessage[] = [];
  const skips: Skip[] = [];
  for (const member of members) {
    const decided = decideMember(making, member, retries?.get(member.person) ?? null, deps.world);
    if (decided.kind === "made") messages.push(decided.message);
    else skips.push({ line: member.line, reason: decided.reason, problem: decided.problem });
  }
  return { messages, skips };
}

function withSkips(counts: Readonly<Record<string, number>>, skips: readonly Skip[]): Record<string, number> {
  const sum = { ...counts };
  for (const { reason } of skips) sum[reason] = (sum[reason] ?? 0) + 1;
  return sum;
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
