/**
 * The life of a template, as pure functions from what is known of it and what its provider says to what becomes of it.
 *
 *   draft ─> submitting ─> pending ─> approved <─> paused        approved, paused, rejected ─(edit)─> submitting
 *                          pending ─> rejected    any ─> disabled    any ─> deleting ─> deleted
 */
import type { Category } from "./content.ts";
import facts from "./facts.json" with { type: "json" };

export type State =
  | "draft"
  | "submitting"
  | "pending"
  | "approved"
  | "rejected"
  | "paused"
  | "disabled"
  | "deleting"
  | "deleted";
export type Task = "create" | "edit" | "release" | "delete";

/** Times are epoch ms in whole seconds, see `wholeSecond`. */
export type Known = {
  state: State;
  task: Task | null;
  reason: string;
  stateAtMs: number;
  quality: string | null;
  qualityAtMs: number;
  category: Category;
  categoryAtMs: number;
};

/** What the provider says; null: nothing of that. */
export type Said = {
  status: string | null;
  quality: string | null;
  category: string | null;
  reason: string | null;
  atMs: number;
};

export type Followed =
  | { kind: "change"; to: Known }
  | { kind: "same" }
  /** Nothing may be concluded from it but that the provider's list should be read. */
  | { kind: "look" };

const states: Partial<Record<string, State>> = facts.states as Record<string, State>;
const categories: ReadonlySet<string> = new Set(["marketing", "utility", "authentication"]);

/** Our state for the provider's word; null: a word that changes nothing (flagged), or one not known here. */
export function stateOf(status: string): State | null {
  return states[status] ?? null;
}

export function categoryOf(word: string | null): Category | null {
  return word !== null && categories.has(word) ? (word as Category) : null;
}

/** The provider tells times in whole seconds; our own are cut alike, or a word of the same second would look older. */
export function wholeSecond(ms: number): number {
  return Math.floor(ms / 1_000) * 1_000;
}

/** Hearing it again is harmless: the second time it is "same" or older than what is known. */
export function follow(known: Known, said: Said): Followed {
  // It is gone for us, or it never was the provider's: what there is now, only the list tells.
  if (known.state === "deleted" || known.state === "draft") return { kind: "look" };
  const atMs = wholeSecond(said.atMs);
  const to = { ...known };
  let isStale = false;

  const state = said.status === null ? null : stateOf(said.status);
  if (state !== null && !(known.state === "deleting" && state !== "deleted")) {
    if (atMs < known.stateAtMs || isEarlierWord(known, state, atMs)) isStale ||= state !== known.state;
    else {
      to.state = state;
      to.stateAtMs = atMs;
      to.reason = said.reason ?? "";
      // What was still to be said has no meaning any more.
      if (state === "deleted") to.task = null;
    }
  }
  if (said.quality !== null) {
    if (atMs < known.qualityAtMs) isStale ||= said.quality !== known.quality;
    else {
      to.quality = said.quality;
      to.qualityAtMs = atMs;
    }
  }
  const category = categoryOf(said.category);
  if (category !== null) {
    if (atMs < known.categoryAtMs) isStale ||= category !== known.category;
    else {
      to.category = category;
      to.categoryAtMs = atMs;
    }
  }
  if (differs(known, to)) return { kind: "change", to };
  return { kind: isStale ? "look" : "same" };
}

/** Of one second's words `pending` is the first: a review ends after it began. */
function isEarlierWord(known: Known, state: State, atMs: number): boolean {
  return state === "pending" && atMs === known.stateAtMs && known.state !== "submitting";
}

/** Times count: the same word of a later second makes what was said in between an older one. */
function differs(a: Known, b: Known): boolean {
  return (Object.keys(a) as (keyof Known)[]).some((field) => a[field] !== b[field]);
}

/** Whether it may be submitted, or why not. */
export function maySubmit(known: Pick<Known, "state"> & { isAtProvider: boolean }): "yes" | "done" | "no" {
  if (known.state === "submitting" || known.state === "pending") return "done";
  return known.state === "draft" || (known.state === "rejected" && !known.isAtProvider) ? "yes" : "no";
}

/** Whether its pause may be ended, or why not. */
export function mayRelease(known: Pick<Known, "state">): "yes" | "done" | "no" {
  if (known.state === "approved") return "done";
  return known.state === "paused" ? "yes" : "no";
}

const dayMs = 86_400_000;

/** Null: it may be edited. `at`: when it was edited while approved, epoch ms. */
export function editObstacle(
  known: { state: State; category: Category; isAtProvider: boolean },
  edit: { category: Category; editedAtMs: readonly number[]; nowMs: number },
): { problem: string; remedy: string } | null {
  if (known.state === "draft" || (known.state === "rejected" && !known.isAtProvider)) return null;
  if (!["approved", "rejected", "paused"].includes(known.state))
    return {
      problem: `is ${known.state}, and only drafts and approved, rejected or paused templates can be changed`,
      remedy: "Wait for the review, or create another template.",
    };
  if (known.state !== "approved") return null;
  if (edit.category !== known.category)
    return {
      problem: "is approved, so its category stays",
      remedy: "Leave category out, or create another template.",
    };
  const { per_day, per_30_days } = facts.edits_of_approved;
  const within = (spanMs: number) => edit.editedAtMs.filter((at) => at > edit.nowMs - spanMs).length;
  if (within(dayMs) >= per_day || within(30 * dayMs) >= per_30_days)
    return {
      problem: `was edited as often as the provider allows an approved one: ${per_day} in 24 hours, ${per_30_days} in 30 days`,
      remedy: "Edit it later, or create another template.",
    };
  return null;
}

/** How long until the provider is told again, in ms; `random` in [0, 1). */
export function nextTryMs(tries: number, random: number): number {
  return Math.round(Math.min(1_000 * 2 ** Math.min(tries, 10), 600_000) * (0.8 + 0.4 * random));
}

const syncMs = 3_600_000;

/** How long until an account's templates are listed again, in ms; callbacks tell the rest. `random` in [0, 1). */
export function nextSyncMs(failed: number, random: number): number {
  return failed > 0 ? nextTryMs(failed, random) : Math.round(syncMs * (0.8 + 0.4 * random));
}
