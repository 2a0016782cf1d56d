/** The other side of the wire: takes, refuses, keeps silent, and sends receipts late, twice or never. */
import type { Echo, Item, Reason, SendResult } from "../src/item.ts";
import type { Agenda } from "./agenda.ts";
import type { History } from "./history.ts";
import type { Mood } from "./misfortune.ts";
import type { Plan } from "./plan.ts";
import type { Random } from "./random.ts";

export type Provider = {
  /** Written to the wire now. `answer` may never be called. */
  write(item: Item & { claim: number }, answer: (result: SendResult) => void): void;
};

export function createProvider(deps: {
  agenda: Agenda;
  random: Random;
  plan: Plan;
  history: History;
  receipt: (echo: Echo) => void;
}): Provider {
  const { agenda, random, plan, history, receipt } = deps;
  return {
    write(item, answer) {
      // Well after the others are through, so that what is still doubtful then can end.
      const mood: Mood = agenda.now() < plan.faultsEndMs ? random.pick(plan.moods) : "accept";
      const wayMs = random.between(0.5, plan.answerMs.min / 2 + 0.5);
      const answerMs = random.between(plan.answerMs.min, plan.answerMs.max);
      const isTaken = mood === "accept" || mood === "silent_sent" || mood === "reset_sent";
      if (isTaken) agenda.after(wayMs, () => takeIn(item));
      const result = answerOf(mood, item);
      if (result !== null) agenda.after(wayMs + answerMs, () => answer(result));
    },
  };

  function takeIn(item: Item & { claim: number }): void {
    history.taken.push({ id: item.id, n: item.claim, at: agenda.now() });
    const { rate, doubleRate, failedRate, latestMs } = plan.echoes;
    if (!random.chance(rate)) return;
    const echo: Echo = {
      shard: item.shard,
      id: item.id,
      n: item.claim,
      outcome: random.chance(failedRate) ? "failed" : "sent",
      providerId: providerId(item),
      reason: null,
      at: 0,
    };
    const times = random.chance(doubleRate) ? 2 : 1;
    for (let index = 0; index < times; index++)
      agenda.after(random.between(1, random.chance(0.5) ? 100 : latestMs), () => receipt(echo));
  }

  function answerOf(mood: Mood, item: Item & { claim: number }): SendResult | null {
    const afterMs = random.pick([null, random.int(50, 2_000)]);
    const refused = { kind: "rejected" as const, reason: reason(mood), pauseMs: null };
    switch (mood) {
      case "accept":
        return { kind: "accepted", providerId: providerId(item) };
      case "refuse":
        return { ...refused, retry: null, scope: "message", effect: "none" };
      case "throttle":
        return { ...refused, retry: { afterMs, countsAsAttempt: false }, scope: "member", effect: "slow" };
      case "pause":
        return {
          ...refused,
          retry: { afterMs, countsAsAttempt: false },
          scope: "account",
          effect: "pause",
          pauseMs: afterMs,
        };
      case "transient":
        return { ...refused, retry: { afterMs, countsAsAttempt: true }, scope: "message", effect: "none" };
      case "reset_sent":
      case "reset_unsent":
        return { kind: "unsure", reason: reason(mood) };
      case "silent_sent":
      case "silent_unsent":
        return null;
    }
  }
}

export function providerId({ id, claim }: { id: string; claim: number }): string {
  return `p-${id}.${claim}`;
}

function reason(code: string): Reason {
  return { code, faultClass: "provider", providerCode: null, detail: code };
}
