/**
 * Tells persons that their messages were read, as tenants ask for it: beside the sends, over connections and a budget of its own,
 * and at most once. What is asked for and not done when this process ends is lost, and so is what nobody would understand any more.
 */
import type { Directory } from "@wamesh/directory";
import {
  eventId,
  type OutboundCommand,
  reasonCodes,
  type SessionEvent,
  type SessionState,
} from "@wamesh/events";
import {
  type Marked,
  type ProviderName,
  type ReadMarker,
  readMarksPerMinute,
  type SenderSession,
} from "@wamesh/providers";
import type { Log } from "@wamesh/service";
import { createBudget } from "./call-budget.ts";

export type ReadMarkDeps = {
  directory: Pick<Directory, "session">;
  /** Null for a session that is not known, or whose credentials can't be opened. */
  sender: (sessionId: string) => SenderSession | null;
  markers: Record<ProviderName, Pick<ReadMarker, "mark">>;
  /** Told how each wish ended. */
  count: (ended: Ended["kind"]) => void;
  tell: (event: SessionEvent) => void;
  log: Pick<Log, "info">;
  /** Epoch ms, and a monotonic clock. */
  now: () => number;
  monotonicMs: () => number;
};

/** dropped: not asked for at its provider. */
export type Ended = Marked | { kind: "dropped"; why: string };

const deadlineMs = 10_000;
/** After an answer that said nothing: the session's other marks wait. */
const restMs = 30_000;
/** Later nobody who looks at the chat expects it; and no writer takes this long. */
const worthMs = 600_000;
const typingMs = 25_000;
const mostWaiting = 200;
/** Wishes remembered, so that a record that is read again is not carried out again. */
const mostRemembered = 10_000;
/** One event per session and code in this time. */
const quietMs = 60_000;

/** Why it is not carried out; null: it is. Another tenant's session, or one nobody knows, is none of its business. */
export function obstacle(
  { tenant, requested_at }: Pick<OutboundCommand, "tenant" | "requested_at">,
  session: Pick<SessionState, "tenant" | "status"> | undefined,
  now: number,
): string | null {
  if (session === undefined || session.tenant !== tenant) return "session_unknown";
  if (session.status !== "connected") return "session_not_connected";
  return now - requested_at > worthMs ? "too_late" : null;
}

export function createReadMarks(deps: ReadMarkDeps) {
  const { now, monotonicMs } = deps;
  const budgets = {
    cloud_api: createBudget(readMarksPerMinute.cloud_api),
    wasender: createBudget(readMarksPerMinute.wasender),
  };
  /** By session, while one of its marks is under way or waits. */
  const waiting = new Map<string, OutboundCommand[]>();
  const timers = new Set<NodeJS.Timeout>();
  const known = new Set<string>();
  const toldAt = new Map<string, number>();
  const stopping = new AbortController();

  /** Returns at once. A record read again finds its wish; after a restart it may be carried out twice, which changes nothing. */
  function take(command: OutboundCommand): void {
    const { command_id, read_mark, requested_at } = command;
    const wish = `${command_id} ${requested_at}`;
    if (read_mark === null || known.has(wish) || stopping.signal.aborted) return;
    known.add(wish);
    if (known.size > mostRemembered) for (const oldest of known.values().take(1)) known.delete(oldest);
    const line = waiting.get(read_mark.session);
    if (line === undefined) {
      waiting.set(read_mark.session, [command]);
      void run(read_mark.session);
    } else if (line.length < mostWaiting) line.push(command);
    else end(command, { kind: "dropped", why: "too_many" });
  }

  /** One after the other, as the session's budget will have it. */
  async function run(sessionId: string): Promise<void> {
    const line = waiting.get(sessionId)!;
    for (;;) {
      const command = line[0];
      if (command === undefined || stopping.signal.aborted) break;
      const session = deps.directory.session(sessionId);
      const why = obstacle(command, session, now());
      const sender = why === null ? deps.sender(sessionId) : null;
      if (sender === null) {
        end(line.shift()!, { kind: "dropped", why: why ?? "credentials_unreadable" });
        continue;
      }
      const provider = session!.provider as ProviderName;
      const waitMs = budgets[provider].take(sessionId, monotonicMs());
      if (waitMs > 0) return runIn(sessionId, waitMs);
      line.shift();
      const ended = await call(command, provider, sender);
      if (ended.kind === "unsure") budgets[provider].rest(sessionId, restMs, monotonicMs());
      end(command, ended, session);
    }
    waiting.delete(sessionId);
  }

  function runIn(sessionId: string, waitMs: number): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      void run(sessionId);
    }, Math.ceil(waitMs));
    timer.unref();
    timers.add(timer);
  }

  function call(command: OutboundCommand, provider: ProviderName, sender: SenderSession): Promise<Marked> {
    const { chat, typing } = command.read_mark!;
    const message = {
      providerId: command.message_id,
      chat,
      typing: typing && now() - command.requested_at < typingMs,
    };
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(deadlineMs)]);
    return deps.markers[provider].mark(sender, message, signal);
  }

  /** The message's id is left out: Meta's hold the person's number. */
  function end(command: OutboundCommand, ended: Ended, session?: SessionState): void {
    deps.count(ended.kind);
    const { command_id, tenant, read_mark } = command;
    const why = ended.kind === "refused" ? ended.code : ended.kind === "marked" ? null : ended.why;
    deps.log.info(
      { tenant, session: read_mark!.session, command: command_id, ended: ended.kind, why },
      "read mark",
    );
    if (ended.kind !== "refused" || session === undefined) return;
    const key = `${session.session} ${ended.code}`;
    if (now() - (toldAt.get(key) ?? Number.NEGATIVE_INFINITY) < quietMs) return;
    toldAt.delete(key);
    toldAt.set(key, now());
    if (toldAt.size > mostRemembered) for (const oldest of toldAt.keys().take(1)) toldAt.delete(oldest);
    deps.tell(refusedEvent(session, ended, now()));
  }

  return {
    take,
    stop(): void {
      stopping.abort();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** Its tenant hears that marks are refused, and why; not which. */
export function refusedEvent(
  { session, tenant, account }: Pick<SessionState, "session" | "tenant" | "account">,
  { code, detail }: Extract<Marked, { kind: "refused" }>,
  now: number,
): SessionEvent {
  const { fault_class } = reasonCodes[code];
  return {
    event_id: eventId("session-event", session, "read_mark_refused", code, now),
    tenant,
    session,
    account,
    kind: "other",
    status: null,
    value: "read_mark_refused",
    template: null,
    evidence: "send",
    reason: { code, fault_class, provider_code: null, detail },
    detail: "",
    occurred_at: now,
    recorded_at: now,
  };
}
