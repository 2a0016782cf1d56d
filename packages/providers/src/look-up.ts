/**
 * Reads about messages that were sent, where a provider's callbacks may not say enough: WasenderApi. A caller keeps to
 * `lookUpLimits`. What is not found proves nothing.
 */
import { createExchanger, type HttpQuestion } from "./exchange.ts";
import type { SenderSession } from "./send.ts";
import { askInfo, askLog, readInfo, readLog } from "./wasender/look-up.ts";
import limits from "./wasender/look-up-limits.json" with { type: "json" };
import type { WasenderStatus } from "./wasender/status.ts";

export type LookUpAnswer<Found> =
  | { kind: "found"; found: Found }
  /** Nothing may be concluded. waitMs: the provider's own wait; null where it named none. */
  | { kind: "unsure"; why: string; waitMs: number | null };

export type MessageInfo = {
  /** Null, or pending, while it waits. */
  status: WasenderStatus | null;
  /** WhatsApp's own, once it was handed over. */
  key: string | null;
  /** Canonical, see canonicalDigits; null where no number is named. */
  digits: string | null;
  text: string | null;
};

export type LoggedMessage = {
  /** Whether it equals the msgId of the send is not documented. */
  id: string;
  /** Canonical; null, like the text, where the session does not log content. */
  digits: string | null;
  text: string | null;
  hasFailed: boolean;
  /** The provider's words, scrubbed. */
  failure: string;
  createdAtMs: number;
};

export type MessageLog = {
  rows: LoggedMessage[];
  /** Nothing lies beyond these rows. */
  isWhole: boolean;
};

export type LookUp = {
  /** Never throws. `signal` is the deadline. */
  info(session: SenderSession, msgId: string, signal: AbortSignal): Promise<LookUpAnswer<MessageInfo>>;
  /** The newest messages. Never throws; unsure without the account's token. */
  log(session: SenderSession, signal: AbortSignal): Promise<LookUpAnswer<MessageLog>>;
  close(): Promise<void>;
};

/** Calls per minute and session, and when to ask: facts and guesses as of the data file's date. */
export const lookUpLimits = {
  asOf: limits.as_of,
  callsPerMinute: { info: limits.calls_per_minute.message_info, log: limits.calls_per_minute.message_log },
  /** Since the answer of the send, or since the doubt. */
  infoAfterMs: limits.message_info_after_s.map((seconds) => seconds * 1000),
  logAfterMs: limits.message_log_after_s.map((seconds) => seconds * 1000),
  /** A log's row of a message lies this close to its claim. */
  logWindowMs: {
    before: limits.message_log_window_s.before * 1000,
    after: limits.message_log_window_s.after * 1000,
  },
};

/** `baseUrl` as for createSender. */
export function createLookUp(options: {
  baseUrl: string;
  maxSockets?: number;
  userAgent?: string;
  /** Epoch ms; turns dates in answers into waits. */
  now?: () => number;
}): LookUp {
  const exchanger = createExchanger(options.baseUrl, options.maxSockets ?? 8);
  const now = options.now ?? Date.now;

  async function ask<Found>(
    question: HttpQuestion | null,
    read: (answer: Parameters<typeof readInfo>[0], nowMs: number) => LookUpAnswer<Found>,
    signal: AbortSignal,
  ): Promise<LookUpAnswer<Found>> {
    if (question === null) return { kind: "unsure", why: "the credentials can't ask this", waitMs: null };
    const headers = { ...question.headers, "user-agent": options.userAgent ?? "wamesh" };
    const exchange = await exchanger.get({ ...question, headers }, signal);
    if (exchange.kind !== "answered") return { kind: "unsure", why: exchange.why, waitMs: null };
    try {
      return read(exchange.answer, now());
    } catch (error) {
      return { kind: "unsure", why: error instanceof Error ? error.name : "unreadable", waitMs: null };
    }
  }

  return {
    info: (session, msgId, signal) => ask(askInfo(session, msgId), readInfo, signal),
    log: (session, signal) => ask(askLog(session), readLog, signal),
    close: () => exchanger.close(),
  };
}
