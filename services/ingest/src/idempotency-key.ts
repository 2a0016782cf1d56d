/** Idempotency-Key as it stands in its header: a string of RFC 9651 in quotes, or the bare text that many clients send. Pure. */
const longest = 255;
/** Visible ASCII and spaces; a quote or backslash is escaped. Parameters say nothing here, and are not taken. */
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
/** A comma would come of a header sent twice; a quote, of a string that does not end. */
const bare = /^[\x21\x23-\x2b\x2d-\x7e]+$/;

/** The key, the same whether quoted or not; null: malformed. */
export function readKey(header: string): string | null {
  const text = header.trim();
  const inner = quoted.exec(text)?.[1]?.replace(/\\(["\\])/g, "$1") ?? (bare.test(text) ? text : null);
  return inner === null || inner === "" || inner.length > longest ? null : inner;
}
