/** What a soak has measured, as series over time, and what each may do. Pure. */
import type { ProcessSample, StoreSample } from "./sample.ts";

export type Point = { minute: number; value: number };

/**
 * `trend`: its least-squares line may not rise by more than `rise` of its mean plus `slack` after the warm-up. `peak`: the highest
 * of the second half may exceed that of the first by no more than that; for what autovacuum lets rise and fall. `shown`: not judged.
 */
export type Rule = { kind: "trend" | "peak"; rise: number; slack: number } | { kind: "shown" };

export type Series = { panel: string; name: string; unit: string; rule: Rule; points: Point[] };

export type Minute = {
  minute: number;
  /** Messages accepted since the one before. */
  messages: number;
  processes: ProcessSample;
  /** By process, right after a collection. */
  heapKeptMb: Record<string, number>;
  store: StoreSample;
  kafkaBytes: number;
};

/** Tables that keep what happened, by design: a row or more for each message. They are judged by their bytes per message. */
const history =
  /^(dispatch\.(done_slot_\d+|done|echo|own_message)|webhooks\.(reference|delivery|attempt|done_slot_\d+|done)|projection\.(message|message_event|webhook_delivery|inbound|inbound_identity|ledger|activity|event_outcome|domain_event|tenant_counter)|ingest\.(dead_letter|campaign_outcome))$/;

export const rules = {
  /** V8 grows its heap in steps, and what is resident follows. */
  rss_mb: { kind: "trend", rise: 0.1, slack: 8 },
  /** Without garbage a small leak shows. */
  heap_kept: { kind: "trend", rise: 0.05, slack: 2 },
  /** Pools of connections, to tenants' endpoints above all, waver by some. */
  descriptors: { kind: "trend", rise: 0.05, slack: 5 },
  threads: { kind: "trend", rise: 0, slack: 2 },
  backends: { kind: "trend", rise: 0, slack: 3 },
  dead_rows: { kind: "peak", rise: 0.25, slack: 5000 },
  /** In MB. */
  working: { kind: "peak", rise: 0.25, slack: 2 },
  per_message: { kind: "trend", rise: 0.15, slack: 50 },
  outbox: { kind: "peak", rise: 0.25, slack: 500 },
} as const satisfies Record<string, Rule>;

const mb = (bytes: number) => bytes / 2 ** 20;

export function seriesOf(minutes: readonly Minute[]): Series[] {
  const byName = (
    panel: string,
    unit: string,
    rule: Rule | ((name: string) => Rule | null),
    values: (minute: Minute) => Record<string, number>,
  ): Series[] => {
    const names = new Set(minutes.flatMap((minute) => Object.keys(values(minute))));
    return [...names].flatMap((name) => {
      const found = typeof rule === "function" ? rule(name) : rule;
      if (found === null) return [];
      const points = minutes.flatMap((minute) => {
        const value = values(minute)[name];
        return value === undefined ? [] : [{ minute: minute.minute, value }];
      });
      return [{ panel, name, unit, rule: found, points }];
    });
  };
  const services = (rule: Rule) => (name: string) =>
    name === "kafka" || name === "redis" ? ({ kind: "shown" } as const) : rule;
  const workingOnly = (rule: Rule) => (name: string) => (history.test(name) ? null : rule);
  const store = (minute: Minute) => minute.store;
  const historyBytes = (minute: Minute) =>
    total(store(minute).table_bytes, history) + total(store(minute).index_bytes, history);
  return [
    ...byName("resident memory", "MB", services(rules.rss_mb), (minute) => minute.processes.rss_mb),
    ...byName("heap after a collection", "MB", rules.heap_kept, (minute) => minute.heapKeptMb),
    ...byName("heap in use", "MB", { kind: "shown" }, (minute) => minute.processes.heap_mb),
    ...byName("open descriptors", "", rules.descriptors, (minute) => minute.processes.descriptors),
    ...byName("threads", "", rules.threads, (minute) => minute.processes.threads),
    ...byName("dead rows", "rows", rules.dead_rows, (minute) => store(minute).dead_rows),
    ...byName("working tables", "MB", workingOnly(rules.working), (minute) =>
      scaled(store(minute).table_bytes),
    ),
    ...byName("their indexes", "MB", workingOnly(rules.working), (minute) =>
      scaled(store(minute).index_bytes),
    ),
    {
      panel: "outbox and connections",
      name: "rows not published",
      unit: "rows",
      rule: rules.outbox,
      points: minutes.map((minute) => ({ minute: minute.minute, value: store(minute).outbox_rows })),
    },
    {
      panel: "outbox and connections",
      name: "connections to Postgres",
      unit: "",
      rule: rules.backends,
      points: minutes.map((minute) => ({ minute: minute.minute, value: store(minute).backends })),
    },
    {
      panel: "bytes per message",
      name: "tables that keep what happened",
      unit: "B",
      rule: rules.per_message,
      points: growthPerMessage(minutes, historyBytes),
    },
    {
      panel: "bytes per message",
      name: "Kafka's log",
      unit: "B",
      rule: rules.per_message,
      points: growthPerMessage(minutes, ({ kafkaBytes }) => kafkaBytes),
    },
    {
      panel: "disk",
      name: "Kafka's log",
      unit: "MB",
      rule: { kind: "shown" },
      points: minutes.map((minute) => ({ minute: minute.minute, value: mb(minute.kafkaBytes) })),
    },
    {
      panel: "disk",
      name: "tables that keep what happened",
      unit: "MB",
      rule: { kind: "shown" },
      points: minutes.map((minute) => ({ minute: minute.minute, value: mb(historyBytes(minute)) })),
    },
  ];
}

/** Over the last five minutes each, because tables and logs grow in steps. */
const growthWindow = 5;

export function growthPerMessage<One extends { minute: number; messages: number }>(
  all: readonly One[],
  bytes: (minute: One) => number,
): Point[] {
  return all.slice(growthWindow).flatMap((minute, i) => {
    const before = all[i] as One;
    const messages = all.slice(i + 1, i + 1 + growthWindow).reduce((sum, one) => sum + one.messages, 0);
    return messages === 0
      ? []
      : [{ minute: minute.minute, value: (bytes(minute) - bytes(before)) / messages }];
  });
}

/** Of each figure the least of several samples. */
export function leastOf(samples: readonly ProcessSample[]): ProcessSample {
  const least = (of: keyof ProcessSample) => {
    const names = new Set(samples.flatMap((sample) => Object.keys(sample[of])));
    return Object.fromEntries(
      [...names].map((name) => [name, Math.min(...samples.flatMap((sample) => sample[of][name] ?? []))]),
    );
  };
  return {
    rss_mb: least("rss_mb"),
    heap_mb: least("heap_mb"),
    descriptors: least("descriptors"),
    threads: least("threads"),
  };
}

function total(bytes: Record<string, number>, tables: RegExp): number {
  return Object.entries(bytes).reduce((sum, [name, value]) => sum + (tables.test(name) ? value : 0), 0);
}

function scaled(bytes: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(bytes).map(([name, value]) => [name, mb(value)]));
}
