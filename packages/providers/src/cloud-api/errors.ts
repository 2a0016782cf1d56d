/** Which row of the table an error object of Meta's means. */
import type { ReceiptError } from "../callback.ts";
import { type ErrorRow, readErrorTable } from "../error-table.ts";
import { type JsonObject, objectAt, textAt } from "../json.ts";
import { reasonFaults } from "../reasons.ts";
import { tenantDetail } from "../scrub.ts";
import data from "./error-codes.json" with { type: "json" };

export const cloudApiErrors = readErrorTable(data);

/** Decided by code alone, never by HTTP status or title; the status only helps with codes that nobody knows. */
export function rowOf(error: JsonObject, httpStatus: number | null): { row: ErrorRow; code: string } {
  const code = textAt(error, "code") ?? "none";
  const named = cloudApiErrors.find(isMissingObject(error, code) ? "100/33" : code);
  return { row: named ?? cloudApiErrors.find(fallback(error, httpStatus))!, code };
}

/** Code 100 is also what Graph says of an object that isn't there or isn't yours: then the number is wrong, not the message. */
function isMissingObject(error: JsonObject, code: string): boolean {
  return code === "100" && (textAt(error, "error_subcode") === "33" || error.type === "GraphMethodException");
}

function fallback(error: JsonObject, httpStatus: number | null): string {
  if (httpStatus === 429) return "http_429";
  return error.is_transient === true || (httpStatus !== null && httpStatus >= 500) ? "transient" : "unknown";
}

/** What Meta adds to its code; the details before the message, which mostly repeats the title. */
export function saidOf(error: JsonObject): string | null {
  return (
    textAt(objectAt(error, "error_data"), "details") ?? textAt(error, "message") ?? textAt(error, "title")
  );
}

/** The error of a `failed` status. */
export function receiptError(error: JsonObject): ReceiptError {
  const { row, code } = rowOf(error, null);
  return {
    code: row.reason,
    providerCode: code,
    faultClass: reasonFaults[row.reason],
    detail: tenantDetail(row.meaning, saidOf(error)),
  };
}
