/** How the ledger recognises a message, whichever provider it came through. */
import { hash } from "node:crypto";

export type Identity = {
  /** The sender's own message id where the provider carries one, else a hash of what was sent to whom. */
  id: string;
  /** Number of the claim, where the sender tells it. */
  claim: number | null;
  /** A marker `#<id>` inside the text, if there is one. */
  ref: string | null;
};

// At least 8 characters, so that "your code is #1234" is no marker.
const MARKER = /#([A-Za-z0-9_-]{8,64})(?![A-Za-z0-9_-])/;

/** `echo` is Meta's biz_opaque_callback_data, `<message id>.<claim>`: split at the last dot. */
export function identify(echo: string | null, sender: string, recipient: string, content: string): Identity {
  const ref = MARKER.exec(content)?.[1] ?? null;
  if (echo === null || echo === "") {
    return { id: hash("sha256", `${sender}\n${recipient}\n${content}`).slice(0, 24), claim: null, ref };
  }
  const dot = echo.lastIndexOf(".");
  const claim = dot > 0 ? Number(echo.slice(dot + 1)) : Number.NaN;
  if (!Number.isInteger(claim)) return { id: echo, claim: null, ref };
  return { id: echo.slice(0, dot), claim, ref };
}
