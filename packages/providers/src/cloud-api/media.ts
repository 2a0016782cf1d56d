/** `POST /{phone}/media`: what a file becomes for Meta, and what Meta makes of it. Pure. */
import { rejectionOf } from "../error-table.ts";
import type { Answer, HttpUpload } from "../exchange.ts";
import { idAt, objectAt, parseJson } from "../json.ts";
import type { MediaFile, Uploaded } from "../media-client.ts";
import { isHeaderSafe } from "../refusal.ts";
import { retryAfterMs } from "../retry-after.ts";
import type { SenderSession } from "../send.ts";
import { rowOf, saidOf } from "./errors.ts";

/** Null without usable credentials. `boundary` must not occur in the file: a random one does not. */
export function buildUpload(
  { credentials, providerRef }: SenderSession,
  file: MediaFile,
  boundary: string,
): HttpUpload | null {
  if (credentials.kind !== "cloud_api" || !isHeaderSafe(credentials.accessToken)) return null;
  const field = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const head =
    field("messaging_product", "whatsapp") +
    field("type", file.mimeType) +
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\nContent-Type: ${file.mimeType}\r\n\r\n`;
  const parts = [Buffer.from(head), ...file.chunks, Buffer.from(`\r\n--${boundary}--\r\n`)];
  return {
    path: `/${encodeURIComponent(providerRef)}/media`,
    headers: {
      authorization: `Bearer ${credentials.accessToken}`,
      accept: "application/json",
      "content-type": `multipart/form-data; boundary=${boundary}`,
      "content-length": String(parts.reduce((sum, part) => sum + part.length, 0)),
    },
    parts,
  };
}

/** A second upload of the same file is harmless, so whatever is not clear may be asked again. */
export function readUpload(answer: Answer, nowMs: number): Uploaded {
  const root = parseJson(answer.body);
  const id = answer.status >= 200 && answer.status < 300 ? idAt(root, "id") : null;
  if (id !== null) return { kind: "uploaded", id };
  const error = objectAt(root, "error");
  if (error === null) return { kind: "unsure", why: `HTTP ${answer.status}`, waitMs: null };
  const { row, code } = rowOf(error, answer.status);
  const waitMs = retryAfterMs(answer, nowMs);
  const said = rejectionOf(row, { providerCode: code, text: saidOf(error), waitMs, claim: 1 });
  // Only what is wrong with the file itself says that it would be refused again.
  return said.faultClass === "content" && said.retry.kind === "never"
    ? { kind: "refused", code: row.reason, detail: said.detail }
    : { kind: "unsure", why: said.detail, waitMs: said.retry.kind === "after" ? said.retry.ms : null };
}
