/** A provider's error codes are data, error-codes.json: read, looked up and turned into outcomes here. */
import { z } from "zod";
import { type ReasonCode, reasonFaults } from "./reasons.ts";
import { tenantDetail } from "./scrub.ts";
import type { Rejection } from "./send.ts";

const handling = z.strictObject({
  retry: z.enum(["never", "after"]),
  /** null: the schedule's own back-off, or the end of the pause. */
  after_s: z.number().nonnegative().nullable(),
  /** The wait is multiplied by this with every claim, up to after_max_s. */
  after_factor: z.number().min(1).optional(),
  after_max_s: z.number().positive().nullable().optional(),
  /** Claims beyond this one are not tried again. */
  last_claim: z.int().positive().nullable().optional(),
  counts_as_attempt: z.boolean(),
  scope: z.enum(["message", "pair", "session", "account", "app", "template"]),
  effect: z.enum(["none", "slow", "pause"]),
  pause_s: z.number().positive().nullable().optional(),
});

const row = handling.partial().extend({
  /** The provider's code, or a range "200-299". */
  code: z.string().min(1),
  /** What the tenant reads. */
  meaning: z.string().min(1),
  class: z.string(),
  reason: z.enum(Object.keys(reasonFaults) as [ReasonCode, ...ReasonCode[]]),
  /** Where a provider has no codes: the row is meant when its sentence holds this, in lower case. */
  says: z.string().optional(),
});

const table = z.strictObject({
  as_of: z.iso.date(),
  source: z.string(),
  classes: z.record(z.string(), handling),
  rows: z.array(row).min(1),
});

const usual = { after_factor: 1, after_max_s: null, last_claim: null, pause_s: null };

type Handling = z.infer<typeof handling>;

export type ErrorRow = { [Field in keyof Handling]-?: Exclude<Handling[Field], undefined> } & {
  code: string;
  meaning: string;
  class: string;
  reason: ReasonCode;
  says: string | null;
};

export type ErrorTable = {
  asOf: string;
  source: string;
  rows: readonly ErrorRow[];
  /** The row of a code: named itself, else by its range. */
  find(code: string): ErrorRow | null;
};

/** Throws when the data is wrong: at start, not at the first error. */
export function readErrorTable(data: unknown): ErrorTable {
  const parsed = table.parse(data);
  const rows = parsed.rows.map((entry): ErrorRow => {
    const base = parsed.classes[entry.class];
    if (base === undefined) throw new Error(`error table: ${entry.code} names no class: ${entry.class}`);
    const own = Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
    return { ...usual, ...base, ...own, says: entry.says ?? null } as ErrorRow;
  });
  const exact = new Map(rows.map((entry) => [entry.code, entry]));
  if (exact.size !== rows.length) throw new Error("error table: a code has two rows");
  const ranges = rows.flatMap((entry) => {
    const bounds = /^(\d+)-(\d+)$/.exec(entry.code);
    return bounds === null ? [] : [{ from: Number(bounds[1]), to: Number(bounds[2]), entry }];
  });
  return {
    asOf: parsed.as_of,
    source: parsed.source,
    rows,
    find(code) {
      const named = exact.get(code);
      if (named !== undefined) return named;
      const number = /^\d+$/.test(code) ? Number(code) : Number.NaN;
      return ranges.find(({ from, to }) => number >= from && number <= to)?.entry ?? null;
    },
  };
}

export type Said = {
  providerCode: string | null;
  /** The provider's sentence; scrubbed before a tenant sees it. */
  text: string | null;
  /** The wait the provider named, in ms. */
  waitMs: number | null;
  claim: number;
};

/** What follows from a row. The provider's own wait goes before the table's. */
export function rejectionOf(entry: ErrorRow, said: Said): Rejection {
  const pauseMs = entry.pause_s === null ? null : entry.pause_s * 1000;
  const waitMs = said.waitMs ?? tableWaitMs(entry, said.claim) ?? pauseMs;
  const givenUp = entry.retry === "never" || said.claim > (entry.last_claim ?? Number.POSITIVE_INFINITY);
  return {
    kind: "rejected",
    code: entry.reason,
    providerCode: said.providerCode,
    faultClass: reasonFaults[entry.reason],
    retry: givenUp
      ? { kind: "never" }
      : { kind: "after", ms: waitMs, countsAsAttempt: entry.counts_as_attempt },
    scope: entry.scope,
    effect: entry.effect,
    pauseMs: pauseOf(entry.effect, said.waitMs, pauseMs ?? waitMs),
    detail: tenantDetail(entry.meaning, said.text),
  };
}

function tableWaitMs(entry: ErrorRow, claim: number): number | null {
  if (entry.after_s === null) return null;
  const grown = entry.after_s * entry.after_factor ** (Math.max(1, claim) - 1);
  return Math.min(grown, entry.after_max_s ?? Number.POSITIVE_INFINITY) * 1000;
}

function pauseOf(effect: Rejection["effect"], namedMs: number | null, elseMs: number | null): number | null {
  switch (effect) {
    case "none":
      return null;
    case "slow":
      return namedMs;
    case "pause":
      return namedMs ?? elseMs;
  }
}
