/** Sessions and errands of all tenants, counted in the database: every process says the same. */
import { measureStore, type Sql, withTenants } from "@wamesh/store";

export function measureSessions(sql: Sql): { stop(): void } {
  return measureStore({
    read: () =>
      withTenants(sql, "all", async (tx) => {
        const [sessions, errands] = await Promise.all([
          tx<{ provider: string; status: string; count: number }[]>`
            select provider, status, count(*) from session where status <> 'deleted' group by provider, status`,
          tx<{ kind: string; count: number; oldestS: number }[]>`
            select kind, count(*), extract(epoch from clock_timestamp() - min(begun_at))::float8 as "oldestS"
            from errand where due_at is not null group by kind`,
        ]);
        return { sessions, errands };
      }),
    say(say, { sessions, errands }) {
      for (const { provider, status, count } of sessions) say("sessions", count, { provider, status });
      for (const { kind, count, oldestS } of errands) {
        say("errands", count, { kind });
        say("errands_oldest_seconds", oldestS, { kind });
      }
    },
  });
}
