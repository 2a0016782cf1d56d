/**
 * Who wrote to which number in the last 24 hours, in the memory of every process. The log of inbound messages is its own
 * backing: a start reads its last day again, so there is no table to keep in step with it, and no hand-over when a shard
 * moves (docs/decisions/0012). 64 bytes per person and number, measured for a million: 7 MB for 100,000 people a day.
 */
import {
  type Codec,
  type InboundMessage,
  longestWindowMs,
  opensWindow,
  type Person,
  personsOf,
  serviceWindow,
  topics,
} from "@wamesh/events";
import type { Kafka } from "@wamesh/kafka";

export type Windows = {
  /** When this person last wrote to this number, epoch ms; undefined: not within the longest window, as far as is known. */
  lastInboundAt(session: string, person: Person): number | undefined;
  /** How long ago everything was known that people had written by then, in milliseconds. */
  currentMs(): number;
};

export type LastInbound = Map<string, number>;

const keyOf = (session: string, { kind, value }: Person) => `${session} ${kind} ${value}`;

/**
 * Twice, or in another order, is harmless: the latest counts. A time ahead of ours is no later than now, or a sender's clock
 * could hold a window open.
 */
export function noteInbound(known: LastInbound, inbound: InboundMessage, now: number): void {
  if (serviceWindow(inbound.provider) === null || !opensWindow(inbound)) return;
  const at = Math.min(inbound.occurred_at, now);
  if (at <= now - longestWindowMs) return;
  for (const person of personsOf(inbound)) {
    const key = keyOf(inbound.session, person);
    const before = known.get(key);
    if (before !== undefined && before >= at) continue;
    // To the end: what is oldest stands first, or nearly so.
    known.delete(key);
    known.set(key, at);
  }
}

/** Forgets closed windows from the front on. One that stands behind a younger one is forgotten with that. */
export function forgetClosed(known: LastInbound, now: number): void {
  for (const [key, at] of known) {
    if (at > now - longestWindowMs) return;
    known.delete(key);
  }
}

export function windowsOf(known: LastInbound): Pick<Windows, "lastInboundAt"> {
  return { lastInboundAt: (session, person) => known.get(keyOf(session, person)) };
}

/** An idle broker answers this soon, so a closed window is believed within twice that time. */
const idleMs = 100;
const forgetEveryMs = 60_000;
/** Producers' clocks, by which the log finds a time, may differ from ours by so much. */
const clockMs = 600_000;

export async function openWindows(deps: { kafka: Kafka; codec: Codec; now: () => number }) {
  const known: LastInbound = new Map();
  const table = await deps.kafka.table({
    topic: topics.messageInbound,
    codec: deps.codec,
    apply: (_key, record) => noteInbound(known, record, deps.now()),
    // Nothing is written before it occurred, so what is older than this opens no window.
    fromMs: deps.now() - longestWindowMs - clockMs,
    idleMs,
  });
  const timer = setInterval(() => forgetClosed(known, deps.now()), forgetEveryMs);
  timer.unref();
  return {
    ...windowsOf(known),
    currentMs: () => table.currentMs(),
    open: () => known.size,
    async stop() {
      clearInterval(timer);
      await table.stop();
    },
  };
}
