/** messages.update and message-receipt.update: what became of one message, for one reader. */
import type { ParsedCallback, Receipt } from "../callback.ts";
import { epochMs } from "../epoch-ms.ts";
import { idAt, type JsonObject, objectAt, textAt } from "../json.ts";
import { canonicalDigits } from "../match-key.ts";
import { reasonFaults } from "../reasons.ts";
import { wasenderErrors } from "./answer.ts";
import { statusOf, type WasenderStatus } from "./status.ts";

export type Progress = {
  key: JsonObject | null;
  id: string | null;
  status: WasenderStatus | null;
  participant: string | null;
  occurredAt: number | null;
};

/** The fields of either event, in all the shapes that occur. Both splitting (for the key) and parsing read them here. */
export function progressOf(event: string, piece: unknown): Progress {
  const key = objectAt(piece, "key");
  const id = idAt(key, "id");
  if (event === "messages.update")
    return {
      key,
      id,
      status: statusOf(textAt(objectAt(piece, "update"), "status") ?? textAt(piece, "status")),
      participant: idAt(key, "participant"),
      occurredAt: null,
    };
  const receipt = objectAt(piece, "receipt");
  return {
    key,
    id,
    status: statusOf(textAt(receipt, "status")) ?? stateByTime(receipt),
    participant: idAt(receipt, "userJid") ?? idAt(key, "participant"),
    occurredAt:
      epochMs(receipt?.playedTimestamp) ??
      epochMs(receipt?.readTimestamp) ??
      epochMs(receipt?.receiptTimestamp) ??
      epochMs(receipt?.t),
  };
}

function stateByTime(receipt: JsonObject | null): WasenderStatus | null {
  if (epochMs(receipt?.playedTimestamp) !== null) return "played";
  if (epochMs(receipt?.readTimestamp) !== null) return "read";
  return epochMs(receipt?.receiptTimestamp) === null ? null : "delivered";
}

/** Whether it is a receipt at all: edits come as updates too, and pending says nothing new. */
export function isReceipt(progress: Progress): boolean {
  return progress.id !== null && progress.status !== null && progress.status !== "pending";
}

export function parseProgress(event: string, at: unknown, piece: unknown, body: string): ParsedCallback {
  const progress = progressOf(event, piece);
  // Accepted by WasenderApi, which its answer said already.
  if (progress.status === "pending") return { kind: "no_news", name: "pending" };
  if (!isReceipt(progress)) return { kind: "other", name: event, payload: body };
  const failed = wasenderErrors.find("status_0")!;
  const receipt: Receipt = {
    kind: "receipt",
    providerId: null,
    providerKey: progress.id,
    // fromMe is not looked at: the vendor's own example has it false for an outbound message.
    status: progress.status as Receipt["status"],
    echo: null,
    occurredAt: progress.occurredAt ?? epochMs(at),
    recipientDigits: canonicalDigits(idAt(progress.key, "remoteJid") ?? ""),
    participant: progress.participant,
    pricing: null,
    error:
      progress.status === "failed"
        ? {
            code: failed.reason,
            providerCode: failed.code,
            faultClass: reasonFaults[failed.reason],
            detail: failed.meaning,
          }
        : null,
  };
  return receipt;
}
