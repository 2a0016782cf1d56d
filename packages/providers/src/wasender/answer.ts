/** What WasenderApi's answer to a send means. */
import { type ErrorRow, readErrorTable, rejectionOf } from "../error-table.ts";
import type { Answer } from "../exchange.ts";
import { idAt, isObject, type JsonObject, objectAt, parseJson, textAt } from "../json.ts";
import type { Provider } from "../provider.ts";
import { headerOf, retryAfterMs, secondsAsWaitMs } from "../retry-after.ts";
import type { RateHint, Rejection, SendOutcome, SendRequest } from "../send.ts";
import data from "./error-codes.json" with { type: "json" };

export const wasenderErrors = readErrorTable(data);

export const readAnswer: Provider["readAnswer"] = (answer, request, nowMs): SendOutcome => {
  const outcome = outcomeOf(answer, request, nowMs);
  const rate = rateOf(answer, nowMs);
  return rate === null ? outcome : { ...outcome, rate };
};

function outcomeOf(answer: Answer, request: SendRequest, nowMs: number): SendOutcome {
  const { status } = answer;
  const parsed = parseJson(answer.body);
  const body = isObject(parsed) ? parsed : null;
  const unsure: SendOutcome = {
    kind: "unsure",
    why: `HTTP ${status} without an answer of the provider's own`,
  };
  // The vendor queues first and answers then: after a server error, in whatever form, the message may be on its way.
  if (status >= 500 || status === 408) return unsure;
  // No proxy answers 429 for a request that it passed on.
  if (body === null) return status === 429 ? rejection(answer, {}, request, nowMs) : unsure;
  if (status >= 400 || body.success === false) return rejection(answer, body, request, nowMs);
  if (status < 200 || status >= 300) return unsure;
  const msgId = idAt(objectAt(body, "data"), "msgId");
  // Older versions answer a bare success: true; the message is known by its own events then.
  if (msgId === null && body.success !== true) return unsure;
  return { kind: "accepted", providerId: msgId ?? `none:${request.messageId}.${request.claim}`, held: false };
}

function rejection(answer: Answer, body: JsonObject, request: SendRequest, nowMs: number): Rejection {
  // Three shapes of failure: message, error, and neither.
  const text = textAt(body, "message") ?? textAt(body, "error");
  return rejectionOf(rowOf(answer.status, body, text), {
    providerCode: `http_${answer.status}`,
    text,
    waitMs: waitOf(answer, body, nowMs),
    claim: request.claim,
  });
}

function rowOf(status: number, body: JsonObject, text: string | null): ErrorRow {
  const sentence = (text ?? "").toLowerCase();
  // The vendor's status says too little here (200 for a session that is down); of throttles the text is never read.
  const told =
    status === 429
      ? undefined
      : wasenderErrors.rows.find((row) => row.says !== null && sentence.includes(row.says));
  if (told !== undefined) return told;
  const fields = Object.keys(objectAt(body, "errors") ?? {});
  const isRecipient = status === 422 && fields.length === 1 && fields[0] === "to";
  const code = isRecipient ? "http_422_to" : status < 300 ? "http_200" : `http_${status}`;
  return wasenderErrors.find(code) ?? wasenderErrors.find("http_other")!;
}

/** Body before header, seconds that remain; the window's reset only when it is used up. */
export function waitOf(answer: Answer, body: JsonObject, nowMs: number): number | null {
  const named =
    secondsAsWaitMs(body.retry_after) ?? secondsAsWaitMs(body.retryAfter) ?? retryAfterMs(answer, nowMs);
  if (named !== null || answer.status !== 429) return named;
  const rate = rateOf(answer, nowMs);
  return rate?.remaining === 0 ? (rate.resetMs ?? null) : null;
}

/** X-RateLimit-*: the reset is documented both as a Unix time and as seconds from now. */
function rateOf(answer: Answer, nowMs: number): RateHint | null {
  const limit = numberOf(answer, "x-ratelimit-limit");
  const remaining = numberOf(answer, "x-ratelimit-remaining");
  const reset = numberOf(answer, "x-ratelimit-reset");
  const hint: RateHint = {};
  if (limit !== null) hint.limit = limit;
  if (remaining !== null) hint.remaining = remaining;
  if (reset !== null) hint.resetMs = resetMsOf(reset, nowMs);
  return Object.keys(hint).length === 0 ? null : hint;
}

/** A day's seconds stay below this, Unix times have been above it since 2001. */
const UNIX_TIME_FROM = 1e9;

function resetMsOf(reset: number, nowMs: number): number {
  if (reset < UNIX_TIME_FROM) return reset * 1000;
  return Math.max(0, (reset >= 1e12 ? reset : reset * 1000) - nowMs);
}

function numberOf(answer: Answer, name: string): number | null {
  const value = headerOf(answer, name);
  return value !== null && /^\d{1,16}$/.test(value.trim()) ? Number(value) : null;
}
