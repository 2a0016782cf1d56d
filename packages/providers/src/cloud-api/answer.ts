/** What Meta's answer to a send means. */
import { rejectionOf } from "../error-table.ts";
import type { Answer } from "../exchange.ts";
import { asList, idAt, isObject, listAt, objectAt, parseJson, textAt } from "../json.ts";
import type { Provider } from "../provider.ts";
import { headerOf, retryAfterMs } from "../retry-after.ts";
import type { Rejection, SendOutcome, SendRequest } from "../send.ts";
import { rowOf, saidOf } from "./errors.ts";

export const readAnswer: Provider["readAnswer"] = (answer, request, nowMs): SendOutcome => {
  const body = parseJson(answer.body);
  if (answer.status >= 200 && answer.status < 300) {
    const message = listAt(body, "messages")[0];
    const id = idAt(message, "id");
    // 200 means accepted, not sent. A held template message is sent later, or failed with 132015.
    if (id !== null)
      return {
        kind: "accepted",
        providerId: id,
        held: (textAt(message, "message_status") ?? "accepted") !== "accepted",
      };
  }
  const error = objectAt(body, "error");
  // An envelope is Meta's own word that it did not take the message, whatever the HTTP status.
  if (error !== null) return rejection(answer, request, nowMs, error);
  // No proxy answers 429 for a request that it passed on.
  if (answer.status === 429) return rejection(answer, request, nowMs, {});
  return { kind: "unsure", why: `HTTP ${answer.status} without an answer of the provider's own` };
};

function rejection(
  answer: Answer,
  request: SendRequest,
  nowMs: number,
  error: Record<string, unknown>,
): Rejection {
  const { row, code } = rowOf(error, answer.status);
  const isQuota = row.scope === "account" || row.scope === "app";
  return rejectionOf(row, {
    providerCode: "code" in error ? code : `http_${answer.status}`,
    text: saidOf(error),
    waitMs: retryAfterMs(answer, nowMs) ?? (isQuota ? quotaWaitMs(answer) : null),
    claim: request.claim,
  });
}

/**
 * `{"<id>":[{"call_count":100,…,"estimated_time_to_regain_access":5}]}`, in minutes; Meta documents no Retry-After. The longest
 * counts, 0 is none.
 */
function quotaWaitMs(answer: Answer): number | null {
  const usage = parseJson(headerOf(answer, "x-business-use-case-usage") ?? "");
  if (!isObject(usage)) return null;
  const minutes = Object.values(usage)
    .flatMap(asList)
    .map((entry) => Number(textAt(entry, "estimated_time_to_regain_access")))
    .filter((value) => value > 0 && value <= 1440);
  return minutes.length === 0 ? null : Math.max(...minutes) * 60_000;
}
