/**
 * All streams of this process: one look at the database every half second for all of them together, and none while nobody
 * listens. What is seen twice is sent twice, which is harmless: frames tell states, not steps.
 */
import type { Sql } from "@wamesh/store";
import { keptMs, readChanges, readPosition, readSince } from "./changes.ts";
import type { CounterReads } from "./counter-reads.ts";
import type { Change } from "./kinds.ts";
import {
  campaignFrame,
  countersFrame,
  type EventName,
  type Frame,
  heartbeatText,
  helloText,
  messageFrame,
  type News,
  partText,
  sessionFrame,
} from "./news.ts";
import { createOutlet, type Outlet } from "./outlet.ts";
import { eventIdOf, eventIdOfSince, isStillNoted, type Position, type Since } from "./position.ts";
import { readStates, type Wanted } from "./states.ts";

export type Hub = {
  /** Null when there are too many already. */
  open(asked: Asked): ReadableStream<Uint8Array> | null;
  /** Streams that are open. */
  count(): number;
  /** Closes all, and waits for the last look. */
  stop(): Promise<void>;
};

export type Asked = {
  tenant: string;
  events: ReadonlySet<EventName>;
  /** Where it left off. "lost": it did somewhere, nobody knows where. */
  since: Since | "lost" | null;
  /** Asked every second; once it says no, the stream ends. */
  isAllowed: () => boolean;
};

export type HubMetrics = { ticked(facts: { durationMs: number; frames: number }): void; reset(): void };

type Member = Asked & { outlet: Outlet };

const tickMs = 500;
const joinMs = 50;
const checkMs = 1_000;
const heartbeatMs = 15_000;
const retryMs = 1_000;
/** More than these of one tenant in a tick are no live picture: it is told to fetch anew. */
const maxPerTick = 10_000;

