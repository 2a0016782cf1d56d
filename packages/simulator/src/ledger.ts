/**
 * What the simulator received and told, per message: the evidence in every drill. Bounded: beyond `maxMessages` the oldest
 * are forgotten (and counted as forgotten, since a later repeat of one would pass for new).
 */
import type { Status } from "./choices.ts";
import type { Identity } from "./identity.ts";

export type Provider = "cloud_api" | "wasender";

/** One entry per message id. Times are epoch ms; null = has not happened. */
export type Entry = {
  seq: number;
  id: string;
  ref: string | null;
  provider: Provider;
  /** phone_number_id or session id. */
  sender: string;
  /** Digits. */
  recipient: string;
  /** The last claim number seen. */
  claim: number | null;
  /** Requests with this id, and those among them after which the message was on its way. */
  requests: number;
  accepted: number;
  firstSeenAt: number;
  /** First reception that was accepted. */
  receivedAt: number | null;
  /** What the latest request was answered. */
  outcome: string;
  /** First moment a callback of this kind was acknowledged. */
  told: Record<Status, number | null>;
};

export type Violation = {
  at: number;
  sender: string;
  recipient: string | null;
  kind: "rate" | "pair";
  earlyByMs: number;
};

export type Reception = {
  identity: Identity;
  provider: Provider;
  sender: string;
  recipient: string;
  at: number;
  accepted: boolean;
  outcome: string;
};

export type Counts = {
  requests: number;
  received: number;
  duplicates: number;
  rejected: number;
  rateViolations: number;
  forgotten: number;
};

export type Ledger = {
  receive(reception: Reception): Entry;
  /** A request refused before its message could be read. */
  refuse(): void;
  violate(violation: Violation): void;
  counts(): Counts;
  violations(): readonly Violation[];
  find(idOrRef: string): Entry | null;
  /** Entries from sequence number `cursor` on, oldest first. */
  page(cursor: number, limit: number): { entries: Entry[]; nextCursor: number | null };
  /** Resolves once the message was accepted, or with null after the time. */
  wait(idOrRef: string, timeoutMs: number): Promise<Entry | null>;
  /** Calls back for every accepted reception until the returned function is called. */
  follow(listener: (entry: Entry) => void): () => void;
  reset(): void;
};

const KEPT_VIOLATIONS = 1_000;

export function createLedger(maxMessages: number): Ledger {
  let byId = new Map<string, Entry>();
  let byRef = new Map<string, Entry>();
  /** Entries in order; those before `head` are forgotten. seq = index + base. */
  let entries: Entry[] = [];
  let head = 0;
  let base = 0;
  let counts: Counts = emptyCounts();
  let violations: Violation[] = [];
  const waiting = new Map<string, Set<(entry: Entry) => void>>();
  const listeners = new Set<(entry: Entry) => void>();

  const forgetOldest = () => {
    const oldest = entries[head++];
    if (oldest === undefined) return;
    byId.delete(oldest.id);
    if (oldest.ref !== null && byRef.get(oldest.ref) === oldest) byRef.delete(oldest.ref);
    counts.forgotten++;
    if (head >= maxMessages) {
      entries = entries.slice(head);
      base += head;
      head = 0;
    }
  };

  const open = (r: Reception): Entry => {
    const entry: Entry = {
      seq: base + entries.length,
      id: r.identity.id,
      ref: r.identity.ref,
      provider: r.provider,
      sender: r.sender,
      recipient: r.recipient,
      claim: r.identity.claim,
      requests: 0,
      accepted: 0,
      firstSeenAt: r.at,
      receivedAt: null,
      outcome: r.outcome,
      told: { sent: null, delivered: null, read: null, failed: null },
    };
    entries.push(entry);
    byId.set(entry.id, entry);
    if (entry.ref !== null) byRef.set(entry.ref, entry);
    if (byId.size > maxMessages) forgetOldest();
    return entry;
  };

  const find = (idOrRef: string) => byId.get(idOrRef) ?? byRef.get(idOrRef) ?? null;

  const wake = (name: string, entry: Entry) => {
    const waiters = waiting.get(name);
    if (waiters === undefined) return;
    waiting.delete(name);
    for (const resolve of waiters) resolve(entry);
  };

  return {
    receive(r) {
      const entry = byId.get(r.identity.id) ?? open(r);
      entry.requests++;
      entry.outcome = r.outcome;
      entry.claim = r.identity.claim;
      counts.requests++;
      if (!r.accepted) {
        counts.rejected++;
        return entry;
      }
      counts.received++;
      entry.accepted++;
      if (entry.accepted > 1) counts.duplicates++;
      entry.receivedAt ??= r.at;
      wake(entry.id, entry);
      if (entry.ref !== null) wake(entry.ref, entry);
      for (const listener of listeners) listener(entry);
      return entry;
    },
    refuse() {
      counts.requests++;
      counts.rejected++;
    },
    violate(violation) {
      counts.rateViolations++;
      if (violations.length < KEPT_VIOLATIONS) violations.push(violation);
    },
    counts: () => ({ ...counts }),
    violations: () => violations,
    find,
    page(cursor, limit) {
      const from = Math.max(cursor - base, head);
      const found = entries.slice(from, from + limit);
      const more = from + found.length < entries.length;
      return { entries: found, nextCursor: more ? base + from + found.length : null };
    },
    wait(idOrRef, timeoutMs) {
      const entry = find(idOrRef);
      if (entry !== null && entry.receivedAt !== null) return Promise.resolve(entry);
      const { promise, resolve } = Promise.withResolvers<Entry | null>();
      const waiters = waiting.get(idOrRef) ?? new Set();
      waiting.set(idOrRef, waiters);
      const timer = setTimeout(() => {
        waiters.delete(found);
        if (waiters.size === 0 && waiting.get(idOrRef) === waiters) waiting.delete(idOrRef);
        resolve(null);
      }, timeoutMs);
      const found = (entry: Entry) => {
        clearTimeout(timer);
        resolve(entry);
      };
      waiters.add(found);
      return promise;
    },
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reset() {
      byId = new Map();
      byRef = new Map();
      // Sequence numbers go on, so that a reader's old cursor finds the new entries.
      base += entries.length;
      entries = [];
      head = 0;
      counts = emptyCounts();
      violations = [];
    },
  };
}

function emptyCounts(): Counts {
  return { requests: 0, received: 0, duplicates: 0, rejected: 0, rateViolations: 0, forgotten: 0 };
}
