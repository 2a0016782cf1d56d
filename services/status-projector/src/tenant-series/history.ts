/** Totals of the last hour, in steps of five minutes: enough to say by how much they grew since. Pure. */
import { growth, none, type Totals } from "./outcomes.ts";

type Look = { atMs: number; totals: ReadonlyMap<string, Totals> };

const spanMs = 3_600_000;
const stepMs = 300_000;

export function createHistory() {
  let looks: Look[] = [];
  return {
    note(look: Look): void {
      const last = looks.at(-1);
      if (last === undefined || look.atMs - last.atMs >= stepMs) looks.push(look);
      // The oldest of those that remain is what an hour is measured from.
      while (looks.length > 1 && look.atMs - looks[1]!.atMs >= spanMs) looks = looks.slice(1);
    },
    /** By how much they grew since the beginning of what is known. */
    since(tenant: string, now: Totals): Totals {
      const first = looks[0];
      return first === undefined ? none : growth(first.totals.get(tenant) ?? none, now);
    },
  };
}
