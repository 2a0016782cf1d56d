/** Whether what a process stands on answers: the last contact counts, whoever made it. */
import { counter, gauge } from "./process-registry.ts";

export type Dependency = "kafka" | "postgres" | "redis" | "registry";

const up = () => gauge("dependency_up");
const errors = () => counter("dependency_errors_total");
// Made with the first import, so that it begins at zero.
errors();

export function contactWorked(dependency: Dependency): void {
  up().set(1, { dependency });
}

export function contactFailed(dependency: Dependency): void {
  up().set(0, { dependency });
  errors().add(1, { dependency });
}

const everyMs = 5_000;

/** Asks at once and every 5 s, `ask` within 5 s. A question that is still open when the next is due has failed. */
export function watchDependency(dependency: Dependency, ask: (signal: AbortSignal) => Promise<unknown>) {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  async function once(): Promise<void> {
    const late = AbortSignal.timeout(everyMs);
    const tooLate = new Promise<never>((_, reject) =>
      late.addEventListener("abort", () => reject(late.reason)),
    );
    try {
      await Promise.race([ask(late), tooLate]);
      if (!stopped) contactWorked(dependency);
    } catch {
      if (!stopped) contactFailed(dependency);
    }
    if (stopped) return;
    timer = setTimeout(once, everyMs);
    timer.unref();
  }
  void once();
  return {
    stop(): void {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
