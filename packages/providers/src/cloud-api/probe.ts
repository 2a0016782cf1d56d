/** What Meta says of a number: `GET /{phone}?fields=…`. Only CONNECTED sends. */
import { isObject, objectAt, parseJson, textAt } from "../json.ts";
import type { ProbedStatus } from "../prober.ts";
import type { Provider } from "../provider.ts";
import { tenantDetail } from "../scrub.ts";

const fields =
  "id,display_phone_number,verified_name,status,name_status,code_verification_status,quality_rating";

/** Number states as Meta names them, 2026-09. A state not listed keeps its word as detail and counts as suspended. */
const states: Record<string, ProbedStatus> = {
  CONNECTED: "connected",
  PENDING: "pin_required",
  UNVERIFIED: "pin_required",
  DISCONNECTED: "disconnected",
  MIGRATED: "disconnected",
  DELETED: "disconnected",
  // It may still send within limits, which the sends themselves will tell.
  FLAGGED: "connected",
  RATE_LIMITED: "connected",
  RESTRICTED: "suspended",
  BANNED: "suspended",
};

/** Codes of a token that is wrong, expired or lacks a right; see error-codes.json, class AUTH. */
const isAuth = (code: number) =>
  code === 0 || code === 3 || code === 10 || code === 190 || (code >= 200 && code <= 299);

export const askState: Provider["askState"] = ({ providerRef, credentials }) => ({
  path: `/${encodeURIComponent(providerRef)}?fields=${fields}`,
  headers: {
    accept: "application/json",
    authorization: `Bearer ${credentials.kind === "cloud_api" ? credentials.accessToken : ""}`,
  },
});

export const readState: Provider["readState"] = ({ status, body }) => {
  const root = parseJson(body);
  const error = objectAt(root, "error");
  if (error !== null) {
    const code = Number(textAt(error, "code"));
    const detail = tenantDetail(
      `code ${code} ${textAt(error, "type") ?? ""}`.trim(),
      textAt(error, "message"),
    );
    if (isAuth(code)) return { kind: "state", status: "auth_failed", detail };
    // 100 with "does not exist", 803 and 33: the id is no number this token reaches.
    if (code === 33 || code === 100 || code === 803) return { kind: "state", status: "disconnected", detail };
    return { kind: "unsure", why: detail };
  }
  if (status < 200 || status > 299 || !isObject(root))
    return { kind: "unsure", why: `HTTP ${status} without a state` };
  // Fields not asked for or not known are left out; a number that answers at all without a state is taken as usable.
  const word = textAt(root, "status") ?? "CONNECTED";
  const known = states[word.toUpperCase()];
  return { kind: "state", status: known ?? "suspended", detail: word };
};
