/** What tenants' messages came to, and by how much that grew. Pure. */
import { countersOf } from "../counters.ts";

export const outcomes = [
  "accepted",
  "sent",
  "delivered",
  "read",
  "failed",
  "expired",
  "cancelled",
  "unconfirmed",
] as const;
export type Totals = Record<(typeof outcomes)[number], number>;

export const none: Totals = Object.freeze(
  Object.fromEntries(outcomes.map((outcome) => [outcome, 0])),
) as Totals;

/** Of the read model's counters of one tenant; one that was delivered counts as sent too. */
export function totalsOf(values: Readonly<Record<string, number>>): Totals {
  const counters = countersOf(values);
  return mapped((outcome) => counters[outcome]);
}

/** Never less than nothing: a message that was sent and then failed takes its `sent` back, and a counter may not fall. */
export function growth(before: Totals, after: Totals): Totals {
  return mapped((outcome) => Math.max(0, after[outcome] - before[outcome]));
}

export function plus(a: Totals, b: Totals): Totals {
  return mapped((outcome) => a[outcome] + b[outcome]);
}

/** Of what ended, the share that a provider took; null: nothing ended. */
export function successRatio({ sent, failed, expired, unconfirmed }: Totals): number | null {
  const ended = sent + failed + expired + unconfirmed;
  return ended === 0 ? null : sent / ended;
}

function mapped(value: (outcome: keyof Totals) => number): Totals {
  return Object.fromEntries(outcomes.map((outcome) => [outcome, value(outcome)])) as Totals;
}
