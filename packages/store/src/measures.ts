/** A service's database in numbers: whether it answers, and what waits in it. */
import { createStillness, observe, type Say, watchDependency } from "@wamesh/metrics";
import type { Sql } from "./connect.ts";

const everyMs = 5_000;

/** `wamesh_dependency_up{dependency="postgres"}`, of one of the process' pools. */
export function watchPostgres(sql: Sql): { stop(): void } {
  return watchDependency("postgres", () => sql`select 1`);
}

/**
 * Figures that only the database knows: read now and then, said at each scrape. While they can't be read nothing is said, which
 * tells more than an old figure.
 */
export function measureStore<Found>(options: {
  read: () => Promise<Found>;
  say: (say: Say, found: Found) => void;
}): { stop(): void } {
  let found: { value: Found } | null = null;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  async function once(): Promise<void> {
    try {
      found = { value: await options.read() };
    } catch {
      // Whether the database answers is told by itself.
      found = null;
    }
    if (stopped) return;
    timer = setTimeout(once, everyMs);
    timer.unref();
  }
  void once();
  const unobserve = observe((say) => {
    if (found !== null) options.say(say, found.value);
  });
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      unobserve();
    },
  };
}

/** The configuration outbox of a schema, by whichever process it is published. */
export function measureOutbox(sql: Sql, outbox: string): { stop(): void } {
  const stillness = createStillness();
  return measureStore({
    async read() {
      const [row] = await sql<{ rows: number; head: number }[]>`
        select count(*) as rows, coalesce(min(id), 0) as head from config_outbox`;
      const rows = row?.rows ?? 0;
      return { rows, oldestS: stillness({ rows, head: row?.head ?? 0, nowMs: performance.now() }) };
    },
    say(say, { rows, oldestS }) {
      say("outbox_rows", rows, { outbox });
      say("outbox_oldest_seconds", oldestS, { outbox });
    },
  });
}
