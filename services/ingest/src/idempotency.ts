/** Idempotency-Key: what a request with a key meets. Pure; idempotency-store.ts keeps the entries. */

export type Answer = { status: 200 | 201 | 202; body: unknown; location: string | null };

/** What is kept under a key: a mark while the first request runs, then its answer. */
export type Entry =
  | { state: "running"; fingerprint: string }
  | { state: "answered"; fingerprint: string; answer: Answer };

export type Met =
  /** Nobody was here: run, then keep the answer. */
  { kind: "first" } | { kind: "replay"; answer: Answer } | { kind: "in_progress" } | { kind: "reused" };

/** `entry` is what stood under the key when this request came; null: nothing did. */
export function meet(entry: Entry | null, fingerprint: string): Met {
  if (entry === null) return { kind: "first" };
  // Before "in progress": a different body will not become right by waiting.
  if (entry.fingerprint !== fingerprint) return { kind: "reused" };
  return entry.state === "running" ? { kind: "in_progress" } : { kind: "replay", answer: entry.answer };
}
