/** An item's body, as split.ts wrote it, understood. */
import type { Fact } from "../callback.ts";
import { epochMs } from "../epoch-ms.ts";
import { idAt, isObject, type JsonObject, objectAt } from "../json.ts";
import type { Provider } from "../provider.ts";
import { factsOf } from "./account-facts.ts";
import { parseCall } from "./call.ts";
import { receiptError, rowOf } from "./errors.ts";
import { parseMessage } from "./inbound.ts";
import { parsePreference } from "./preference.ts";
import { parseStatus } from "./receipt.ts";

export const parse: Provider["parse"] = (item, body) => {
  const status = objectAt(item, "status");
  if (status !== null) return [parseStatus(status, body)];
  const contact = objectAt(item, "contact");
  const message = objectAt(item, "message");
  if (message !== null) return [parseMessage(message, contact, body)];
  const preference = objectAt(item, "preference");
  if (preference !== null) return [parsePreference(preference, contact, body)];
  const call = objectAt(item, "call");
  if (call !== null) return [parseCall(call, contact, body)];
  const occurredAt = epochMs(isObject(item) ? item.time : null);
  const error = objectAt(item, "error");
  if (error !== null) return [trouble(error, occurredAt)];
  const field = idAt(item, "field");
  const value = objectAt(item, "value") ?? {};
  const facts = factsOf(field, value, occurredAt);
  return facts.length > 0 ? facts : [{ kind: "other", name: nameOf(item, field, value), payload: body }];
};

/** value.errors: a throttle or an account's trouble, without a message. */
function trouble(error: JsonObject, occurredAt: number | null): Fact {
  const { row } = rowOf(error, null);
  const fact = row.effect === "slow" ? "throttled" : row.effect === "pause" ? "paused" : "other";
  const said = receiptError(error);
  return {
    kind: "fact",
    fact,
    value: fact === "other" ? `error ${said.providerCode}` : null,
    template: null,
    numberDigits: null,
    error: said,
    detail: "",
    occurredAt,
  };
}

/** The field, and the word that says what happened where there is one. */
function nameOf(item: unknown, field: string | null, value: JsonObject): string {
  const echo = objectAt(item, "echo");
  if (echo !== null) return `echo.${idAt(echo, "type") ?? "none"}`;
  const callStatus = objectAt(item, "call_status");
  if (callStatus !== null) return `call.${idAt(callStatus, "status") ?? "none"}`;
  const word = idAt(value, "event") ?? idAt(value, "decision") ?? "";
  return /^[A-Z][A-Z_]{1,60}$/.test(word) ? `${field ?? "unknown"} ${word}` : (field ?? "unknown");
}
