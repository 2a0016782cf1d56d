/** What becomes of a template when its provider was told of an order, or listed it. Pure. */
import { canonicalJson } from "@wamesh/events";
import type { ProviderTemplate } from "@wamesh/providers";
import { categoryOf, nextTryMs, stateOf, wholeSecond } from "./life.ts";
import type { TemplateRow } from "./store.ts";

export type Outcome =
  /** It was created. */
  | { kind: "created"; id: string; status: string; category: string | null }
  /** It was changed, and is in review again. */
  | { kind: "edited" }
  /** Its pause has ended. */
  | { kind: "released" }
  | { kind: "removed" }
  /** The provider would not, because it has one already or for another reason: what it has is what counts. */
  | { kind: "found"; theirs: ProviderTemplate; why: string }
  /** The provider would not, and has none. */
  | { kind: "refused"; why: string }
  | { kind: "later"; why: string };

/** The row after its task; `random` in [0, 1). */
export function settle(row: TemplateRow, outcome: Outcome, nowMs: number, random: number): TemplateRow {
  const done = { ...row, task: null, task_tries: 0, task_detail: "" };
  const at = new Date(wholeSecond(nowMs));
  switch (outcome.kind) {
    case "created": {
      const created = {
        ...done,
        provider_id: outcome.id,
        category: categoryOf(outcome.category) ?? row.category,
      };
      // A callback may have been faster than the answer.
      return row.state === "submitting"
        ? { ...created, state: stateOf(outcome.status) ?? "pending" }
        : created;
    }
    case "edited":
      return row.state === "submitting" ? { ...done, state: "pending" } : done;
    case "released":
      return row.state === "paused" ? { ...done, state: "approved", state_at: at, reason: "" } : done;
    case "removed":
      return { ...done, state: "deleted", state_at: at };
    case "found":
      return { ...adopt(done, outcome.theirs, nowMs), reason: outcome.why || (outcome.theirs.reason ?? "") };
    case "refused":
      // Never taken, so nothing is there to be deleted either.
      if (row.task === "delete") return { ...done, state: "deleted", state_at: at };
      return { ...done, provider_id: null, state: "rejected", state_at: at, reason: outcome.why };
    case "later":
      return {
        ...row,
        task_tries: row.task_tries + 1,
        task_detail: outcome.why,
        task_due_at: new Date(nowMs + nextTryMs(row.task_tries, random)),
      };
  }
}

/** The template as the provider has it. */
export function adopt(row: TemplateRow, theirs: ProviderTemplate, atMs: number): TemplateRow {
  const at = new Date(wholeSecond(atMs));
  const later = (known: Date) => (at > known ? at : known);
  return {
    ...row,
    provider_id: theirs.id,
    category: categoryOf(theirs.category) ?? row.category,
    category_at: later(row.category_at),
    named: theirs.named,
    components: theirs.components,
    state: stateOf(theirs.status) ?? row.state,
    state_at: later(row.state_at),
    reason: theirs.reason ?? "",
    quality: theirs.quality ?? row.quality,
    quality_at: later(row.quality_at),
  };
}

/** Whether anybody has to hear of it. */
export function differs(a: TemplateRow, b: TemplateRow): boolean {
  const told = ({ provider_id, category, named, components, state, reason, quality }: TemplateRow) =>
    canonicalJson([provider_id, category, named, components, state, reason, quality]);
  return told(a) !== told(b);
}
