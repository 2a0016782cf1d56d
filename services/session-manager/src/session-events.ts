/**
 * What others saw of our sessions: callbacks through the webhook-router, failed sends through the dispatcher.
 * A second delivery is harmless: the cursor row moves in the same transaction as the sessions.
 */
import type { SessionEvent, SessionStatus } from "@wamesh/events";
import { advanceCursor, lockCursor, type StreamPosition, type Tx } from "@wamesh/store";
import { type Change, type Changer, ourselves } from "./change.ts";
import { markUse, useOf } from "./credential-use.ts";
import { observe, type Seen } from "./observe.ts";
import { lockSessions } from "./session-change.ts";
import { lockAccountRows } from "./templates/accounts.ts";
import { followTemplate } from "./templates/follow-event.ts";

/** What an event says about its session's state, or null when it says nothing. Pure. */
export function observation(event: SessionEvent): Seen | null {
  // Only this service probes, and only through it people give orders: those it knows already.
  if (event.evidence !== "callback" && event.evidence !== "send") return null;
  const status = statusOf(event);
  if (status === null) return null;
  return {
    kind: "observed",
    status,
    evidence: event.evidence,
    atMs: event.occurred_at,
    detail: event.reason?.detail || event.detail,
  };
}

function statusOf(event: SessionEvent): SessionStatus | null {
  if (event.kind === "status") return event.status;
  // One refused message may be the message's own fault; refused credentials are the session's, and so is what the provider
  // says of the session itself.
  if (event.evidence !== "send") return null;
  if (event.kind === "send_failed" && event.reason?.fault_class === "credentials") return "auth_failed";
  if (event.reason?.code === "session_not_connected") return "disconnected";
  // The dispatcher tells of refused messages only when several in a row were refused for no reason of their own.
  const blamesNobody = event.reason?.fault_class === "provider" || event.reason?.fault_class === "UNKNOWN";
  if (event.kind === "send_failed" && blamesNobody) return "disconnected";
  return null;
}

async function foldOne(
  change: Change,
  record: SessionEvent,
  random: () => number,
): Promise<"changed" | "same" | "ignored"> {
  if (record.kind === "template") return await followTemplate(change, record);
  const seen = observation(record);
  const { tenant, session } = record;
  // The owner is part of the question: an event that names another tenant's session finds none.
  const became = seen === null ? "ignored" : await observe(change, tenant, session, seen, random());
  const use = useOf(record);
  if (use !== null) await markUse(change.tx, { tenant, session }, use);
  return became;
}

/** What the batch will touch, before any of it is touched: the records come in an order of their own. */
async function holdRows(tx: Tx, records: readonly SessionEvent[]): Promise<void> {
  const moves = (record: SessionEvent) => observation(record) !== null || useOf(record) !== null;
  await lockSessions(
    tx,
    records.filter(moves).map(({ session }) => session),
  );
  const templates = records.filter(({ kind }) => kind === "template");
  await lockAccountRows(
    tx,
    templates.map(({ account }) => account),
  );
}

/** Folds one batch of a partition into the sessions, in one transaction with its cursor. Returns what became of the records. */
export async function foldSessionEvents(
  deps: { changer: Changer; random: () => number },
  batch: {
    position: StreamPosition;
    nextOffset: number;
    records: { offset: number; record: SessionEvent }[];
  },
): Promise<Record<"changed" | "same" | "ignored", number>> {
  const counts = { changed: 0, same: 0, ignored: 0 };
  await deps.changer.change("all", ourselves, async (change) => {
    const from = (await lockCursor(change.tx, batch.position)) ?? 0;
    const records = batch.records.filter(({ offset }) => offset >= from).map(({ record }) => record);
    await holdRows(change.tx, records);
    for (const record of records) counts[await foldOne(change, record, deps.random)]++;
    await advanceCursor(change.tx, batch.position, batch.nextOffset);
  });
  return counts;
}
