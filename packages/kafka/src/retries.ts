/** What happens to a batch that failed: its partition alone waits, longer each time, and it is read again. */
import { backoffMs } from "./backoff.ts";
import { BrokerUnavailable } from "./errors.ts";
import type { Log } from "./log.ts";

/** Infrastructure that is away: no fault of the handler. */
export class NotOurFault extends Error {}

export type Retries = {
  /** `pause` stops the partition and returns how to resume it. */
  failed(place: string, error: unknown, pause: () => () => void): void;
  succeeded(place: string): void;
  /** Resumes nothing any more. */
  stop(): void;
};

export function createRetries(options: {
  groupId: string;
  /** Faults of the handler on the same batch, after which `onFatal` is called. */
  maxFailures: number;
  onFatal: (error: Error) => void;
  log: Log;
}): Retries {
  const { groupId, maxFailures, onFatal, log } = options;
  /** `faults` are the handler's; what is away (registry, brokers) only adds to `attempts`, and is waited for without end. */
  const failures = new Map<string, { attempts: number; faults: number }>();
  const timers = new Set<NodeJS.Timeout>();

  return {
    failed(place, error, pause) {
      const blameless = error instanceof NotOurFault || error instanceof BrokerUnavailable;
      const { attempts, faults } = failures.get(place) ?? { attempts: 0, faults: 0 };
      const count = { attempts: attempts + 1, faults: blameless ? faults : faults + 1 };
      failures.set(place, count);
      const delayMs = Math.round(backoffMs(count.attempts, Math.random));
      log("error", "batch failed, it will be read again", { groupId, place, ...count, delayMs, err: error });
      const resume = pause();
      const timer = setTimeout(() => {
        timers.delete(timer);
        resume();
      }, delayMs);
      timers.add(timer);
      if (blameless || count.faults < maxFailures) return;
      const message = `${groupId} failed ${count.faults} times on the same batch of ${place}`;
      onFatal(new Error(message, { cause: error }));
    },
    succeeded: (place) => failures.delete(place),
    stop() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
