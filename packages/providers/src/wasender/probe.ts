/** What WasenderApi says of a session: `GET /status` with the session's key answers `{"status":"connected"}`. */
import { isObject, objectAt, parseJson, textAt } from "../json.ts";
import type { ProbedStatus } from "../prober.ts";
import type { Provider } from "../provider.ts";
import { tenantDetail } from "../scrub.ts";

/** As of 2026-08. Compared in lower case: the casing of answers varies. */
const states: Record<string, ProbedStatus> = {
  connected: "connected",
  connecting: "connecting",
  need_scan: "need_scan",
  need_passkey: "need_scan",
  disconnected: "disconnected",
  logged_out: "logged_out",
  expired: "expired",
};

/** null for a word of tomorrow. */
export function statusOfWord(word: string): ProbedStatus | null {
  return states[word.toLowerCase()] ?? null;
}

export const askState: Provider["askState"] = ({ credentials }) => ({
  path: "/status",
  headers: {
    accept: "application/json",
    authorization: `Bearer ${credentials.kind === "wasender" ? credentials.apiKey : ""}`,
  },
});

export const readState: Provider["readState"] = ({ status, body }) => {
  const root = parseJson(body);
  if (status === 401)
    return {
      kind: "state",
      status: "auth_failed",
      detail: tenantDetail("HTTP 401", textAt(root, "message")),
    };
  // Without `data` in today's answers; with it in the envelope of all others.
  const word = textAt(root, "status") ?? textAt(objectAt(root, "data"), "status");
  if (status >= 400 || word === null || (isObject(root) && root.success === false))
    return { kind: "unsure", why: `HTTP ${status} without a state` };
  const known = statusOfWord(word);
  // A state of tomorrow is no reason to stop a session that sends.
  return known === null
    ? { kind: "unsure", why: `unknown state ${word.slice(0, 40)}` }
    : { kind: "state", status: known, detail: word };
};
