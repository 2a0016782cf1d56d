/** The paced durable queue. See README.md. */
import { fileURLToPath } from "node:url";

export * from "./core/adapt.ts";
export * from "./core/alarms.ts";
export * from "./core/fair.ts";
export * from "./core/gcra.ts";
export { jain } from "./core/jain.ts";
export * from "./core/latency.ts";
export type { Limit } from "./core/limit.ts";
export type { PairLimit } from "./core/pair.ts";
export * from "./core/restored.ts";
export * from "./core/retry.ts";
export type { StreamPace } from "./core/stream-pace.ts";
export type { Held } from "./engine/held.ts";
export type { MemberSnapshot, Snapshot, TenantSnapshot } from "./engine/snapshot.ts";
export type { AdmissionBatch, AdmissionResult, Effect, EngineDeps, Input } from "./engine/state.ts";
export { createEngine, type Engine } from "./engine.ts";
export type {
  Change,
  Command,
  CommandKind,
  Echo,
  Hold,
  Item,
  Lane,
  Member,
  NewItem,
  Payload,
  Reason,
  SendResult,
  Verdict,
} from "./item.ts";
export { lanes } from "./item.ts";
export { createPacer, type Pacer, type PacerDeps } from "./pacer.ts";
export { defaultSettings, type PacerSettings } from "./settings.ts";
export { postgresStore } from "./sql/postgres-store.ts";
export * from "./sql/restore.ts";
export type { Store } from "./store.ts";

/** One bytea of the outbox; several records of one change are framed by the user. */
export type OutboxEvent = Uint8Array;

/** Folder of the SQL migrations, for the schema that is the pool's search_path. */
export const migrationsDir = fileURLToPath(new URL("../migrations", import.meta.url));
