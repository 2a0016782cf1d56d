/** What the head of a file server's answer means for the message. Pure; the words are for the tenant. */
import { type MediaKind, mediaLimits, mimeTypeOf, refuseType } from "@wamesh/providers";

export type Headers = Record<string, string | string[] | undefined>;

export type Head =
  | { kind: "file"; mimeType: string; maxBytes: number }
  /** It would be so again. */
  | { kind: "unusable"; why: string }
  | { kind: "later"; why: string };

/** Answers that say "not now" rather than "no". */
const passing = new Set([408, 425, 429]);

/** `mostBytes`: what this process takes, whatever the provider would. */
export function readHead(
  kind: MediaKind,
  answer: { status: number; headers: Headers },
  mostBytes: number,
): Head {
  const { status } = answer;
  if (status >= 500 || passing.has(status))
    return { kind: "later", why: `The file's server answered ${status}.` };
  // What a redirect leads to was not asked for; its address may be given instead.
  if (status !== 200) return { kind: "unusable", why: `The file's server answered ${status}.` };
  const mimeType = mimeTypeOf(textOf(answer.headers["content-type"]));
  const refused = refuseType(kind, mimeType);
  if (refused !== null) return { kind: "unusable", why: `The file can't be used: ${refused}.` };
  const maxBytes = Math.min(mediaLimits.maxBytes(kind), mostBytes);
  const length = Number(textOf(answer.headers["content-length"]) ?? 0);
  if (length > maxBytes) return { kind: "unusable", why: tooLarge(maxBytes) };
  return { kind: "file", mimeType: mimeType!, maxBytes };
}

export function tooLarge(maxBytes: number): string {
  return `The file is larger than ${maxBytes} bytes.`;
}

function textOf(header: string | string[] | undefined): string | null {
  return typeof header === "string" ? header : null;
}
