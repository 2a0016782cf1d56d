/** One field for all that a message can be found by: what was typed says which it is. Pure. */

export type Search = { kind: "id"; id: string } | { kind: "recipient" | "external_ref"; value: string };

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function readSearch(typed: string): Search | null {
  const text = typed.trim();
  if (text === "") return null;
  if (uuid.test(text)) return { kind: "id", id: text.toLowerCase() };
  // Numbers are pasted as they are written elsewhere: with spaces, brackets and hyphens.
  const number = text.replace(/[\s().-]/g, "");
  if (/^\+\d{5,20}$/.test(number)) return { kind: "recipient", value: number };
  if (/^00\d{5,18}$/.test(number)) return { kind: "recipient", value: `+${number.slice(2)}` };
  return { kind: "external_ref", value: text };
}
