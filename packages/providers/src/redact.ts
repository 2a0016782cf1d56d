/** Takes secrets out of what a provider sent: keys and tokens, and QR strings, which log somebody in. */
import { isObject } from "./json.ts";

/** Names of members, in lower case and without underscores. */
const dropped = new Set([
  "sessionid",
  "apikey",
  "webhooksecret",
  "accesstoken",
  "appsecret",
  "clientsecret",
  "verifytoken",
  "authorization",
]);
const codes = new Set(["qr", "qrcode"]);
const REDACTED = "[redacted]";
/** Quoted messages nest some twenty levels; what is deeper was made to break something. */
const MAX_DEPTH = 100;

/** A copy without secrets, and without `secret` in any string. What is nested too deeply is cut off there. */
export function redact(value: unknown, secret: string | null): unknown {
  return copy(value, secret, 0);
}

const mentioned = /"(access_?token|app_?secret|client_?secret|verify_?token|api_?key|authorization)"/i;

/** Whether a text names a secret at all: Meta's callbacks don't, so they need no copy. */
export function mentionsSecret(raw: string): boolean {
  return mentioned.test(raw);
}

function copy(value: unknown, secret: string | null, depth: number): unknown {
  if (typeof value === "string") return secret === null ? value : value.replaceAll(secret, REDACTED);
  if (value === null || typeof value !== "object") return value;
  if (depth >= MAX_DEPTH) return "[nested too deeply]";
  if (Array.isArray(value)) return value.map((inner) => copy(inner, secret, depth + 1));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const plain = name.toLowerCase().replaceAll("_", "");
      if (dropped.has(plain)) return [];
      const shown = secret === null ? name : name.replaceAll(secret, REDACTED);
      return [[shown, codes.has(plain) ? REDACTED : copy(inner, secret, depth + 1)]];
    }),
  );
}
