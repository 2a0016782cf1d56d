/** Domain events in, messages and outcomes out: the worker role. */
import type { DomainEvent, Recipient } from "@wamesh/events";
import type { Batch, ConsumedRecord, Dead, Producer } from "@wamesh/kafka";
import { type LastSessions, nobodyWrote, type WroteTo } from "../contacts/last-sessions.ts";
import type { World } from "../decide.ts";
import type { Records } from "../records.ts";
import type { Rule } from "../rules/rule.ts";
import { type Considered, considerEvent, recipientsOf, unusableEvent } from "./consider-event.ts";

export type WorkerDeps = {
  /** Active rules of these pairs, read now; waits while the store is away, until the signal. */
  readRules: (pairs: { tenant: string; type: string }[], signal: AbortSignal) => Promise<Rule[]>;
  world: World;
  records: Records;
  producer: Pick<Producer, "send">;
  tokenKey: string;
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
 * offset is committed, so no cursor is needed.
 */
export function createEventWorker(deps: WorkerDeps) {
  return async (batch: Batch<DomainEvent>): Promise<Dead[]> => {
    const startedMs = deps.now();
    const rules = await rulesByPair(deps, batch);
    const wroteTo = await wroteToByTenant(deps, batch, rules);
    const dead: Dead[] = [];
    const counts = { messages: 0, outcomes: 0 };
    for (let start = 0; start < batch.records.length; start += chunkSize) {
      // Taken away: whoever has the partition now does the rest, and this batch is not committed.
      batch.signal.throwIfAborted();
      const outgoing = [];
      for (const record of batch.records.slice(start, start + chunkSize)) {
        const considered = consider(deps, record, rules, wroteTo);
        if (considered.unusable !== null) dead.push({ record, reason: considered.unusable });
        for (const message of considered.messages)
          outgoing.push(deps.records.outbound(message, record.headers));
        for (const outcome of considered.outcomes)
          outgoing.push(deps.records.outcome(outcome, record.headers));
        counts.messages += considered.messages.length;
        counts.outcomes += considered.outcomes.length;
      }
      if (outgoing.length > 0) await deps.producer.send(outgoing);
    }
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

function consider(
  deps: WorkerDeps,
  { record, timestampMs }: ConsumedRecord<DomainEvent>,
  rules: ReadonlyMap<string, Rule[]>,
  wroteTo: (tenant: string) => WroteTo,
): Considered {
  return considerEvent(
    record,
    rules.get(pairKey(record.tenant, record.type)) ?? [],
    { loggedAtMs: timestampMs, nowMs: deps.now(), tokenKey: deps.tokenKey, wroteTo },
    deps.world,
  );
}

async function rulesByPair(
  deps: WorkerDeps,
  { records, signal }: Batch<DomainEvent>,
): Promise<Map<string, Rule[]>> {
  const pairs = new Map<string, { tenant: string; type: string }>();
  // An unusable one could make the query fail, and with it the whole partition.
  for (const { record } of records)
    if (unusableEvent(record) === null)
      pairs.set(pairKey(record.tenant, record.type), { tenant: record.tenant, type: record.type });
  const rules = pairs.size === 0 ? [] : await deps.readRules([...pairs.values()], signal);
  return Map.groupBy(rules, (rule) => pairKey(rule.tenant, rule.event_type));
}

/** One query per tenant of the batch, and none where no rule leaves a choice of sessions. */
async function wroteToByTenant(
  deps: WorkerDeps,
  { records }: Batch<DomainEvent>,
  rules: ReadonlyMap<string, Rule[]>,
): Promise<(tenant: string) => WroteTo> {
  const asked = new Map<string, Recipient[]>();
  for (const { record } of records) {
    const free = (rules.get(pairKey(record.tenant, record.type)) ?? []).filter(
      ({ message: { session_id, pool = "default" } }) =>
        session_id === undefined && deps.world.sessionsInPool(record.tenant, pool).length > 1,
    );
    const recipients = recipientsOf(record, free);
    if (recipients.length > 0) asked.set(record.tenant, [...(asked.get(record.tenant) ?? []), ...recipients]);
  }
  const found = new Map<string, WroteTo>();
  for (const [tenant, recipients] of asked) found.set(tenant, await deps.lastSessions(tenant, recipients));
  return (tenant) => found.get(tenant) ?? nobodyWrote;
}

const pairKey = (tenant: string, type: string) => JSON.stringify([tenant, type]);
