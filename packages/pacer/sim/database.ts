/** The way to the schedule and back: latencies, losses, outages, statements that run long after nobody waits for them. */
import type { Agenda } from "./agenda.ts";
import { acquire, release, renew, watermark } from "./lease-writes.ts";
import { command, settle } from "./notes.ts";
import { outcome } from "./outcome.ts";
import type { Plan } from "./plan.ts";
import type { Random } from "./random.ts";
import { poll, readOutbox, refill } from "./reads.ts";
import type { Running, Tables } from "./tables.ts";
import { admit, claim } from "./writes.ts";

export const modelVerbs = {
  acquire,
  admit,
  poll,
  refill,
  release,
  claim: oneStatement(claim),
  command: oneStatement(command),
  outcome: oneStatement(outcome),
  readOutbox: oneStatement(readOutbox),
  renew: oneStatement(renew),
  settle: oneStatement(settle),
  watermark: oneStatement(watermark),
};

export function oneStatement<Q, R>(call: (tables: Tables, owner: string, request: Q) => R) {
  // biome-ignore lint/correctness/useYield: nothing comes in between
  return function* (tables: Tables, owner: string, request: Q): Running<R> {
    return call(tables, owner, request);
  };
}

type ModelVerbs = typeof modelVerbs;
export type Verbs = {
  [V in keyof ModelVerbs]: (
    tables: Tables,
    owner: string,
    request: Parameters<ModelVerbs[V]>[2],
  ) => ReturnType<ModelVerbs[V]>;
};

/** A statement that breaks a key fails; it is the value then. */
function nextOf(running: Running<unknown>): IteratorResult<unknown, unknown> {
  try {
    return running.next();
  } catch (error) {
    return { done: true, value: error };
  }
}

export type Database = {
  /** Exactly one of the two is called, or none: then the caller's own deadline ends it. */
  call(
    owner: string,
    verb: keyof Verbs,
    request: unknown,
    onReply: (reply: unknown) => void,
    onError: (error: string) => void,
  ): void;
  outage(forMs: number): void;
  stall(forMs: number): void;
  delay(forMs: number): void;
  /** Lost with all that is under way. */
  cut(): void;
};

export function createDatabase(deps: {
  agenda: Agenda;
  random: Random;
  plan: Plan;
  tables: Tables;
  verbs: Verbs;
  /** Told of each statement that did not arrive, or whose answer did not. */
  lost: () => void;
}): Database {
  const { agenda, random, plan, tables, verbs } = deps;
  let awayUntil = 0;
  let slowUntil = 0;
  let nextDelayMs = 0;
  let cuts = 0;

  function latency(): number {
    const usual = random.between(plan.statementMs.min, plan.statementMs.max);
    if (agenda.now() >= slowUntil) return usual;
    // Some of them longer than anybody waits.
    return usual + random.next() * plan.settings.statementMs * random.pick([0.1, 0.5, 1.5]);
  }
  const isLost = () => {
    const lost = agenda.now() < plan.faultsEndMs && random.chance(plan.lossRate);
    if (lost) deps.lost();
    return lost;
  };

  return {
    call(owner, verb, request, onReply, onError) {
      if (isLost()) return;
      const delayMs = nextDelayMs;
      nextDelayMs = 0;
      const connection = cuts;
      agenda.after(latency() / 2 + delayMs, () => {
        if (connection !== cuts) return;
        if (agenda.now() < awayUntil) {
          agenda.after(latency() / 2, () => onError("away"));
          return;
        }
        const running = (verbs[verb] as (t: Tables, o: string, r: unknown) => Running<unknown>)(
          tables,
          owner,
          request,
        );
        const go = () => {
          if (connection !== cuts) return;
          const { done, value } = nextOf(running);
          if (!done) {
            agenda.after(value === "locked" ? 1 : random.between(0, plan.statementMs.max / 2), go);
            return;
          }
          if (isLost()) return;
          if (value instanceof Error) {
            agenda.after(latency() / 2, () => onError(String(value)));
            return;
          }
          agenda.after(latency() / 2, () => (agenda.now() < awayUntil ? onError("reset") : onReply(value)));
        };
        go();
      });
    },
    outage(forMs) {
      awayUntil = agenda.now() + forMs;
    },
    stall(forMs) {
      slowUntil = agenda.now() + forMs;
    },
    delay(forMs) {
      nextDelayMs = forMs;
    },
    cut() {
      cuts++;
    },
  };
}
