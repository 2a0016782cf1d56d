/** What is kept of an endpoint's answer, for its tenant to read: the beginning, without secrets. Pure. */

export const maxExcerptBytes = 1024;

const secrets: readonly RegExp[] = [
  // Signing secrets and keys of this mesh, which a receiver in debug mode may print.
  /\bwhsec_[A-Za-z0-9+/=_-]+/g,
  /\bwam_[A-Za-z0-9_]+/g,
  /\bv1,[A-Za-z0-9+/]{20,}=*/g,
  // Their own.
  /\b(?:Bearer|Basic)\s+[\w.~+/=-]+/gi,
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  /\b(?:password|passwd|secret|token|api[_-]?key|authorization)\b["']?\s*[:=]\s*["']?[^\s"',;&<>}]+/gi,
];

/** Null when it says nothing. `bytes` may end in the middle of a character. */
export function excerptOf(bytes: Uint8Array): string | null {
  // A secret that the cut went through would not be known by its pattern any more: only what is whole is looked at.
  const text = new TextDecoder()
    .decode(bytes)
    // Postgres keeps no U+0000, and a terminal obeys the others.
    .replaceAll(/\p{Cc}/gu, " ")
    .trim();
  const clean = secrets.reduce((kept, secret) => kept.replaceAll(secret, "[redacted]"), text);
  const cut = Buffer.from(clean).subarray(0, maxExcerptBytes);
  const shown = new TextDecoder().decode(cut).replace(/\ufffd+$/, "");
  return shown === "" ? null : shown;
}
