/** The schedule in numbers. What each means: docs/metrics.md. */
import { counter, createStillness, histogram, observe } from "@wamesh/metrics";
import type { MemberSnapshot, Snapshot } from "@wamesh/pacer";
import { fairness } from "./fairness.ts";
import { sessionFigures } from "./session-figures.ts";

export function observeWindows(windows: { open(): number; currentMs(): number }): void {
  observe((say) => {
    say("dispatch_windows", windows.open());
    const ageMs = windows.currentMs();
    if (Number.isFinite(ageMs)) say("dispatch_windows_age_seconds", ageMs / 1000);
  });
}

export function observeSchedule(deps: {
  pacer: { snapshot(): Snapshot };
  consumer: { lag(): number };
  providerOf: (session: string) => string | undefined;
}): void {
  const outboxAge = createStillness();
  let last: { at: number; snapshot: Pick<Snapshot, "perTenant" | "members"> } | null = null;
  observe((say) => {
    const now = deps.pacer.snapshot();
    const at = performance.now();
    const even = last === null ? null : fairness(last.snapshot, now, (at - last.at) / 1000);
    last = { at, snapshot: now };
    if (even !== null) say("dispatch_fairness_jain", even);
    for (const lane of ["otp", "standard", "bulk"] as const) {
      say("dispatch_queued", now.queued[lane], { lane });
      say("dispatch_oldest_seconds", (now.oldestMs[lane] ?? 0) / 1000, { lane });
    }
    for (const [reason, held] of Map.groupBy(now.held, (one) => one.reason))
      say(
        "dispatch_held",
        held.reduce((sum, { messages }) => sum + messages, 0),
        { reason },
      );
    say("dispatch_in_flight", now.inFlight);
    say("dispatch_in_doubt", now.inDoubt);
    say("dispatch_sent_total", now.sentTotal);
    say("dispatch_admission_lag", deps.consumer.lag());
    say("dispatch_shards", now.owned);
    say("dispatch_store_failing_seconds", (now.storeTrouble?.forMs ?? 0) / 1000);
    const { rows, published } = now.outbox;
    say("outbox_rows", rows, { outbox: "dispatch" });
    say("outbox_oldest_seconds", outboxAge({ rows, head: published, nowMs: at }), { outbox: "dispatch" });
    const providerOf = ({ id }: MemberSnapshot) => deps.providerOf(id) ?? "unknown";
    for (const { provider, configuredPerS, effectivePerS, states } of sessionFigures(
      now.members,
      providerOf,
    )) {
      say("dispatch_rate_configured_per_second", configuredPerS, { provider });
      say("dispatch_rate_effective_per_second", effectivePerS, { provider });
      for (const [state, sessions] of Object.entries(states))
        say("dispatch_sessions", sessions, { provider, state });
    }
  });
}

export type ShardMeasures = ReturnType<typeof measureShards>;

/** Shards that come and go, and how long that takes. */
export function measureShards() {
  const changes = counter("dispatch_shard_changes_total");
  const handOver = histogram("dispatch_hand_over_seconds");
  const takeOver = histogram("dispatch_take_over_seconds");
  const wantedAt = new Map<number, number>();
  return {
    /** Assigned to this process. */
    wanted: (shard: number) => void wantedAt.set(shard, performance.now()),
    /** Its lease is free again, so long after it was to be given back. */
    left: (durationMs: number) => handOver.observe(durationMs / 1000),
    /** What the schedule says of itself. */
    logged(fields: { event?: unknown; shard?: unknown; why?: unknown }): void {
      if (fields.event === "shard_lost") changes.add(1, { change: String(fields.why) });
      if (fields.event !== "shard_acquired") return;
      changes.add(1, { change: "acquired" });
      const since = wantedAt.get(Number(fields.shard));
      if (since === undefined) return;
      wantedAt.delete(Number(fields.shard));
      takeOver.observe((performance.now() - since) / 1000);
    },
  };
}

export function measureDwell(): (lane: string, ms: number) => void {
  const dwell = histogram("dispatch_dwell_seconds");
  return (lane, ms) => dwell.observe(ms / 1000, { lane });
}

/** How a call of a provider ended, and how long it took. */
export function measureSends(): (
  provider: string,
  ended: { outcome: string; faultClass: string; durationMs: number },
) => void {
  const sends = counter("dispatch_sends_total");
  const durations = histogram("dispatch_send_duration_seconds");
  return (provider, { outcome, faultClass, durationMs }) => {
    sends.add(1, { provider, outcome, fault_class: faultClass });
    durations.observe(durationMs / 1000, { provider });
  };
}

export function countUploads(): (ended: string) => void {
  const uploads = counter("dispatch_uploads_total");
  return (ended) => uploads.add(1, { ended });
}

export function countReadMarks(): (ended: string) => void {
  const marks = counter("dispatch_read_marks_total");
  return (ended) => marks.add(1, { ended });
}

export function countLookUps(): (call: "info" | "log", found: string) => void {
  const lookUps = counter("dispatch_look_ups_total");
  return (call, found) => lookUps.add(1, { call, found });
}