export function createHub(deps: {
  sql: Sql;
  counters: CounterReads;
  limits: { perTenant: number; all: number };
  metrics: HubMetrics;
  onError: (error: unknown) => void;
}): Hub {
  const { sql, counters, limits, metrics } = deps;
  const members = new Map<string, Set<Member>>();
  const joining = new Set<Member>();
  let size = 0;
  let position: Position | null = null;
  let running = false;
  let stopped = false;
  let wake = () => {};
  let ended = () => {};
  let checkedMs = 0;
  let beatMs = 0;

  function leave(member: Member): void {
    const ofTenant = members.get(member.tenant);
    if (ofTenant?.delete(member) !== true) return;
    size--;
    joining.delete(member);
    if (ofTenant.size === 0) {
      members.delete(member.tenant);
      counters.forget(member.tenant);
    }
  }

  async function run(): Promise<void> {
    running = true;
    while (size > 0) {
      const startedMs = performance.now();
      let pauseMs = tickMs;
      try {
        const frames = await tick();
        metrics.ticked({ durationMs: performance.now() - startedMs, frames });
      } catch (error) {
        // The streams stay open and go on where they were.
        pauseMs = retryMs;
        deps.onError(error);
      }
      checkKeys();
      // Who came meanwhile waits for a few others at most.
      const restMs = (joining.size > 0 ? joinMs : pauseMs) - (performance.now() - startedMs);
      if (size > 0 && restMs > 0) await pause(restMs);
    }
    position = null;
    running = false;
    ended();
  }

  /** Ends early when somebody opens a stream: they need not wait for their first word. */
  async function pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wake = () => {};
  }

  async function tick(): Promise<number> {
    position ??= await readPosition(sql);
    // Who joins from here on waits for the next tick: its tenant may not be among those asked for.
    const [joined, tenants] = [[...joining], [...members.keys()]];
    const resumed = await resumeOf(joined, position);
    const { changes, position: next } = await readChanges(sql, position, tenants);
    // Were they kept so long ago that some are forgotten by now, nobody could know which.
    const isGap = next.atMs - position.atMs > keptMs * 0.9;
    const { wanted, flooded } = wantedOf([...changes, ...resumed.changes]);
    const states = await framesOf(wanted);
    await addCounters(states, changes, tenants, joined);
    for (const member of joined) {
      joining.delete(member);
      const since = resumed.whole.get(member);
      const reset = member.since !== null && since === undefined;
      // With where its news begin: a stream that breaks before them goes on from there.
      const eventId = since === undefined ? eventIdOf(position) : eventIdOfSince(since);
      member.outlet.say(helloText(member.tenant, reset, eventId));
    }
    position = next;
    let sent = 0;
    for (const [tenant, ofTenant] of members) {
      if (isGap || flooded.has(tenant)) for (const { outlet } of ofTenant) outlet.reset();
      else
        sent += deliver(ofTenant, { frames: states.get(tenant) ?? new Map(), eventId: eventIdOf(position) });
    }
    beat(position);
    return sent;
  }

  /** What those who left off somewhere missed until now; one query for all of them. Others of the tenant are sent it too: no harm. */
  async function resumeOf(joined: readonly Member[], at: Position) {
    const back = new Map<Member, Since>();
    for (const member of joined) {
      const { since } = member;
      if (since !== null && since !== "lost" && isStillNoted(since, at, keptMs)) back.set(member, since);
    }
    if (back.size === 0) return { whole: back, changes: [] };
    const from = leastByTenant(back);
    const { known, changes } = await readSince(sql, least(from.values()), at, [...from.keys()]);
    const missed = changes.filter(({ tenant, xact }) => xact >= from.get(tenant)!);
    const { flooded } = wantedOf(missed);
    for (const member of back.keys()) if (!known || flooded.has(member.tenant)) back.delete(member);
    return { whole: back, changes: missed.filter(({ tenant }) => !flooded.has(tenant)) };
  }

  async function framesOf(wanted: readonly Wanted[]): Promise<Map<string, Map<string, Frame>>> {
    const frames = new Map<string, Map<string, Frame>>();
    if (wanted.length === 0) return frames;
    const { messages, campaigns, sessions } = await readStates(sql, wanted);
    for (const row of messages) inside(frames, row.tenant).set(...messageFrame(row));
    for (const row of campaigns) inside(frames, row.tenant).set(...campaignFrame(row));
    for (const row of sessions) inside(frames, row.tenant).set(...sessionFrame(row));
    return frames;
  }

  async function addCounters(
    frames: Map<string, Map<string, Frame>>,
    changes: readonly Change[],
    tenants: readonly string[],
    joined: readonly Member[],
  ): Promise<void> {
    const moved = new Set(changes.filter(({ kind }) => kind === "message").map(({ tenant }) => tenant));
    const fresh = new Set(joined.map(({ tenant }) => tenant));
    for (const [tenant, value] of await counters.read({ tenants, moved, fresh }))
      inside(frames, tenant).set(...countersFrame(value));
  }

  function deliver(ofTenant: ReadonlySet<Member>, news: News): number {
    if (news.frames.size === 0) return 0;
    // The same bytes for all who asked for the same events.
    const made = new Map<string, Uint8Array>();
    for (const { outlet, events } of ofTenant) {
      const kind = [...events].join();
      let bytes = made.get(kind);
      if (bytes === undefined) {
        bytes = Buffer.from(partText(news.frames.values(), events, news.eventId));
        made.set(kind, bytes);
      }
      if (bytes.byteLength > 0) outlet.send(news, bytes);
    }
    return news.frames.size;
  }

  function beat(at: Position): void {
    if (performance.now() - beatMs < heartbeatMs) return;
    beatMs = performance.now();
    const text = heartbeatText(eventIdOf(at));
    for (const ofTenant of members.values()) for (const { outlet } of ofTenant) outlet.say(text);
  }

  function checkKeys(): void {
    if (performance.now() - checkedMs < checkMs) return;
    checkedMs = performance.now();
    for (const member of [...members.values()].flatMap((ofTenant) => [...ofTenant]))
      if (!member.isAllowed()) {
        leave(member);
        member.outlet.close();
      }
  }

  return {
    open(asked) {
      const { tenant } = asked;
      if (stopped || size >= limits.all || (members.get(tenant)?.size ?? 0) >= limits.perTenant) return null;
      const outlet = createOutlet({ ...asked, onGone: () => leave(member), onReset: metrics.reset });
      const member: Member = { ...asked, outlet };
      const ofTenant = members.get(tenant) ?? new Set();
      members.set(tenant, ofTenant.add(member));
      joining.add(member);
      size++;
      wake();
      if (!running) void run();
      return outlet.stream;
    },
    count: () => size,
    async stop() {
      stopped = true;
      for (const member of [...members.values()].flatMap((ofTenant) => [...ofTenant])) {
        leave(member);
        member.outlet.close();
      }
      const end = new Promise<void>((resolve) => {
        ended = resolve;
      });
      wake();
      if (running) await end;
    },
  };
}

function inside(frames: Map<string, Map<string, Frame>>, tenant: string): Map<string, Frame> {
  let found = frames.get(tenant);
  if (found === undefined) {
    found = new Map();
    frames.set(tenant, found);
  }
  return found;
}

function leastByTenant(back: ReadonlyMap<Member, Since>): Map<string, bigint> {
  const from = new Map<string, bigint>();
  for (const [{ tenant }, { xact }] of back) from.set(tenant, least([xact, from.get(tenant) ?? xact]));
  return from;
}

function least(values: Iterable<bigint>): bigint {
  return [...values].reduce((a, b) => (b < a ? b : a));
}

/** Each row once; the tenants of which there are too many. */
function wantedOf(changes: readonly Change[]): { wanted: Wanted[]; flooded: Set<string> } {
  const ids = new Map<string, Map<string, Wanted>>();
  for (const { tenant, kind, ids: changed } of changes) {
    const ofTenant = ids.get(tenant) ?? new Map<string, Wanted>();
    ids.set(tenant, ofTenant);
    for (const id of changed) ofTenant.set(`${kind} ${id}`, { tenant, kind, id });
  }
  const flooded = new Set([...ids].filter(([, { size }]) => size > maxPerTick).map(([tenant]) => tenant));
  const wanted = [...ids].flatMap(([tenant, rows]) => (flooded.has(tenant) ? [] : [...rows.values()]));
  return { wanted, flooded };
}
