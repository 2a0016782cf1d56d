/** Whether a message, as a whole, asks for no more messages, or for messages again. Pure. */
import data from "./consent-words.json" with { type: "json" };

export type ConsentWord = "stop" | "start";

/** Null: it says neither. */
export function consentWord(text: string | null): ConsentWord | null {
  // No word is nearly that long, and a text may be.
  if (text === null || text.length > longest) return null;
  return words.get(evened(text)) ?? null;
}

const longest = 100;

const words = new Map<string, ConsentWord>(
  (["stop", "start"] as const).flatMap((said) =>
    Object.values(data[said])
      .flat()
      .map((word) => [evened(word), said] as const),
  ),
);

/**
 * Without case, accents, Arabic vowel signs and what stands around the words: "Stop!", "STOP 🙏" and "arret" are
 * understood. Marks of other scripts stay, they are letters there.
 */
function evened(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\u0300-\u036f\u064b-\u0655\p{Cf}]/gu, "")
    .replaceAll("ı", "i")
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{M}\p{N}]+$/gu, "")
    .replace(/[\s\p{Pd}]+/gu, " ");
}
