/** Whether the database knows at least what the worker's groups have read, and no more than the logs hold. */
import { topics } from "@wamesh/events";
import { type Logs, misplacedCursor, type Sql } from "@wamesh/store";
import { fannedOut } from "./deliveries/fan-out.ts";

/** Why nothing may be read on before a person has decided, or null. */
export async function misplaced(at: { kafka: Logs; sql: Sql; groups: string }): Promise<string | null> {
  const read = {
    callbacks: [topics.providerCallback],
    unrouted: [topics.providerUnrouted],
    references: [topics.messageStatus],
    deliveries: fannedOut,
  };
  for (const [group, of] of Object.entries(read)) {
    const names = of.map(({ name }) => name);
    const fault = await misplacedCursor({ ...at, consumer: `${at.groups}-${group}`, topics: names });
    if (fault !== null) return fault;
  }
  return null;
}
