/** What waits, per tenant and shard, at most once a second and only when it changed. */
import { type Codec, compactedKey, type DispatchState, eventHeaders, topics } from "@wamesh/events";
import type { Producer } from "@wamesh/kafka";
import type { Held, Pacer } from "@wamesh/pacer";
import type { Log } from "@wamesh/service";
import { readStream, type Stream } from "./streams.ts";

type Snapshot = ReturnType<Pacer["snapshot"]>;

/** So many lines of each kind at most, those with most waiting: a record has to fit into a batch. */
const linesMost = 500;

/** One record per (tenant, shard) with anything waiting, in flight or in doubt. Pure; `now` in epoch ms. */
export function statesOf(snapshot: Snapshot, now: number): DispatchState[] {
  const members = Map.groupBy(
    snapshot.members.filter(({ queued }) => waiting(queued) > 0),
    keyOf,
  );
  const held = Map.groupBy(snapshot.held, keyOf);
  return snapshot.perTenant.map(({ tenant, shard, queued, oldestMs, inFlight, inDoubt }) => {
    const ages = Object.values(oldestMs).filter((age) => age !== null);
    const key = keyOf({ tenant, shard });
    return {
      tenant,
      shard,
      queued,
      oldest_at: ages.length === 0 ? null : now - Math.max(...ages),
      in_flight: inFlight,
      in_doubt: inDoubt,
      sessions: (members.get(key) ?? [])
        .map((member) => ({
          session: member.id,
          configured_per_s: member.configuredRatePerS,
          effective_per_s: member.effectiveRatePerS,
          held_reason: member.heldReason,
          queued: waiting(member.queued),
        }))
        .sort((a, b) => b.queued - a.queued)
        .slice(0, linesMost),
      held: (held.get(key) ?? [])
        .map(heldLine)
        .sort((a, b) => b.messages - a.messages)
        .slice(0, linesMost),
      recorded_at: now,
    };
  });
}

function heldLine({ member, stream, reason, messages, until }: Held): DispatchState["held"][number] {
  const { campaign, template } = stream === null ? noStream : readStream(stream);
  return {
    session: member,
    campaign,
    template: template === null ? null : `${template.name}:${template.language}`,
    reason,
    messages,
    until: until === null ? null : Math.round(until / estimateMs) * estimateMs,
  };
}

function keyOf({ tenant, shard }: { tenant: string; shard: number }): string {
  return `${shard} ${tenant}`;
}

const noStream: Stream = { campaign: null, template: null };
/** Estimates to the second: one that moves by less is no news. */
const estimateMs = 1_000;

function waiting(queued: DispatchState["queued"]): number {
  return queued.otp + queued.standard + queued.bulk;
}

/**
 * How long to rest after a look that took so long: a hundredth of the thread's time goes into looking, so that ten thousand
 * sessions that wait don't slow down the very sending they wait for. At most once a second, at least every five.
 */
export function restMs(tookMs: number): number {
  return Math.min(5_000, Math.max(1_000, 100 * tookMs));
}

export function reportState(deps: {
  pacer: Pick<Pacer, "snapshot">;
  producer: Pick<Producer, "send">;
  codec: Codec;
  log: Log;
}) {
  let said = new Map<string, string>();
  let last: Pick<Snapshot, "inDoubt" | "storeTrouble"> = { inDoubt: 0, storeTrouble: null };
  let timer = setTimeout(look, restMs(0));
  timer.unref();

  function look(): void {
    const begun = performance.now();
    tellNews();
    timer = setTimeout(look, restMs(performance.now() - begun));
    timer.unref();
  }

  function tellNews(): void {
    const now = Date.now();
    const current = new Map<string, DispatchState>();
    const snapshot = deps.pacer.snapshot();
    last = snapshot;
    for (const state of statesOf(snapshot, now))
      current.set(compactedKey(state.tenant, "dispatch", String(state.shard)), state);
    // What has emptied since is said once more, as empty.
    for (const key of said.keys()) {
      if (current.has(key)) continue;
      const [tenant = "", , shard = "0"] = key.split("|");
      current.set(key, emptyState(tenant, Number(shard), now));
    }
    const news = [...current].filter(([key, state]) => said.get(key) !== withoutTime(state));
    if (news.length === 0) return;
    deps.producer
      .send(
        news.map(([key, state]) => ({
          topic: topics.dispatchState.name,
          partition: state.shard,
          key,
          value: deps.codec.encode(topics.dispatchState, state),
          headers: eventHeaders({
            id: `${key}/${now}`,
            type: "wamesh.dispatch.state",
            source: "/wamesh/dispatcher",
            timeMs: now,
            tenant: state.tenant,
          }),
        })),
      )
      .catch((err: unknown) => deps.log.warn({ err }, "dispatch state not published"));
    said = new Map(
      [...current].filter(([, state]) => !isEmpty(state)).map(([key, state]) => [key, withoutTime(state)]),
    );
  }
  return {
    stop: () => clearTimeout(timer),
    /** At the last look. */
    inDoubt: () => last.inDoubt,
    storeTrouble: () => last.storeTrouble,
  };
}

function emptyState(tenant: string, shard: number, now: number): DispatchState {
  return {
    tenant,
    shard,
    queued: { otp: 0, standard: 0, bulk: 0 },
    oldest_at: null,
    in_flight: 0,
    in_doubt: 0,
    sessions: [],
    held: [],
    recorded_at: now,
  };
}

function isEmpty(state: DispatchState): boolean {
  return state.in_flight + state.in_doubt + waiting(state.queued) === 0;
}

function withoutTime(state: DispatchState): string {
  return JSON.stringify({ ...state, recorded_at: 0 });
}
