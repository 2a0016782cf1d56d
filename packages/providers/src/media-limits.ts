/** What a provider takes as an uploaded file, and for how long it keeps it: a dated data file, read once. */
import data from "./cloud-api/media-limits.json" with { type: "json" };
import type { MediaKind } from "./send.ts";

const dayMs = 86_400_000;

export const mediaLimits = {
  asOf: data.as_of,
  keptMs: data.kept_days * dayMs,
  /** Older ids are not used any more: a message may wait for days between its upload and its send. */
  usedForMs: data.renewed_after_days * dayMs,
  maxBytes: (kind: MediaKind): number => data.kinds[kind].max_bytes,
};

/** `image/jpeg; charset=…` → `image/jpeg`; null for what is no type. */
export function mimeTypeOf(header: string | null): string | null {
  const type = (header ?? "").split(";")[0]!.trim().toLowerCase();
  return /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/.test(type) ? type : null;
}

/** Why a file of this kind can't be of this type, for the tenant; null: it can. */
export function refuseType(kind: MediaKind, mimeType: string | null): string | null {
  const { types }: { types: string[] | null } = data.kinds[kind];
  if (mimeType === null) return "its server names no type";
  if (types === null || types.includes(mimeType)) return null;
  return `it is of type ${mimeType}; a file sent as ${kind} is of ${types.join(", ")}`;
}
