/** Why what waits has not left, and until when at the earliest: per member and stream, the strongest reason alone. */
import { toDbTime } from "../core/clock.ts";
import { mayWriteAt } from "../core/limit.ts";
import type { Window } from "../core/window.ts";
import { dbNow } from "./ask.ts";
import { spentOf } from "./limits.ts";
import { effectiveRate } from "./members.ts";
import type { MemberState, World } from "./state.ts";

export type Held = {
  tenant: string;
  shard: number;
  member: string;
  /** Null: of no stream. */
  stream: string | null;
  /** The user's own (of member or stream), or session_unknown, session_deleted, held, paused, plan_minute_limit, plan_day_limit,
   * account_limit, pace. */
  reason: string;
  messages: number;
  /** By the database's clock: when the first may leave; with `pace`, when the last will have left. Null: nobody knows. */
  until: number | null;
};

/** Below this nobody asks why. */
const leastMs = 1_000;

export function heldOf(world: World, member: MemberState): Held[] {
  const windows = Object.values(member.windows)
    .flat()
    .filter(({ backlog }) => backlog > 0);
  if (windows.length === 0) return [];
  const ofMember = memberReason(world, member) ?? limitReason(world, member);
  const held = new Map<string, Held>();
  for (const window of windows) {
    const why = ofMember ?? streamReason(window) ?? paceReason(world, member, windows);
    if (why === null) continue;
    const key = `${window.stream} ${why.reason}`;
    const known = held.get(key);
    if (known !== undefined) known.messages += window.backlog;
    else
      held.set(key, {
        ...why,
        tenant: window.tenant,
        shard: member.shard.id,
        member: member.id,
        stream: window.stream === "" ? null : window.stream,
        messages: window.backlog,
      });
  }
  return [...held.values()];
}

type Why = Pick<Held, "reason" | "until"> | null;

/** Why nothing of the member leaves. */
export function memberReason(world: World, { info, pausedUntil }: MemberState): Why {
  if (info === undefined) return { reason: "session_unknown", until: null };
  if (info.state !== "open")
    return { reason: info.heldReason ?? (info.state === "gone" ? "session_deleted" : "held"), until: null };
  if (pausedUntil > world.now) return { reason: "paused", until: toTime(world, pausedUntil) };
  return null;
}

function limitReason(world: World, member: MemberState): Why {
  let why: Why = null;
  for (const limit of member.info?.limits ?? []) {
    const spent = spentOf(world, member.shard, limit);
    const at = { ahead: 0, dbNow: dbNow(world), offsetMs: world.clock?.offsetMs ?? 0 };
    const byMinute = mayWriteAt({ ...limit, perDay: null }, spent, at);
    const byDay = mayWriteAt({ ...limit, perMinute: null }, spent, at);
    const until = Math.max(byMinute, byDay);
    if (until < world.now + leastMs) continue;
    const reason =
      limit.scope === "account" ? "account_limit" : byDay > byMinute ? "plan_day_limit" : "plan_minute_limit";
    const time = toTime(world, until);
    if (why === null || (time ?? 0) > (why.until ?? 0)) why = { reason, until: time };
  }
  return why;
}

function streamReason({ hold }: Window): Why {
  return hold === null ? null : { reason: hold.reason, until: null };
}

function paceReason(world: World, member: MemberState, windows: readonly Window[]): Why {
  const rate = effectiveRate(world, member);
  const waiting = windows.reduce((sum, { backlog, hold }) => sum + (hold === null ? backlog : 0), 0);
  const waitMs = (waiting * 1_000) / Math.max(rate, 1e-6);
  return waitMs < leastMs ? null : { reason: "pace", until: toTime(world, world.now + waitMs) };
}

function toTime(world: World, at: number): number | null {
  return world.clock === null || !Number.isFinite(at) ? null : toDbTime(world.clock, at);
}
