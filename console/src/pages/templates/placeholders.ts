/** What a template wants to be filled with. Pure. */
import type { Template, TemplatePart } from "../../shapes/session.ts";

const placeholder = /\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g;

/** Names or numbers of the body's variables in their order, each once. */
export function placeholdersOf(template: Pick<Template, "components">): string[] {
  const body = template.components.find(({ type }) => type === "BODY");
  const names = [...(body?.text ?? "").matchAll(placeholder)].map(([, name]) => name!);
  const once = [...new Set(names)];
  return once.every((name) => /^\d+$/.test(name)) ? once.sort((a, b) => Number(a) - Number(b)) : once;
}

export type Piece = { text: string; variable: boolean };

/** A text in pieces; a variable is shown by its example where there is one. */
export function piecesOf(part: TemplatePart): Piece[] {
  const text = part.text ?? "";
  const examples = part.example?.body_text?.[0] ?? part.example?.header_text ?? [];
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of text.matchAll(placeholder)) {
    if (found.index > at) pieces.push({ text: text.slice(at, found.index), variable: false });
    const name = found[1]!;
    pieces.push({ text: examples[Number(name) - 1] ?? found[0], variable: true });
    at = found.index + found[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), variable: false });
  return pieces;
}
