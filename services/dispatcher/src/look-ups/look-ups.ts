/**
 * Asks WasenderApi about messages whose callbacks did not say enough: WhatsApp's key of those that were sent, and what became
 * of those in doubt. Only for shards that this process owns; should two believe that for a moment, both ask, and say the same
 * under the same event ids. What is found is told before it is written down.
 */
import type { Directory } from "@wamesh/directory";
import type { MessageStatus } from "@wamesh/events";
import type { Echo } from "@wamesh/pacer";
import { type LookUp, type LookUpAnswer, lookUpLimits, type SenderSession } from "@wamesh/providers";
import type { Log } from "@wamesh/service";
import { createBudget } from "../call-budget.ts";
import { fromInfo, fromLog } from "./findings.ts";
import { logged, msgIdOf, nextInMs } from "./follow.ts";
import { failedStatus, failure, keyStatus } from "./records.ts";
import type { LookUpStore, OwnMessage } from "./store.ts";

export type LookUpDeps = {
  store: LookUpStore;
  lookUp: Pick<LookUp, "info" | "log">;
  directory: Pick<Directory, "session">;
  /** Null for a session that is not known, or whose credentials can't be opened. */
  sender: (sessionId: string) => SenderSession | null;
  owned: () => ReadonlySet<number>;
  /** Newest first. */
  tokenKeys: readonly string[];
  settle: (echo: Echo) => Promise<void>;
  tell: (status: MessageStatus, shard: number) => Promise<void>;
  /** Told of each answer: what was asked, and what was found (`unsure`: nothing may be concluded). */
  count: (call: "info" | "log", found: string) => void;
  log: Pick<Log, "info" | "warn">;
  /** Epoch ms, and a monotonic clock. */
  now: () => number;
  monotonicMs: () => number;
};

const everyMs = 1_000;
const deadlineMs = 10_000;
const most = 200;
const sessionsAtOnce = 8;
/** After an answer that said nothing and named no wait. */
const restMs = 30_000;
/** A failure is judged when all that was on its way by then is known, and not for ever. */
const failureSettlesMs = 12_000;
const failureOpenMs = 300_000;
const tidyEveryRounds = 600;

