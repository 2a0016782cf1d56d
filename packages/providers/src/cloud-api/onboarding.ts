/** How a business joins by Embedded Signup, step by step: requests and what their answers mean. */
import type { Answer, HttpOrder } from "../exchange.ts";
import { idAt, listAt, objectAt, parseJson, textAt } from "../json.ts";
import type { Managed } from "../managed.ts";
import { reasonFaults } from "../reasons.ts";
import { retryAfterMs } from "../retry-after.ts";
import { tenantDetail } from "../scrub.ts";
import { rowOf, saidOf } from "./errors.ts";
import facts from "./onboarding-facts.json" with { type: "json" };

export type MetaAppAccess = { id: string; secret: string };

export const orders = {
  /** The code opens once and within 30 s. */
  exchange: (app: MetaAppAccess, code: string): HttpOrder => ({
    method: "GET",
    path: `/oauth/access_token?${new URLSearchParams({ client_id: app.id, client_secret: app.secret, code })}`,
    headers: { accept: "application/json" },
  }),
  rights: (app: MetaAppAccess, token: string): HttpOrder => ({
    method: "GET",
    path: `/debug_token?${new URLSearchParams({ input_token: token })}`,
    headers: { accept: "application/json", authorization: `Bearer ${app.id}|${app.secret}` },
  }),
  subscribe: (token: string, waba: string): HttpOrder => ({
    method: "POST",
    path: `/${encodeURIComponent(waba)}/subscribed_apps`,
    headers: { accept: "application/json", authorization: `Bearer ${token}` },
  }),
  unsubscribe: (token: string, waba: string): HttpOrder => ({
    ...orders.subscribe(token, waba),
    method: "DELETE",
  }),
  register: (token: string, phone: string, pin: string): HttpOrder => ({
    method: "POST",
    path: `/${encodeURIComponent(phone)}/register`,
    headers: {
      accept: "application/json",
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ messaging_product: "whatsapp", pin }),
  }),
};

export function readToken(answer: Answer, nowMs: number): Managed<string> {
  return read(answer, nowMs, (root) => idAt(root, "access_token"));
}

/** Refused as `auth` when the token is not valid, or lacks a right, or doesn't reach the account. */
export function readRights(answer: Answer, nowMs: number, waba: string): Managed<null> {
  const data = read(answer, nowMs, (root) => objectAt(root, "data"));
  if (data.kind !== "done") return data;
  if (data.value.is_valid !== true) {
    const said = textAt(objectAt(data.value, "error"), "message");
    return { kind: "refused", why: "auth", detail: tenantDetail("The access token is not valid", said) };
  }
  const scopes = listAt(data.value, "scopes");
  const lacking = facts.needed_scopes.filter((scope) => !scopes.includes(scope));
  if (lacking.length > 0)
    return { kind: "refused", why: "auth", detail: `The access token lacks ${lacking.join(" and ")}` };
  const beyond = listAt(data.value, "granular_scopes").some(
    (row) =>
      facts.needed_scopes.includes(textAt(row, "scope") ?? "") &&
      listAt(row, "target_ids").length > 0 &&
      !listAt(row, "target_ids").map(String).includes(waba),
  );
  return beyond
    ? { kind: "refused", why: "auth", detail: "The access token does not reach this business account" }
    : { kind: "done", value: null };
}

export function readSuccess(answer: Answer, nowMs: number): Managed<null> {
  const ended = read(answer, nowMs, (root) => (root.success === true ? true : null));
  return ended.kind === "done" ? { kind: "done", value: null } : ended;
}

function read<Value>(
  answer: Answer,
  nowMs: number,
  value: (root: Record<string, unknown>) => Value | null,
): Managed<Value> {
  const root = parseJson(answer.body);
  const error = objectAt(root, "error");
  if (error !== null) return refusalOf(error, answer, nowMs);
  const ok = answer.status >= 200 && answer.status < 300;
  const found =
    ok && root !== null && typeof root === "object" ? value(root as Record<string, unknown>) : null;
  return found === null
    ? { kind: "unsure", detail: `HTTP ${answer.status} without what was asked for`, retryAfterMs: null }
    : { kind: "done", value: found };
}

/** The table of errors is the one that sends are read by; only what it says of messages is left out. */
function refusalOf(error: Record<string, unknown>, answer: Answer, nowMs: number): Managed<never> {
  const { row, code } = rowOf(error, answer.status);
  const detail = tenantDetail(`code ${code}`, saidOf(error));
  if (facts.wrong_pin_codes.includes(code)) return { kind: "refused", why: "pin", detail };
  if (reasonFaults[row.reason] === "credentials") return { kind: "refused", why: "auth", detail };
  if (row.code === "100/33") return { kind: "refused", why: "gone", detail };
  if (row.retry === "never") return { kind: "refused", why: "other", detail };
  const tableMs = row.pause_s ?? row.after_s;
  return {
    kind: "unsure",
    detail,
    retryAfterMs: retryAfterMs(answer, nowMs) ?? (tableMs === null ? null : tableMs * 1_000),
  };
}
