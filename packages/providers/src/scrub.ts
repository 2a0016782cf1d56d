/** Takes out of a provider's sentence what nobody should read in a status or a log: numbers, WhatsApp ids, tokens. */

const MAX_CHARS = 300;

const secrets: [RegExp, string][] = [
  [/wamid\.[A-Za-z0-9+/=_-]+/g, "[message id]"],
  [/[\w.+:-]+@(s\.whatsapp\.net|c\.us|lid|g\.us|newsletter|broadcast)/g, "[address]"],
  [/[\w.+%-]+@[\w-]+(\.[\w-]+)+/g, "[address]"],
  // Access tokens of Meta's, however short, and what a WasenderApi QR code says.
  [/\bEAA[A-Za-z0-9]+/g, "[redacted]"],
  [/\b\d@\S+/g, "[redacted]"],
  [/(?<![A-Za-z0-9])[A-Za-z0-9_|.+/=-]{24,}/g, "[redacted]"],
  [/\+?\d(?:[\s().-]?\d){5,}/g, "[number]"],
];

/** At most 300 characters on one line. */
export function scrub(text: string): string {
  // Cut first: the patterns then see little, whatever came.
  let clean = text.slice(0, 4 * MAX_CHARS);
  for (const [pattern, replacement] of secrets) clean = clean.replace(pattern, replacement);
  clean = clean.replace(/\s+/g, " ").trim();
  return clean.length > MAX_CHARS ? `${clean.slice(0, MAX_CHARS - 1)}…` : clean;
}

/** "What it means: what the provider said". */
export function tenantDetail(meaning: string, said: string | null): string {
  const clean = said === null ? "" : scrub(said);
  return clean === "" ? meaning : `${meaning}: ${clean}`;
}