export function createLookUps(deps: LookUpDeps) {
  const { store, lookUp } = deps;
  const budgets = {
    info: createBudget(lookUpLimits.callsPerMinute.info),
    log: createBudget(lookUpLimits.callsPerMinute.log),
  };

  /** One round: everything that is due, as far as the sessions' budgets reach. `stopping` ends it; what was not answered stays due. */
  async function round(stopping: AbortSignal): Promise<void> {
    const due = await store.due([...deps.owned()], most);
    const sessions = Map.groupBy(due, ({ session }) => session).values();
    // Several take from the same list: a session that does not answer holds up one of them.
    const takeTurns = async () => {
      for (const messages of sessions) if (!stopping.aborted) await askAbout(messages, stopping);
    };
    const turns = await Promise.allSettled(Array.from({ length: sessionsAtOnce }, takeTurns));
    for (const turn of turns) if (turn.status === "rejected") throw turn.reason;
  }

  async function askAbout(messages: readonly OwnMessage[], stopping: AbortSignal): Promise<void> {
    const { session } = messages[0]!;
    if (deps.directory.session(session)?.status === "deleted") return giveUp(messages);
    const sender = deps.sender(session);
    if (sender === null) return putOff(messages, restMs);
    const doubts = messages.filter(({ state }) => state === "in_doubt");
    await askForKeys(
      sender,
      messages.filter(({ state }) => state === "sent"),
      stopping,
    );
    if (doubts.length > 0) await askTheLog(sender, doubts, stopping);
  }

  async function askForKeys(
    sender: SenderSession,
    sent: readonly OwnMessage[],
    stopping: AbortSignal,
  ): Promise<void> {
    for (const [index, message] of sent.entries()) {
      const asked = msgIdOf(message.provider_id);
      if (asked === null) {
        await judge([message]);
        continue;
      }
      const answer = await ask("info", sender, stopping, (signal) =>
        lookUp.info(sender, asked.msgId, signal),
      );
      if (stopping.aborted) return;
      if (answer.kind === "unsure") return putOff(sent.slice(index), answer.waitMs ?? restMs);
      const finding = fromInfo(message, answer.found, ringOf(message));
      switch (finding.kind) {
        case "key":
          await deps.tell(keyStatus(message.status, finding.key, deps.now()), message.shard);
          await store.found({ ...message, key: finding.key });
          break;
        case "failed":
          await deps.tell(failedStatus(message.status, finding.key, deps.now()), message.shard);
          await store.failed(message);
          break;
        case "nothing":
          await store.later(message, message.asked + 1, nextInMs(message, message.asked + 1));
      }
      deps.count("info", finding.kind);
      deps.log.info(
        { ...named(message), asked: message.asked + 1, found: finding.kind },
        "message looked up",
      );
    }
  }

  async function askTheLog(
    sender: SenderSession,
    doubts: readonly OwnMessage[],
    stopping: AbortSignal,
  ): Promise<void> {
    const { credentials } = sender;
    if (credentials.kind !== "wasender" || credentials.accountToken === undefined)
      // What is left is its own-message event.
      return judge(doubts);
    const answer = await ask("log", sender, stopping, (signal) => lookUp.log(sender, signal));
    if (stopping.aborted) return;
    if (answer.kind === "unsure") return putOff(doubts, answer.waitMs ?? restMs);
    for (const doubt of doubts) {
      const finding = fromLog(doubt, answer.found, await store.alike(doubt), ringOf(doubt));
      const inMs = nextInMs(doubt, doubt.asked + 1);
      if (finding.kind !== "nothing") {
        await settle(doubt, { ...finding, providerId: logged(finding.id) });
        await store.later(doubt, doubt.asked + 1, null);
      } else if (!(await isTheFailedOne(doubt))) await store.later(doubt, doubt.asked + 1, inMs);
      deps.count("log", finding.kind);
      deps.log.info({ ...named(doubt), asked: doubt.asked + 1, found: finding.kind }, "doubt looked up");
    }
  }

  /** The shard's owner decides the doubt by it, and tells; what it tells is followed in turn. */
  async function settle(
    doubt: OwnMessage,
    of: { kind: "sent" | "failed"; providerId: string; detail?: string },
  ): Promise<void> {
    const { code, fault_class: faultClass, provider_code: providerCode, detail } = failure(of.detail ?? "");
    await deps.settle({
      shard: doubt.shard,
      id: doubt.message_id,
      n: doubt.claim,
      outcome: of.kind,
      providerId: of.providerId,
      reason: of.kind === "failed" ? { code, faultClass, providerCode, detail } : null,
      at: deps.now(),
    });
  }

  /**
   * The session told of a failed send and did not name it. It was this message, about which nothing can be asked, only if
   * nothing else is open. What was on its way by then is known some seconds later.
   */
  async function isTheFailedOne(message: OwnMessage): Promise<boolean> {
    if (message.failure_at === null || deps.now() - message.failure_at > failureOpenMs) return false;
    if (deps.now() - message.failure_at < failureSettlesMs || !(await store.isAlone(message))) {
      await store.later(message, message.asked, failureSettlesMs);
      return true;
    }
    if (message.state === "in_doubt") await settle(message, { kind: "failed", providerId: "" });
    else await deps.tell(failedStatus(message.status, null, deps.now()), message.shard);
    await store.failed(message);
    deps.log.info(named(message), "a failure without a name was its own: nothing else was open");
    return true;
  }

  /** Inside the session's budget; a provider that asks for a rest gets it. */
  async function ask<Found>(
    kind: "info" | "log",
    { sessionId }: SenderSession,
    stopping: AbortSignal,
    call: (signal: AbortSignal) => Promise<LookUpAnswer<Found>>,
  ): Promise<LookUpAnswer<Found>> {
    const waitMs = budgets[kind].take(sessionId, deps.monotonicMs());
    if (waitMs > 0) return { kind: "unsure", why: "budget", waitMs };
    const answer = await call(AbortSignal.any([stopping, AbortSignal.timeout(deadlineMs)]));
    if (answer.kind === "unsure" && !stopping.aborted) {
      deps.count(kind, "unsure");
      budgets[kind].rest(sessionId, answer.waitMs ?? restMs, deps.monotonicMs());
      deps.log.warn({ session: sessionId, call: kind, why: answer.why }, "look-up without an answer");
    }
    return answer;
  }

  /** One after the other, as the budget will have it: they are not all read again for the next call. */
  async function putOff(messages: readonly OwnMessage[], waitMs: number): Promise<void> {
    const apartMs = 60_000 / lookUpLimits.callsPerMinute.info;
    for (const [index, message] of messages.entries())
      await store.later(message, message.asked, waitMs + (message.state === "sent" ? index * apartMs : 0));
  }

  async function giveUp(messages: readonly OwnMessage[]): Promise<void> {
    for (const message of messages) await store.later(message, message.asked, null);
  }

  /** Nothing can be asked about these. */
  async function judge(messages: readonly OwnMessage[]): Promise<void> {
    for (const message of messages) if (!(await isTheFailedOne(message))) await giveUp([message]);
  }

  function ringOf(message: OwnMessage) {
    return { tenant: message.status.tenant, keys: deps.tokenKeys };
  }

  return { round };
}

function named({ message_id, session, state, status }: OwnMessage) {
  return { tenant: status.tenant, message: message_id, session, state };
}

/** Rounds one after the other, a second apart. */
export function startLookUps(deps: LookUpDeps): { stop(): Promise<void> } {
  const { round } = createLookUps(deps);
  const stopping = new AbortController();
  let running: Promise<void> | null = null;
  let rounds = 0;
  const timer = setInterval(() => {
    if (running !== null) return;
    const isTidy = rounds++ % tidyEveryRounds === 0;
    running = round(stopping.signal)
      .then(() => (isTidy ? deps.store.tidy() : undefined))
      .catch((err: unknown) => deps.log.warn({ err }, "look-ups wait"))
      .finally(() => {
        running = null;
      });
  }, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await running;
    },
  };
}
