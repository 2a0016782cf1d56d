/** How a state looks: always with its word, the colour only helps. */
export type Tone = "neutral" | "info" | "good" | "warn" | "bad" | "doubt";

export type Word = { label: string; tone: Tone };

/** A state that is newer than this console is shown by its own name. */
export function wordOf(words: Readonly<Record<string, Word>>, state: string): Word {
  return words[state] ?? { label: spelled(state), tone: "neutral" };
}

/** `quiet_hours` → `Quiet hours`. */
export function spelled(code: string): string {
  const text = code.replaceAll("_", " ").trim().toLowerCase();
  return text === "" ? "Unknown" : text[0]!.toUpperCase() + text.slice(1);
}
