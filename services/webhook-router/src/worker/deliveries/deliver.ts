/**
 * The delivery loop: takes due rows into the picker, calls, settles. One process at a time runs it, under a lease.
 *
 * An attempt leaves no trace before it is over, so after a crash it is made again, under the same webhook-id: receivers
 * deduplicate by it. Its record is produced before its row is settled; the second time it has the same event id.
 */
import { context } from "@opentelemetry/api";
import { type OutgoingRecord, traceHeaders } from "@wamesh/kafka";
import type { Vault } from "@wamesh/vault";
import type { Records } from "../../records.ts";
import { traceCall } from "../traces.ts";
import type { Call } from "./call.ts";
import { endedOf, type Finished, recordOf } from "./finished.ts";
import { failed, type Health, limitAt, newHealth, succeeded } from "./health.ts";
import { isDelivered, judge } from "./outcome.ts";
import { createPicker } from "./picker.ts";
import type { Signal } from "./signal.ts";
import { openKeys, type SigningKeys } from "./signing-keys.ts";
import type { DeliveryStore, Due, Target } from "./store.ts";

export type DeliverDeps = {
  store: DeliveryStore;
  call: Call;
  produce: (records: OutgoingRecord[]) => Promise<void>;
  records: Pick<Records, "delivery">;
  vault: Pick<Vault, "open">;
  /** Whether this process may deliver now. */
  leads: () => boolean;
  /** Deliveries at once. */
  slots: number;
  /** Of a tenant, in the fair share. */
  weightOf: (tenant: string) => number;
  now: () => number;
  monotonicMs: () => number;
  random: () => number;
  count: (outcome: string, durationMs: number) => void;
  log: Log;
};

type Log = Record<"debug" | "info" | "warn" | "error", (facts: object, message: string) => void>;
/** `keys: null`: the secret can't be opened with the ring this process has. */
type Opened = Omit<Target, "secret" | "previous_secret" | "previous_until_ms"> & { keys: SigningKeys | null };

/** Rows of one endpoint in memory; taken in again below half. */
const perEndpoint = 128;
const maxHeld = 4096;
/** Outcomes that may wait for Kafka and Postgres; beyond it no new attempt begins. */
const maxUnsettled = 1000;
const settleLingerMs = 20;
const settledAtOnce = 500;
const pollMs = 1000;
const failingUntilDisabledMs = 5 * 24 * 3600 * 1000;
const stopBudgetMs = 3000;

export type Delivering = {
  signal(signal: Signal): void;
  /** This process has become the one that delivers. */
  lead(): void;
  inFlight(): number;
  /** Takes no more, waits for what is in flight at most 3 s, settles. What is cut off is delivered by the next owner. */
  stop(): Promise<void>;
};

