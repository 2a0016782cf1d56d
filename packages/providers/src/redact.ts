/** Takes the secrets out of an event: `sessionId` is the session's API key, QR strings log somebody in. */
import { idAt, isObject, type JsonObject, objectAt } from "../json.ts";

const dropped = new Set(["sessionId", "session_id", "apiKey", "api_key", "webhookSecret", "webhook_secret"]);
const codes = new Set(["qr", "qrCode", "qrcode", "qr_code"]);
const REDACTED = "[redacted]";

/** A copy. Throws a RangeError when nested too deeply. */
export function redact(event: JsonObject): JsonObject {
  const key = idAt(event, "sessionId") ?? idAt(objectAt(event, "data"), "sessionId");
  // Short ones are no keys, and would be found in everything.
  return copy(event, key !== null && key.length >= 16 ? key : null) as JsonObject;
}

function copy(value: unknown, secret: string | null): unknown {
  if (typeof value === "string") return secret === null ? value : value.replaceAll(secret, REDACTED);
  if (Array.isArray(value)) return value.map((inner) => copy(inner, secret));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !dropped.has(name));
  return Object.fromEntries(
    kept.map(([name, inner]) => [
      secret === null ? name : name.replaceAll(secret, REDACTED),
      codes.has(name) ? REDACTED : copy(inner, secret),
    ]),
  );
}
