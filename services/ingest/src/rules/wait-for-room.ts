/** Keeps messages of events that find no room. Postgres away stops the partition and not the process. */
import { setTimeout as sleep } from "node:timers/promises";
import { isStoreUnavailable, type Sql, withTenants } from "@wamesh/store";
import { type Deferred, waitForRoom } from "./step-store.ts";

const pauseMs = 500;

/** Twice is harmless: the row is there already, waiting or done. */
export function createRoomKeeper(deps: { sql: Sql; now: () => number; onError: (error: unknown) => void }) {
  return async (made: readonly Deferred[], signal: AbortSignal): Promise<void> => {
    for (;;) {
      try {
        return await withTenants(deps.sql, "all", (tx) => waitForRoom(tx, made, deps.now()));
      } catch (error) {
        if (!isStoreUnavailable(error)) throw error;
        deps.onError(error);
        await sleep(pauseMs, undefined, { signal });
      }
    }
  };
}
