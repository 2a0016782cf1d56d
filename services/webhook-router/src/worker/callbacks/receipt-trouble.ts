/**
 * What messages say of their session that failed after their provider had taken them. A provider that takes everything and
 * delivers nothing lies as much as one that says "connected" and refuses, so it is told as the dispatcher tells refused sends.
 */
import { eventId, type SessionEvent } from "@wamesh/events";
import { cloudApiErrors, type ErrorRow, wasenderErrors } from "@wamesh/providers";
import type { Receipt } from "./receipt.ts";
import type { Reference } from "./reference.ts";

type Failure = NonNullable<Receipt["error"]>;
export type Trouble = {
  kind: "status" | "throttled" | "paused" | "send_failed";
  status: "auth_failed" | null;
};

/** What a failure says of its session; null when it speaks of its message or its recipient alone. Pure. */
export function troubleOf({ faultClass }: Pick<Failure, "faultClass">, row: Row | null): Trouble | null {
  if (faultClass === "credentials") return { kind: "status", status: "auth_failed" };
  if (row?.scope !== "session" && row?.scope !== "account" && row?.scope !== "app") return null;
  if (row.effect === "slow") return { kind: "throttled", status: null };
  return row.effect === "pause" ? { kind: "paused", status: null } : null;
}

type Row = Pick<ErrorRow, "scope" | "effect">;

/** So many messages, with none delivered between them, are no longer the messages' fault. */
const failuresThatTell = 3;

/**
 * Messages of a session that failed in a row for no reason of their own. That one was `sent` ends no row: it may be
 * what fails next. Counting one again changes nothing. Pure.
 */
export function failedInARow(
  before: readonly string[],
  { status, error }: Pick<Receipt, "status" | "error">,
  messageId: string,
  row: Row | null,
): readonly string[] {
  if (status === "delivered" || status === "read" || status === "played") return [];
  if (error === null || !blamesNobody(error, row)) return before;
  return before.includes(messageId) || before.length >= failuresThatTell ? before : [...before, messageId];
}

function blamesNobody({ faultClass }: Pick<Failure, "faultClass">, row: Row | null): boolean {
  return (faultClass === "provider" || faultClass === "unknown") && (row === null || row.scope === "message");
}

/**
 * Keeps the rows of all sessions whose receipts come to this process. Lost with it: then three more have to fail. What a receipt
 * tells may be told again: the same event id within a minute, and a session is not told twice what it is already.
 */
export function createReceiptTrouble() {
  const rows = new Map<string, readonly string[]>();
  return (receipt: Receipt, reference: Reference, receivedAt: number): SessionEvent | null => {
    const { session, message_id: messageId } = reference;
    const { error } = receipt;
    const row = error === null ? null : tableOf(reference.provider).find(error.providerCode);
    const failed = failedInARow(rows.get(session) ?? [], receipt, messageId, row);
    if (failed.length === 0) rows.delete(session);
    else rows.set(session, failed);
    if (error === null) return null;
    const isRow = failed.length >= failuresThatTell && blamesNobody(error, row);
    const trouble = isRow ? ({ kind: "send_failed", status: null } as const) : troubleOf(error, row);
    return trouble && eventOf(trouble, error, reference, receipt.occurredAt ?? receivedAt, receivedAt);
  };
}

function tableOf(provider: Reference["provider"]) {
  return provider === "wasender" ? wasenderErrors : cloudApiErrors;
}

function eventOf(
  { kind, status }: Trouble,
  error: Failure,
  { tenant, session, account }: Reference,
  occurredAt: number,
  receivedAt: number,
): SessionEvent {
  return {
    // A storm within a minute is one event.
    event_id: eventId("session-receipt", session, kind, error.code, Math.floor(occurredAt / 60_000)),
    ...{ tenant, session, account, kind, status },
    value: null,
    template: null,
    evidence: "send",
    reason: {
      code: error.code,
      fault_class: error.faultClass === "unknown" ? "UNKNOWN" : error.faultClass,
      provider_code: error.providerCode,
      detail: error.detail,
    },
    detail: "",
    occurred_at: occurredAt,
    recorded_at: receivedAt,
  };
}
