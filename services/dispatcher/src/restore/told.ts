/** What a status tells of its message to a schedule that was set back. Pure. */
import type { MessageStatus } from "@wamesh/events";
import { noTrace, type Told, type Trace, trace } from "@wamesh/pacer";
import { type Settlement, settlementOf } from "../echo.ts";

/** Null: it says nothing about where its message stands. */
export function toldBy(status: MessageStatus): Told | null {
  const receipt = settlementOf(status);
  if (receipt !== null) return { kind: "receipt", n: receipt.n, outcome: receipt.outcome };
  if (status.origin !== "mesh") return null;
  const { claim: n, provider_id: providerId } = status;
  switch (status.status) {
    case "sent":
    case "failed":
    case "expired":
    case "cancelled":
      return { kind: "ended", outcome: status.status, n, providerId };
    case "unconfirmed":
    case "in_doubt":
      return { kind: status.status, n };
    case "queued":
      // The first queueing names no claim; a later one the claim it waits for.
      return { kind: "queued", next: Math.max(1, n), nextAt: status.next_at, attempts: status.attempts };
    default:
      return null;
  }
}

export type Heard = {
  trace: Trace;
  /** The last word of a provider about each claim. */
  receipts: ReadonlyMap<number, Settlement>;
  sentAt: number | null;
};

export const nothingHeard: Heard = { trace: noTrace, receipts: new Map(), sentAt: null };

export function hear(before: Heard, status: MessageStatus): Heard {
  const told = toldBy(status);
  if (told === null) return before;
  const receipt = settlementOf(status);
  const receipts =
    receipt === null || before.receipts.get(receipt.n)?.outcome === "sent"
      ? before.receipts
      : new Map(before.receipts).set(receipt.n, receipt);
  const sentAt = status.origin === "mesh" && status.status === "sent" ? status.sent_at : before.sentAt;
  return { trace: trace(before.trace, told), receipts, sentAt };
}
