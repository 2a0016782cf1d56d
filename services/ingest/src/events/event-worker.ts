/** Domain events in, messages and outcomes out: the worker role. */
import type { DomainEvent, OutboundMessage, Recipient } from "@wamesh/events";
import type { Batch, ConsumedRecord, Dead, OutgoingRecord, Producer } from "@wamesh/kafka";
import { type LastSessions, nobodyWrote, type WroteTo } from "../contacts/last-sessions.ts";
import { countIntake } from "../count-intake.ts";
import type { World } from "../decide.ts";
import type { Records } from "../records.ts";
import { judgeMade, type RuleLimits, sortOut } from "../rules/admit-made.ts";
import type { Ignored, StepKeeper } from "../rules/keep-steps.ts";
import type { RulesRead } from "../rules/read-rules.ts";
import type { Deferred } from "../rules/step-store.ts";
import {
  type Concerned,
  type Considered,
  considerEvent,
  noneConcerned,
  recipientsOf,
} from "./consider-event.ts";
import type { RecentEvents } from "./recent-events.ts";
import { unusableEvent } from "./usable-event.ts";

export type WorkerDeps = {
  /** Rules that these pairs concern, read now; waits while the store is away, until the signal. */
  readRules: (pairs: { tenant: string; type: string }[], signal: AbortSignal) => Promise<RulesRead>;
  keepSteps: StepKeeper;
  limits: RuleLimits;
  /** Keeps messages that find no room; waits while the store is away, until the signal. */
  waitForRoom: (made: readonly Deferred[], signal: AbortSignal) => Promise<void>;
  recent: Pick<RecentEvents, "keep">;
  world: World;
  records: Records;
  producer: Pick<Producer, "send">;
  /** Newest first. */
  tokenKeys: readonly string[];
  lastSessions: LastSessions;
  now: () => number;
  log: { info(fields: object, message: string): void };
};

/** Produced together: large enough that a send costs little per message, small enough that the API beside it keeps its turn. */
const chunkSize = 500;

/**
 * Handler of wa.domain.event. Rules are read from Postgres for each batch rather than cached: one indexed query for hundreds
 * of events, and a rule holds for every event that follows its 201.
 *
 * A second delivery is harmless: message ids derive from (tenant, source, event id, rule, step) and collapse in the
 * dispatcher, outcome ids from (tenant, source, event id, rule) and collapse in the projector; both are produced before the
 * offset is committed. Steps that wait have a cursor of their own, see keep-steps.ts.
 */
export function createEventWorker(deps: WorkerDeps) {
  return async (batch: Batch<DomainEvent>): Promise<Dead[]> => {
    const startedMs = deps.now();
    const concerned = await concernedByPair(deps, batch);
    const wroteTo = await wroteToByTenant(deps, batch, concerned);
    const dead: Dead[] = [];
    const counts = { messages: 0, outcomes: 0 };
    for (let start = 0; start < batch.records.length; start += chunkSize) {
      // Taken away: whoever has the partition now does the rest, and this batch is not committed.
      batch.signal.throwIfAborted();
      const part = batch.records
        .slice(start, start + chunkSize)
        .map((record) => ({ record, considered: consider(deps, record, concerned, wroteTo) }));
      const ignored = await keepSteps(deps, batch, part);
      const outgoing: OutgoingRecord[] = [];
      const made: OutboundMessage[] = [];
      const deferred: Deferred[] = [];
      for (const { record, considered } of part) {
        if (considered.unusable !== null) dead.push({ record, reason: considered.unusable });
        const { messages, outcomes, waiting } = await madeOf(deps.limits, considered, ignored);
        deferred.push(...waiting);
        for (const message of messages) outgoing.push(deps.records.outbound(message, record.headers));
        for (const outcome of outcomes) outgoing.push(deps.records.outcome(outcome, record.headers));
        made.push(...messages);
        counts.messages += messages.length;
        counts.outcomes += outcomes.length;
      }
      // Before it is told: a message that waits is there when its event says so.
      if (deferred.length > 0) await deps.waitForRoom(deferred, batch.signal);
      if (outgoing.length > 0) await deps.producer.send(outgoing);
      countIntake(made, "event");
    }
    // For dry runs only, and never waited for.
    deps.recent.keep(batch.records.map(({ record }) => record).filter((one) => unusableEvent(one) === null));
    deps.log.info(
      {
        partition: batch.partition,
        events: batch.records.length,
        ...counts,
        dead: dead.length,
        durationMs: deps.now() - startedMs,
      },
      "events considered",
    );
    return dead;
  };
}

