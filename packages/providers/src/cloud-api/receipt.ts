/** One of Meta's `statuses[]` as a receipt. */
import type { ParsedCallback, Pricing, Receipt, ReceiptError } from "../callback.ts";
import { epochMs } from "../epoch-ms.ts";
import { firstIdAt, idAt, isObject, type JsonObject, listAt, objectAt, textAt } from "../json.ts";
import { canonicalDigits } from "../match-key.ts";
import { receiptError } from "./errors.ts";
import { parseEcho } from "./request.ts";

const known: readonly string[] = ["sent", "delivered", "read", "played", "failed"];

/** Statuses that are not known (`deleted` was one) are kept as other. */
export function parseStatus(status: JsonObject, body: string): ParsedCallback {
  const name = idAt(status, "status") ?? "none";
  if (!known.includes(name)) return { kind: "other", name: `status.${name}`, payload: body };
  const receipt: Receipt = {
    kind: "receipt",
    providerId: idAt(status, "id"),
    providerKey: null,
    status: name as Receipt["status"],
    echo: parseEcho(textAt(status, "biz_opaque_callback_data")),
    occurredAt: epochMs(status.timestamp),
    recipientDigits: canonicalDigits(textAt(status, "recipient_id") ?? ""),
    participant: firstIdAt(status, "recipient_participant_id", "recipient_participant_user_id"),
    pricing: pricingOf(objectAt(status, "pricing")),
    error: name === "failed" ? errorOf(status) : null,
  };
  return receipt;
}

function errorOf(status: JsonObject): ReceiptError {
  const first = listAt(status, "errors")[0];
  return receiptError(isObject(first) ? first : {});
}

function pricingOf(pricing: JsonObject | null): Pricing | null {
  if (pricing === null) return null;
  return {
    billable: typeof pricing.billable === "boolean" ? pricing.billable : null,
    model: textAt(pricing, "pricing_model"),
    type: textAt(pricing, "type"),
    category: textAt(pricing, "category"),
  };
}
