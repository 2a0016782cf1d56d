/** What the first bytes of a file say of its type: a dated table, read once. */
import data from "./cloud-api/file-signatures.json" with { type: "json" };
import { refuseType } from "./media-limits.ts";
import type { MediaKind } from "./send.ts";

type Pattern = (number | null)[];

const signatures: ReadonlyMap<string, readonly Pattern[]> = new Map(
  Object.entries(data.types).map(([type, patterns]) => [type, patterns.map(read)]),
);

/** So many bytes decide; a shorter file has them all. */
export const signatureBytes = Math.max(...[...signatures.values()].flat().map((pattern) => pattern.length));

export type Sniffed = { kind: "fits"; mimeType: string } | { kind: "unfit"; why: string };

/**
 * A file sent as `kind` that its server calls `mimeType`. The bytes have the last word between the types that the kind may have: a PNG
 * called a JPEG is a PNG. A type without a signature is believed.
 */
export function sniff(kind: MediaKind, mimeType: string, head: Uint8Array): Sniffed {
  const patterns = signatures.get(mimeType);
  if (patterns === undefined || patterns.some((pattern) => begins(head, pattern)))
    return { kind: "fits", mimeType };
  const found = [...signatures].find(([, of]) => of.some((pattern) => begins(head, pattern)))?.[0];
  // A document may be of any type, so its name is taken at its word.
  if (found !== undefined && kind !== "document" && refuseType(kind, found) === null)
    return { kind: "fits", mimeType: found };
  const looks = found === undefined ? "" : `, but those of ${found}`;
  return { kind: "unfit", why: `its first bytes are not those of ${mimeType}${looks}` };
}

function read(hex: string): Pattern {
  return (hex.match(/../g) ?? []).map((pair) => (pair === "??" ? null : Number.parseInt(pair, 16)));
}

function begins(head: Uint8Array, pattern: Pattern): boolean {
  return head.length >= pattern.length && pattern.every((byte, at) => byte === null || head[at] === byte);
}
