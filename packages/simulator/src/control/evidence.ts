/** Control requests that read the ledger. */
import { answerJson, type Call } from "../http.ts";
import type { Entry } from "../ledger.ts";
import type { Sim } from "../sim.ts";
import { type Form, Refusal } from "./form.ts";

/** All counts since the start or the last reset. */
export type Totals = {
  /** Send requests of any outcome. */
  requests: number;
  /** Receptions after which a message was on its way; `received - duplicates` messages in all. */
  received: number;
  /** Receptions of an id beyond its first. */
  duplicates: number;
  /** Requests answered with a definite refusal, or failed before they had an effect. */
  rejected: number;
  /** Requests above a number's, session's or pair's rate. */
  rate_violations: number;
  /** Updates acknowledged with 200, given up, and still to be told. */
  callbacks_sent: number;
  callbacks_failed: number;
  callbacks_pending: number;
  /** The POSTs that carried them, and those that must be repeated or were given up. */
  callback_posts: number;
  callback_post_failures: number;
  /** Messages forgotten because the ledger is full: beyond 0 the other counts may hide a duplicate. */
  forgotten: number;
  /** How long this process looked away at worst: the judge was blunt by as much. */
  max_lag_ms: number;
};

export function totals(sim: Sim): Totals {
  const ledger = sim.ledger.counts();
  const courier = sim.courier.counts();
  return {
    requests: ledger.requests,
    received: ledger.received,
    duplicates: ledger.duplicates,
    rejected: ledger.rejected,
    rate_violations: ledger.rateViolations,
    callbacks_sent: courier.sent,
    callbacks_failed: courier.failed,
    callbacks_pending: courier.pending,
    callback_posts: courier.posts,
    callback_post_failures: courier.postFailures,
    forgotten: ledger.forgotten,
    max_lag_ms: sim.arrivals.maxLagMs(),
  };
}

export function listViolations(sim: Sim): object {
  return {
    violations: sim.ledger.violations().map(({ at, sender, recipient, kind, earlyByMs }) => ({
      at_ms: Math.round(at),
      sender,
      recipient,
      kind,
      early_by_ms: Math.round(earlyByMs * 10) / 10,
    })),
  };
}

export function readMessage(sim: Sim, id: string): object {
  const entry = sim.ledger.find(id);
  if (entry === null) throw new Refusal("no such message in the ledger");
  return entryBody(entry);
}

export function listReadMarks(sim: Sim): object {
  return {
    read_marks: sim.readMarks.list().map(({ at, ...mark }) => ({ ...mark, received_at_ms: Math.round(at) })),
  };
}

const MAX_PAGE = 5_000;

export function listMessages(sim: Sim, query: URLSearchParams): object {
  const cursor = Number(query.get("cursor") ?? 0);
  const limit = Number(query.get("limit") ?? 1_000);
  if (!Number.isInteger(cursor) || cursor < 0) throw new Refusal("cursor must be one that a page gave");
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE)
    throw new Refusal(`limit must be 1 to ${MAX_PAGE}`);
  const page = sim.ledger.page(cursor, limit);
  return { messages: page.entries.map(entryBody), next_cursor: page.nextCursor };
}

/** Answers when the message was accepted, or after the time with `received: false`. */
export async function waitForMessage(sim: Sim, form: Form): Promise<object> {
  const id = form.text("id");
  const timeoutMs = form.number("timeout_ms", 0, 10_000);
  form.done();
  const entry = await sim.ledger.wait(id, Math.min(timeoutMs, 600_000));
  return entry === null ? { id, received: false } : { received: true, ...entryBody(entry) };
}

/** A reader that falls this far behind is cut off rather than kept in memory. */
const MAX_UNREAD_BYTES = 8_000_000;

/** NDJSON: a line per accepted reception from now on. */
export function streamReceptions(sim: Sim, call: Call): void {
  const { res } = call;
  res.writeHead(200, { "content-type": "application/x-ndjson" });
  res.flushHeaders();
  const stop = sim.ledger.follow((entry) => {
    res.write(`${JSON.stringify(entryBody(entry))}\n`);
    if (res.writableLength > MAX_UNREAD_BYTES) res.destroy();
  });
  res.on("close", stop);
}

export function answer(call: Call, body: object): void {
  answerJson(call.res, 200, body);
}

function entryBody(entry: Entry): object {
  return {
    seq: entry.seq,
    id: entry.id,
    ref: entry.ref,
    provider: entry.provider,
    sender: entry.sender,
    recipient: entry.recipient,
    claim: entry.claim,
    requests: entry.requests,
    accepted: entry.accepted,
    first_seen_at_ms: Math.round(entry.firstSeenAt),
    received_at_ms: entry.receivedAt === null ? null : Math.round(entry.receivedAt),
    outcome: entry.outcome,
    callbacks: {
      sent_at_ms: entry.told.sent,
      delivered_at_ms: entry.told.delivered,
      read_at_ms: entry.told.read,
      failed_at_ms: entry.told.failed,
    },
  };
}