type Part = readonly { record: ConsumedRecord<DomainEvent>; considered: Considered }[];

function keepSteps(deps: WorkerDeps, batch: Batch<DomainEvent>, part: Part): Promise<Ignored> {
  const { clusterId, topic, partition, signal } = batch;
  return deps.keepSteps({
    position: { cluster: clusterId, topic, partition },
    nextOffset: Number(part.at(-1)!.record.offset) + 1,
    events: part.map(({ record, considered }) => ({ offset: Number(record.offset), considered })),
    signal,
  });
}

async function madeOf(limits: RuleLimits, { begun, outcomes }: Considered, ignored: Ignored) {
  const messages: OutboundMessage[] = [];
  const told = [...outcomes];
  const waiting: Deferred[] = [];
  for (const one of begun) {
    if (one.run !== null && ignored.has(one.run)) {
      told.push(one.run.ignored);
      continue;
    }
    const sorted = sortOut(one, await judgeMade(limits, one.messages));
    messages.push(...sorted.messages);
    told.push(...sorted.outcomes);
    waiting.push(...sorted.waiting.map((step) => ({ ...one.of, waiting: step })));
  }
  return { messages, outcomes: told, waiting };
}

function consider(
  deps: WorkerDeps,
  { record, timestampMs }: ConsumedRecord<DomainEvent>,
  concerned: ConcernedByPair,
  wroteTo: (tenant: string) => WroteTo,
): Considered {
  return considerEvent(
    record,
    concerned(record),
    { loggedAtMs: timestampMs, nowMs: deps.now(), tokenKeys: deps.tokenKeys, wroteTo },
    deps.world,
  );
}

type ConcernedByPair = (of: { tenant: string; type: string }) => Concerned;

async function concernedByPair(
  deps: WorkerDeps,
  { records, signal }: Batch<DomainEvent>,
): Promise<ConcernedByPair> {
  const pairs = new Map<string, { tenant: string; type: string }>();
  // An unusable one could make the query fail, and with it the whole partition.
  for (const { record } of records)
    if (unusableEvent(record) === null)
      pairs.set(pairKey(record.tenant, record.type), { tenant: record.tenant, type: record.type });
  if (pairs.size === 0) return () => noneConcerned;
  const read = await deps.readRules([...pairs.values()], signal);
  const rules = Map.groupBy(read.rules, (rule) => pairKey(rule.tenant, rule.event_type));
  const calledOff = Map.groupBy(read.calledOff, (rule) => pairKey(rule.tenant, rule.heard));
  return ({ tenant, type }) => {
    const key = pairKey(tenant, type);
    return { rules: rules.get(key) ?? [], calledOff: calledOff.get(key) ?? [] };
  };
}

/** One query per tenant of the batch, and none where no rule leaves a choice of sessions. */
async function wroteToByTenant(
  deps: WorkerDeps,
  { records }: Batch<DomainEvent>,
  concerned: ConcernedByPair,
): Promise<(tenant: string) => WroteTo> {
  const asked = new Map<string, Recipient[]>();
  for (const { record } of records) {
    const { tenant } = record;
    const recipients = recipientsOf(
      record,
      concerned(record).rules,
      ({ session_id, pool = "default" }) =>
        session_id === undefined && deps.world.sessionsInPool(tenant, pool).length > 1,
    );
    if (recipients.length > 0) asked.set(tenant, [...(asked.get(tenant) ?? []), ...recipients]);
  }
  const found = new Map<string, WroteTo>();
  for (const [tenant, recipients] of asked) found.set(tenant, await deps.lastSessions(tenant, recipients));
  return (tenant) => found.get(tenant) ?? nobodyWrote;
}

const pairKey = (tenant: string, type: string) => JSON.stringify([tenant, type]);
