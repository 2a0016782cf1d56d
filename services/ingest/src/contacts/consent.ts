/** What a person says of messages, and what then holds. Pure. */
import { type ConsentScope, type ConsentSource, type InboundMessage, opensWindow } from "@wamesh/events";
import { consentWord } from "./consent-word.ts";

export type Scope = Exclude<ConsentScope, "UNKNOWN">;
export const scopes = ["marketing", "all"] as const satisfies readonly Scope[];

export type Said = {
  scope: Scope;
  optedOut: boolean;
  source: Exclude<ConsentSource, "UNKNOWN">;
  /** Id of the record or request that says so. */
  proof: string;
  /** Epoch ms, as the one says who said it; and when it came to us, which tells words of the same second apart. */
  occurredAt: number;
  recordedAt: number;
};

/** What holds of one scope; `version` 0: nothing was published yet. */
export type Standing = { version: number; optedOut: boolean; occurredAt: number; recordedAt: number };

/**
 * What an inbound record says of consent. STOP means all: a person who writes it to a number wants nothing from it any
 * more, one-time passwords included, and guessing that they meant less is not ours to do. START takes back both. What is
 * written in a group is said to the group. Only what a person typed, and a template's button, is read as a word: a menu
 * of the tenant's own may well have an entry named Stop.
 */
export function saidIn(inbound: InboundMessage): Said[] {
  const { event_id: proof, occurred_at: occurredAt, recorded_at: recordedAt, preference } = inbound;
  const heard = { proof, occurredAt, recordedAt };
  if (inbound.kind === "preference") {
    const scope = scopes.find((one) => one === preference?.scope);
    if (preference === null || scope === undefined) return [];
    return [{ scope, optedOut: preference.opted_out, source: "provider", ...heard }];
  }
  if (!opensWindow(inbound) || (inbound.kind !== "text" && inbound.kind !== "button")) return [];
  switch (consentWord(inbound.text)) {
    case "stop":
      return [{ scope: "all", optedOut: true, source: "stop_word", ...heard }];
    case "start":
      return scopes.map((scope) => ({ scope, optedOut: false, source: "start_word", ...heard }));
    case null:
      return [];
  }
}

export type After = {
  /** Whether it is to be published; else only the time is remembered. */
  isNews: boolean;
  standing: Standing;
};

/**
 * The later word wins, whenever it is read. Providers tell times in whole seconds: within one, the word that came to us
 * later wins, and of two that came together the one that wants less. Null: nothing changes, as for a record read twice.
 * What the tenant says through the API is said now, whatever the providers' clocks.
 */
export function afterSaid(standing: Standing | undefined, said: Said): After | null {
  const { version, optedOut, occurredAt } = standing ?? nothing;
  const { recordedAt } = said;
  if (said.source === "api")
    return {
      isNews: true,
      standing: {
        version: version + 1,
        optedOut: said.optedOut,
        // Later than what it overrules, so that a word read again does not come back.
        occurredAt: Math.max(occurredAt + 1, said.occurredAt),
        recordedAt,
      },
    };
  if (!isLater(said, standing ?? nothing)) return null;
  const isNews = said.optedOut !== optedOut;
  return {
    isNews,
    standing: {
      version: isNews ? version + 1 : version,
      optedOut: said.optedOut,
      occurredAt: said.occurredAt,
      recordedAt,
    },
  };
}

const nothing: Standing = { version: 0, optedOut: false, occurredAt: 0, recordedAt: 0 };

type Word = Pick<Standing, "optedOut" | "occurredAt" | "recordedAt">;

function isLater(a: Word, b: Word): boolean {
  if (a.occurredAt !== b.occurredAt) return a.occurredAt > b.occurredAt;
  if (a.recordedAt !== b.recordedAt) return a.recordedAt > b.recordedAt;
  return a.optedOut && !b.optedOut;
}
