/** Why what waits has not left, and until when at the earliest: per member and stream, the strongest reason alone. */
import { toDbTime } from "../core/clock.ts";
import { mayWriteAt } from "../core/limit.ts";
import type { Window } from "../core/window.ts";
import { lanes } from "../item.ts";
import { dbNow } from "./ask.ts";
import { spentOf } from "./limits.ts";
import { effectiveRate } from "./members.ts";
import type { MemberState, Shard, World } from "./state.ts";

export type Held = {
  tenant: string;
  shard: number;
  member: string;
  /** Null: of no stream. */
  stream: string | null;
  /** The user's own (of member, stream or its pace), or session_unknown, session_deleted, held, paused, plan_minute_limit, plan_day_limit,
   * account_limit, pace. */
  reason: string;
  messages: number;
  /** By the database's clock: when the first may leave; with `pace`, when the last will have left. Null: nobody knows. */
  until: number | null;
};

/** Below this nobody asks why. */
const leastMs = 1_000;

/** How many wait in each stream with a pace of its own, by its key. */
export function streamBacklogs({ members }: Shard): Map<string, number> {
  const backlogs = new Map<string, number>();
  for (const { windows } of members.values())
    for (const lane of lanes)
      for (const { pace, hold, backlog } of windows[lane])
        if (pace !== null && hold === null) backlogs.set(pace.key, (backlogs.get(pace.key) ?? 0) + backlog);
  return backlogs;
}

export function heldOf(world: World, member: MemberState, backlogs: ReadonlyMap<string, number>): Held[] {
  const windows = Object.values(member.windows)
    .flat()
    .filter(({ backlog }) => backlog > 0);
  if (windows.length === 0) return [];
  const ofMember = memberReason(world, member) ?? limitReason(world, member);
  const held = new Map<string, Held>();
  for (const window of windows) {
    const why = ofMember ?? streamReason(window) ?? paceReason(world, member, windows, window, backlogs);
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

/** Of its member or its stream, whichever takes longer. What a stream's pace keeps does not stand in the way of the others. */
function paceReason(
  world: World,
  member: MemberState,
  windows: readonly Window[],
  { pace }: Window,
  backlogs: ReadonlyMap<string, number>,
): Why {
  const rate = effectiveRate(world, member);
  let waiting = 0;
  for (const other of windows)
    if (other.hold === null && (other.pace === null || pace !== null)) waiting += other.backlog;
  const ofMemberMs = (waiting * 1_000) / Math.max(rate, 1e-6);
  const ofStreamMs = pace === null ? 0 : ((backlogs.get(pace.key) ?? 0) * 1_000) / pace.ratePerS;
  const waitMs = Math.max(ofMemberMs, ofStreamMs);
  if (waitMs < leastMs) return null;
  const reason = pace !== null && ofStreamMs >= ofMemberMs ? pace.reason : "pace";
  return { reason, until: toTime(world, world.now + waitMs) };
}

function toTime(world: World, at: number): number | null {
  return world.clock === null || !Number.isFinite(at) ? null : toDbTime(world.clock, at);
}
