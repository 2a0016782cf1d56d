/** Messages accepted by imitated WasenderApi sessions, for `/messages/{msgId}/info` and the message log. Bounded. */
import type { Step } from "../choices.ts";

export type Sent = {
  msgId: number;
  sessionId: number;
  /** As the sender wrote it. */
  to: string;
  digits: string;
  /** WhatsApp's content object, and the request's content for the log. */
  message: object;
  request: object;
  keyId: string;
  /** Epoch ms; the steps' offsets count from here. */
  acceptedAt: number;
  steps: readonly Step[];
};

export type SentStore = {
  add(sent: Sent): void;
  find(sessionId: number, msgId: number): Sent | null;
  /** Newest first. */
  ofSession(sessionId: number): Sent[];
  clear(): void;
};

const MAX_SENT = 100_000;

export function createSentStore(): SentStore {
  const byId = new Map<number, Sent>();
  return {
    add(sent) {
      byId.set(sent.msgId, sent);
      if (byId.size > MAX_SENT) for (const oldest of byId.keys()) return void byId.delete(oldest);
    },
    find(sessionId, msgId) {
      const sent = byId.get(msgId);
      return sent?.sessionId === sessionId ? sent : null;
    },
    ofSession: (sessionId) => [...byId.values()].filter((sent) => sent.sessionId === sessionId).reverse(),
    clear: () => byId.clear(),
  };
}

/** WhatsApp's status number: 0 error, 1 pending, 2 sent, 3 delivered, 4 read. */
export const STATUS_NUMBER = { failed: 0, sent: 2, delivered: 3, read: 4 } as const;

/** What is true of the message now; 1 = still queued, and without a key. */
export function statusAt(sent: Sent, now: number): number {
  let status = 1;
  for (const step of sent.steps)
    if (sent.acceptedAt + step.eventMs <= now) status = STATUS_NUMBER[step.status];
  return status;
}