export function startDelivering(deps: DeliverDeps): Delivering {
  const { store, log } = deps;
  const picker = createPicker<Due>({ slots: deps.slots, weightOf: deps.weightOf });
  const targets = new Map<string, Opened>();
  const healths = new Map<string, Health>();
  const finished: Finished[] = [];
  const cut = new AbortController();
  const running = new Set<Promise<void>>();
  /** Endpoints with rows that may be taken in. */
  let due: Set<string> | "all" = "all";
  let sweptAt = 0;
  let stopping = false;
  let settling: Promise<void> | null = null;
  let awake = false;
  let wake = () => {};

  const healthOf = (endpoint: string) => healths.get(endpoint) ?? newHealth;

  async function loop(): Promise<void> {
    let failures = 0;
    while (!stopping) {
      awake = false;
      try {
        if (deps.leads()) await takeIn();
        else picker.drop();
        failures = 0;
      } catch (error) {
        due = "all";
        awake = false;
        if (failures++ % 30 === 0) log.error({ err: error }, "due deliveries can't be read");
      }
      begin();
      if (!awake) await pause();
    }
  }

  function ring(): void {
    awake = true;
    wake();
  }

  /** Ends with a ring, or in time for the next look at everything. */
  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pollMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function takeIn(): Promise<void> {
    const nowMs = deps.monotonicMs();
    // Retries become due by time, and no signal tells of it.
    if (nowMs - sweptAt >= pollMs) due = "all";
    if (due === "all") sweptAt = nowMs;
    const paused = [...healths].filter(([, health]) => limitAt(health, nowMs) === 0).map(([id]) => id);
    // Taken in while the pause began.
    for (const id of paused) picker.drop(id);
    const held = picker.held();
    const limit = maxHeld - held.length;
    if (limit <= 0) return;
    const full = picker.withWaiting(perEndpoint / 2);
    const except = [...new Set([...full, ...paused])];
    const endpoints = due === "all" ? due : [...due].filter((id) => !except.includes(id));
    due = new Set();
    if (endpoints !== "all" && endpoints.length === 0) return;
    const rows = await store.due({ endpoints, except, held, perEndpoint, limit });
    const unknown = rows.filter((row) => targets.get(row.endpoint)?.version !== row.version);
    if (unknown.length > 0)
      for (const target of await store.targets([...new Set(unknown.map((row) => row.endpoint))]))
        targets.set(target.id, opened(target));
    picker.add(rows);
  }

  function opened({ secret, previous_secret, previous_until_ms, ...target }: Target): Opened {
    const keys = openKeys(deps.vault, { ...target, secret, previous_secret, previous_until_ms });
    if (keys === null)
      log.error({ tenant: target.tenant, endpoint: target.id }, "the endpoint's secret can't be opened");
    return { ...target, keys };
  }

  function begin(): void {
    const nowMs = deps.monotonicMs();
    const limitOf = (endpoint: string) => limitAt(healthOf(endpoint), nowMs);
    while (!stopping && finished.length < maxUnsettled && deps.leads()) {
      const row = picker.take(limitOf);
      if (row === null) return;
      const one = attempt(row).finally(() => running.delete(one));
      running.add(one);
    }
  }

  async function attempt(row: Due): Promise<void> {
    const target = targets.get(row.endpoint);
    if (target === undefined || target.keys === null) {
      // Deleted or disabled meanwhile, or not ours to sign: the row stays as it is.
      picker.done(row);
      picker.settled(row);
      rest(
        row.endpoint,
        failed(healthOf(row.endpoint), { begunAt: Infinity, nowMs: deps.monotonicMs(), restMs: 60_000 }),
      );
      return;
    }
    const begunAt = deps.monotonicMs();
    const webhook = { id: row.webhook_id, body: row.body };
    const keys = target.keys(deps.now());
    const { answer, within } = await traceCall(
      row.trace,
      { "wamesh.tenant": row.tenant, "wamesh.webhook_id": row.webhook_id, "wamesh.attempt": row.attempt + 1 },
      () => deps.call({ url: target.url, keys }, webhook, cut.signal),
      (ended) => ({
        status: ended.kind === "answered" ? ended.status : null,
        isDelivered: isDelivered(ended),
      }),
    );
    const nowMs = deps.monotonicMs();
    picker.done(row);
    if (cut.signal.aborted && !isDelivered(answer)) return picker.settled(row);
    const judgement = judge(row, answer, deps.random());
    if (judgement.outcome === "delivered") healths.set(row.endpoint, succeeded(healthOf(row.endpoint)));
    else rest(row.endpoint, failed(healthOf(row.endpoint), { begunAt, nowMs, restMs: judgement.restMs }));
    finished.push({ row, judgement, answer, within, durationMs: nowMs - begunAt, endedAt: deps.now() });
    settle();
    begin();
  }

  /** An endpoint in a pause gives its places in memory to others; its rows stay due. */
  function rest(endpoint: string, health: Health): void {
    healths.set(endpoint, health);
    if (limitAt(health, deps.monotonicMs()) === 0) picker.drop(endpoint);
  }

  function settle(): void {
    settling ??= settleAll().finally(() => {
      settling = null;
    });
  }

  async function settleAll(): Promise<void> {
    // What ends within a few turns is settled together: each settlement is a record, a statement and a look for more.
    if (!stopping) await new Promise((resolve) => setTimeout(resolve, settleLingerMs));
    for (let failures = 0; finished.length > 0; ) {
      const batch = finished.slice(0, settledAtOnce);
      try {
        await write(batch);
        failures = 0;
      } catch (error) {
        if (failures++ % 10 === 0)
          log.error({ err: error, deliveries: finished.length }, "outcomes can't be written");
        if (stopping && failures > 2) return;
        await new Promise((resolve) => setTimeout(resolve, 500));
        continue;
      }
      finished.splice(0, batch.length);
      for (const { row } of batch) {
        picker.settled(row);
        if (due !== "all") due.add(row.endpoint);
      }
      ring();
      begin();
    }
  }

  async function write(batch: readonly Finished[]): Promise<void> {
    const disabled = await endpointsAfter(batch);
    await deps.produce(
      batch.map((one) => {
        const record = deps.records.delivery(recordOf(one, disabled.has(one.row.endpoint)));
        return one.row.trace === null
          ? record
          : { ...record, headers: { ...record.headers, ...traceHeaders(one.within) } };
      }),
    );
    await store.settle(batch.map(endedOf));
    for (const one of batch) context.with(one.within, () => report(one, disabled.has(one.row.endpoint)));
  }

  /** What the batch means for its endpoints. Returns those that were disabled. */
  async function endpointsAfter(batch: readonly Finished[]): Promise<Set<string>> {
    const disabled = new Set<string>();
    for (const [id, ends] of Map.groupBy(batch, ({ row }) => row.endpoint)) {
      const target = targets.get(id);
      if (target?.failing && ends.some(({ judgement }) => judgement.outcome === "delivered")) {
        await store.recovered(id);
        targets.set(id, { ...target, failing: false });
      }
      const last = ends.at(-1)!.judgement.outcome;
      if (last === "delivered") continue;
      const gone = ends.some(({ judgement }) => judgement.outcome === "disabled");
      const failingMs = await store.failing(id);
      if (target !== undefined) targets.set(id, { ...target, failing: true });
      if (!gone && failingMs < failingUntilDisabledMs) continue;
      await store.disable(id, gone ? "the endpoint answered 410 Gone" : "it has failed for five days");
      forget(id);
      disabled.add(id);
    }
    return disabled;
  }

  function report({ row, judgement, answer, durationMs }: Finished, disabled: boolean): void {
    const { outcome, attempt } = judgement;
    deps.count(outcome, durationMs);
    const line = {
      tenant: row.tenant,
      endpoint: row.endpoint,
      webhook_id: row.webhook_id,
      event_type: row.event_type,
      message_id: row.message_id,
      attempt,
      outcome,
      ...(answer.kind === "answered" ? { status: answer.status } : { error: answer.why }),
      duration_ms: Math.round(durationMs),
    };
    if (outcome === "delivered") log.debug(line, "webhook");
    else if (disabled) log.warn(line, "webhook, endpoint disabled");
    else log.info(line, "webhook");
  }

  function forget(endpoint: string): void {
    picker.drop(endpoint);
    targets.delete(endpoint);
    healths.delete(endpoint);
  }

  const ended = loop();
  return {
    signal(signal) {
      if (signal.kind === "changed") forget(signal.endpoint);
      const endpoints = signal.kind === "changed" ? [signal.endpoint] : signal.endpoints;
      if (endpoints === null) due = "all";
      else if (due !== "all") for (const endpoint of endpoints) due.add(endpoint);
      ring();
    },
    lead() {
      due = "all";
      ring();
    },
    inFlight: picker.inFlight,
    async stop() {
      stopping = true;
      wake();
      await ended;
      const budget = setTimeout(() => cut.abort(), stopBudgetMs);
      await Promise.all(running);
      clearTimeout(budget);
      await settling;
    },
  };
}
