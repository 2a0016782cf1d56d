/**
 * How anything here is changed: one transaction that writes rows, the records about them and the audit entry. What commits
 * is published, what does not never was; the outbox sends in the order in which rows of one entity were locked.
 */
import {
  type AuditEntry,
  type Codec,
  compactedKey,
  eventHeaders,
  partition,
  type SessionEvent,
  type SessionState,
  type TenantConfig,
  type Topic,
  timeUuid,
  topics,
} from "@wamesh/events";
import { enqueue, type OutboxRow, type Sql, type Tx, withTenants } from "@wamesh/store";
import type { Random } from "./key-material.ts";

/** Who changes: a key of a tenant, or this service itself. */
export type Actor = { tenant: string; key: string };

/** The operator's own tenant. */
export const operatorTenant = "operator";

/** Changes that no key asked for. */
export const ourselves: Actor = { tenant: operatorTenant, key: "session-manager" };

/** Tenants whose rows a transaction may touch. */
export type Reach = string[] | "all";

export type Change = {
  tx: Tx;
  nowMs: number;
  tenantConfig(record: TenantConfig, onPartition?: number): void;
  sessionState(record: SessionState): void;
  sessionEvent(record: SessionEvent): void;
  audit(
    entry: Pick<AuditEntry, "tenant" | "action" | "object_kind" | "object_id"> & { detail?: object },
  ): void;
};

export type Changer = {
  /** Runs `work` in one transaction within `reach`; its records leave with it, or not at all. */
  change<Result>(reach: Reach, actor: Actor, work: (change: Change) => Promise<Result>): Promise<Result>;
  read<Result>(reach: Reach, work: (tx: Tx) => Promise<Result>): Promise<Result>;
};

/** A statement takes 65,535 parameters; a plan of many tenants makes many records. */
const rowsPerInsert = 5_000;
const source = "/wamesh/session-manager";

export function createChanger(deps: {
  sql: Sql;
  codec: Codec;
  /** Number of partitions of a topic, as the broker has it. */
  partitions: (topic: string) => number;
  now: () => number;
  random: Random;
}): Changer {
  function row<Record_>(
    topic: Topic<Record_>,
    record: Record_,
    facts: { tenant: string; key: string; id: string; type: string; subject: string; timeMs: number },
    onPartition?: number,
  ): OutboxRow {
    return {
      topic: topic.name,
      partition: onPartition ?? partition(facts.tenant, deps.partitions(topic.name)),
      key: facts.key,
      value: deps.codec.encode(topic, record),
      headers: eventHeaders({ ...facts, source }),
    };
  }

  return {
    read: (reach, work) => withTenants(deps.sql, reach, work),
    change: (reach, actor, work) =>
      withTenants(deps.sql, reach, async (tx) => {
        const nowMs = deps.now();
        const rows: OutboxRow[] = [];
        const result = await work({
          tx,
          nowMs,
          tenantConfig(record, onPartition) {
            const key = compactedKey(record.tenant, record.kind, record.id);
            rows.push(
              row(
                topics.tenantConfig,
                record,
                {
                  tenant: record.tenant,
                  key,
                  id: `${key}|${record.version}`,
                  type: `wamesh.config.${record.kind}`,
                  subject: record.id,
                  timeMs: record.changed_at,
                },
                onPartition,
              ),
            );
          },
          sessionState(record) {
            const key = compactedKey(record.tenant, "session", record.session);
            rows.push(
              row(topics.sessionState, record, {
                tenant: record.tenant,
                key,
                id: `${key}|${record.version}`,
                type: "wamesh.session.state",
                subject: record.session,
                timeMs: record.changed_at,
              }),
            );
          },
          sessionEvent(record) {
            rows.push(
              row(topics.sessionEvent, record, {
                tenant: record.tenant,
                key: record.tenant,
                id: record.event_id,
                type: `wamesh.session.${record.kind}`,
                subject: record.session,
                timeMs: record.occurred_at,
              }),
            );
          },
          audit({ detail, ...entry }) {
            const record: AuditEntry = {
              ...entry,
              event_id: timeUuid(nowMs, deps.random(10)),
              service: "session-manager",
              actor_tenant: actor.tenant,
              actor_key: actor.key,
              detail: JSON.stringify(detail ?? {}),
              occurred_at: nowMs,
            };
            rows.push(
              row(topics.audit, record, {
                tenant: record.tenant,
                key: record.tenant,
                id: record.event_id,
                type: "wamesh.audit",
                subject: record.object_id,
                timeMs: nowMs,
              }),
            );
          },
        });
        // Last, when every row is locked: of two changes of one entity the later gets the later outbox id.
        for (let at = 0; at < rows.length; at += rowsPerInsert)
          await enqueue(tx, rows.slice(at, at + rowsPerInsert));
        return result;
      }),
  };
}
