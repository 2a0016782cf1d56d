/**
 * After the store was set back to an older state: what its items have become meanwhile, by what was published of them. What
 * nobody told of may have been claimed and sent all the same, and is in doubt. Pure.
 */

export type Ended = {
  outcome: "sent" | "failed" | "expired" | "cancelled";
  n: number;
  providerId: string | null;
};

/** What was told of one item, in any order and as often as it may be. */
export type Told =
  | ({ kind: "ended" } & Ended)
  | { kind: "unconfirmed"; n: number }
  | { kind: "in_doubt"; n: number }
  /** It waits for its claim `next`; the ones before came to nothing. */
  | { kind: "queued"; next: number; nextAt: number | null; attempts: number }
  /** By a provider's receipt. */
  | { kind: "receipt"; n: number; outcome: "sent" | "failed" };

/** All that was told of one item, so far as it matters. */
export type Trace = {
  ended: Ended | null;
  /** Claim that ended unconfirmed, the last one; 0: none. */
  unconfirmed: number;
  inDoubt: number;
  /** The newest word that it waits. */
  queued: { next: number; nextAt: number | null; attempts: number } | null;
  /** Claims that receipts say were sent, or came to nothing; 0: none. */
  receiptSent: number;
  receiptFailed: number;
};

export const noTrace: Trace = {
  ended: null,
  unconfirmed: 0,
  inDoubt: 0,
  queued: null,
  receiptSent: 0,
  receiptFailed: 0,
};

/** The same words in another order, or twice, make the same trace. */
export function trace(before: Trace, told: Told): Trace {
  switch (told.kind) {
    case "ended": {
      const { outcome, n, providerId } = told;
      return { ...before, ended: laterEnd(before.ended, { outcome, n, providerId }) };
    }
    case "unconfirmed":
      return { ...before, unconfirmed: Math.max(before.unconfirmed, told.n) };
    case "in_doubt":
      return { ...before, inDoubt: Math.max(before.inDoubt, told.n) };
    case "queued": {
      const { next, nextAt, attempts } = told;
      const isNewer = before.queued === null || next > before.queued.next;
      return isNewer ? { ...before, queued: { next, nextAt, attempts } } : before;
    }
    case "receipt":
      return told.outcome === "sent"
        ? { ...before, receiptSent: Math.max(before.receiptSent, told.n) }
        : { ...before, receiptFailed: Math.max(before.receiptFailed, told.n) };
  }
}

/** One item has one end, told twice at most; of two that differ, the one that says it left. */
function laterEnd(a: Ended | null, b: Ended): Ended {
  if (a === null) return b;
  if ((a.outcome === "sent") !== (b.outcome === "sent")) return a.outcome === "sent" ? a : b;
  return b.n > a.n ? b : a;
}

/** An item as the restored store has it; one that it has not heard of yet has no claim. */
export type Restored = {
  /** Of its last claim that came to nothing. */
  n: number;
  /** Number of the claim that was open. */
  claimed: number | null;
  nextAt: number | null;
  /** Whether the store knows it. What it does not know it will read again. */
  isKnown: boolean;
};

export type Recovery =
  | { kind: "end"; outcome: Ended["outcome"] | "unconfirmed"; n: number; providerId: string | null }
  /** Claim `n` may have been made: nobody sends it before a receipt, its policy or a person has decided. */
  | { kind: "doubt"; n: number }
  /** Surely not claimed since: it waits on. */
  | { kind: "wait"; n: number; nextAt: number | null; attempts: number | null };

export type Loss = {
  /** Nothing was claimed after this, by the database's clock. */
  lostAt: number;
  /** Everything that was done had been published: what was not told of was not done. */
  isAllTold: boolean;
};

export function recover(item: Restored, { ended, ...told }: Trace, { lostAt, isAllTold }: Loss): Recovery {
  if (ended !== null) return { kind: "end", ...ended };
  const { queued } = told;
  const next = Math.max(1, queued?.next ?? 0, item.n + 1);
  // What was told to be unconfirmed was taken up again only if it was queued since.
  if (told.unconfirmed > 0 && told.unconfirmed >= next && told.receiptSent === 0)
    return { kind: "end", outcome: "unconfirmed", n: told.unconfirmed, providerId: null };
  if (told.receiptSent > 0) return { kind: "doubt", n: told.receiptSent };
  const open = Math.max(told.inDoubt, told.receiptFailed, item.claimed ?? 0);
  if (open >= next) return { kind: "doubt", n: open };
  const isNews = queued !== null && queued.next > item.n;
  const nextAt = isNews ? queued.nextAt : item.nextAt;
  const isUnclaimed = isAllTold || (nextAt !== null && nextAt > lostAt);
  // One that is read again begins anew, which only suits one that was never claimed.
  if (!isUnclaimed || (!item.isKnown && next > 1)) return { kind: "doubt", n: next };
  return { kind: "wait", n: next - 1, nextAt, attempts: isNews ? queued.attempts : null };
}
