/**
 * What happens to a message, decided by (seed, message) alone: the same seed and message meet the same fate in whatever
 * order, on whichever connection, they arrive. Own generator, so that a seed means the same on every Node version.
 */
import type { Pace, Spread } from "./profiles.ts";

export type Status = "sent" | "delivered" | "read" | "failed";

/** Offsets in ms from acceptance: when it happens, and when the callback about it is sent. */
export type Step = { status: Status; eventMs: number; callbackMs: number };

export type Plan = {
  answerMs: number;
  steps: readonly Step[];
  /** Every callback is sent twice. */
  duplicate: boolean;
  /** The first callback is sent, and answered, before the send's own HTTP answer. */
  early: boolean;
  /** The provider's code, when a step is `failed`. */
  failCode: number | null;
};

/** FNV-1a, 32 bit, with a final avalanche. */
export function hash32(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A stream of numbers in [0, 1) that depends on the key alone (mulberry32). */
export function draws(key: string): () => number {
  let state = hash32(key);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.3263;

function spread(s: Spread, draw: () => number): number {
  switch (s.kind) {
    case "uniform":
      return s.from + (s.to - s.from) * draw();
    case "lognormal": {
      const normal = Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
      return s.median * Math.exp((normal * Math.log(s.p99 / s.median)) / Z99);
    }
  }
}

/** `readFraction` overrides the pace's own share of read messages. */
export function planMessage(seed: number, pace: Pace, key: string, readFraction?: number): Plan {
  const draw = draws(`${seed} ${key}`);
  // Drawn in fixed order and always all of them, so that changing one share moves no other choice.
  const answerMs = spread(pace.answer, draw);
  const sentAt = spread(pace.sent, draw);
  const deliveredAt = sentAt + spread(pace.delivered, draw);
  const readAt = deliveredAt + spread(pace.read, draw);
  const isRead = draw() < (readFraction ?? pace.readFraction);
  const skips = draw() < pace.skipDelivered;
  const duplicate = draw() < pace.duplicate;
  const reorder = draw() < pace.reorder;
  const early = draw() < pace.early;

  const steps: Step[] = [step("sent", sentAt)];
  if (!(isRead && skips)) steps.push(step("delivered", deliveredAt));
  if (isRead) steps.push(step("read", readAt));
  return { answerMs, steps: reorder ? reversed(steps) : steps, duplicate, early, failCode: null };
}

export function step(status: Status, atMs: number): Step {
  return { status, eventMs: atMs, callbackMs: atMs };
}

/** The same events at the same times, told in the opposite order. */
export function reversed(steps: readonly Step[]): Step[] {
  return steps.map((s, i) => ({ ...s, callbackMs: steps[steps.length - 1 - i]?.callbackMs ?? s.callbackMs }));
}
