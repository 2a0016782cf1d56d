import { type Word, wordOf } from "../words/tone.ts";

/** A state in a word; the colour and the mark's form only repeat it. */
export function Chip({ of, state }: { of: Readonly<Record<string, Word>>; state: string }) {
  const { label, tone } = wordOf(of, state);
  return (
    <span class="chip" data-tone={tone} data-state={state}>
      {label}
    </span>
  );
}
