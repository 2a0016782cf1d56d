/** What both providers' splitting needs: keys, and a place for what can't be cut. */
import { createHash } from "node:crypto";
import type { CallbackItem } from "./callback.ts";

const MAX_KEPT_CHARS = 64 * 1024;

/** SHA-256 hex; JSON keeps the parts apart. */
export function dedupeKey(...parts: (string | null)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

export type Arrival = {
  /** Where it came in; part of every dedupe key. */
  scope: string;
  /** Part of the key of what carries neither id nor time: the second "connected" of a day is news, not a repetition. */
  receivedAtMs: number;
};

export type Whose = Pick<CallbackItem, "phoneNumberId" | "account">;

/** Nothing is dropped: what can't be read is kept as text, without what looks like a key or a QR code. */
export function unreadable(raw: string, scope: string, whose: Whose): CallbackItem {
  return {
    kind: "unreadable",
    ...whose,
    body: JSON.stringify({ unreadable: withoutSecrets(raw.slice(0, MAX_KEPT_CHARS)) }),
    dedupeKey: dedupeKey(scope, "unreadable", raw),
  };
}

/** One broken piece costs only itself. */
export function cutOut(piece: unknown, scope: string, whose: Whose, cut: () => CallbackItem): CallbackItem {
  try {
    return cut();
  } catch {
    return unreadable(asText(piece), scope, whose);
  }
}

function asText(piece: unknown): string {
  try {
    return JSON.stringify(piece) ?? "undefined";
  } catch {
    // Nested too deeply to be written again.
    return "[nested too deeply]";
  }
}

const secretFields =
  /"(session_?id|api_?key|webhook_?secret|access_?token|app_?secret|client_?secret|verify_?token|authorization|qr|qr_?code)"(\s*:\s*)"(?:[^"\\]|\\.)*"?/gi;

/** Broken JSON can't be redacted by field, so by what secrets look like: in named fields, 64 hex digits, a QR login string. */
function withoutSecrets(text: string): string {
  return text
    .replace(secretFields, '"$1"$2"[redacted]"')
    .replace(/\b[0-9a-fA-F]{64}\b/g, "[redacted]")
    .replace(/\b\d@[A-Za-z0-9+/=,_-]{20,}/g, "[redacted]");
}
