/**
 * A pool that survives the loss of its connections. postgres 3.4.9 doesn't: a transaction whose connection is lost rolls
 * back on a socket that is no longer there and so ends the process (its issues 1154, 1208); a slot that was writing at that
 * moment may never connect again (1215); statements of a lost transaction may run outside of it on the slot's next
 * connection (1216). Here a lost connection takes its whole pool with it: a new pool takes over at once, the old one may
 * finish what its other connections are doing for two seconds, and nothing more is said on a transaction of the old one.
 */
import type { Sql, Tx } from "./connect.ts";

/** Opens the client's pool; `onclose` is called when a connection was lost or could not be opened. */
export type OpenPool = (options: {
  max?: number;
  onclose: () => void;
  onnotify?: (channel: string, payload: string) => void;
}) => Sql;

type Generation = { sql: Sql; lost: boolean };
type Listener = { heard: (payload: string) => void; listening: (() => void) | undefined };

const endTimeoutS = 2;
const relistenMs = 250;
/** Each attempt mends one statement on one connection. */
const mostAttempts = 50;

/** The same interface as the client's, without `reserve`: a reserved connection can't be replaced. */
export function survivingPool(open: OpenPool): Sql {
  let ended = false;
  const ending = new Set<Promise<void>>();
  let current = renew();

  function renew(): Generation {
    const generation: Generation = { sql: undefined as unknown as Sql, lost: false };
    generation.sql = open({
      onclose: () => {
        if (generation.lost || ended) return;
        generation.lost = true;
        current = renew();
        retire(generation.sql);
      },
    });
    return generation;
  }

  function retire(sql: Sql, timeout = endTimeoutS): void {
    const end: Promise<void> = sql.end({ timeout }).finally(() => ending.delete(end));
    ending.add(end);
  }

  async function begin(...given: unknown[]): Promise<unknown> {
    const work = given.pop() as (tx: Tx) => unknown;
    for (let attempt = 1; ; attempt++) {
      const generation = current;
      const guarded = (tx: Tx) => guardedWork(generation, tx, work);
      try {
        return await (generation.sql.begin as (...all: unknown[]) => Promise<unknown>)(...given, guarded);
      } catch (error) {
        if (!isStalePlan(error) || attempt === mostAttempts) throw error;
      }
    }
  }

  const notifications = survivingListener(open, () => ended);

  async function end(options?: { timeout?: number }): Promise<void> {
    ended = true;
    notifications.end();
    retire(current.sql, options?.timeout);
    await Promise.all(ending);
  }

  const own: Record<PropertyKey, unknown> = {
    begin,
    end,
    listen: notifications.listen,
    reserve: () => {
      throw new Error("reserve is not offered: use begin");
    },
  };
  return new Proxy((() => {}) as unknown as Sql, {
    apply: (_target, _this, given) => (current.sql as unknown as (...all: unknown[]) => unknown)(...given),
    get: (_target, name) => own[name] ?? (current.sql as unknown as Record<PropertyKey, unknown>)[name],
  });
}

/**
 * A release that widens a table takes the statements away that were prepared for `select *` on it before: each fails once on each
 * connection. Outside of a transaction the client prepares it anew by itself; a transaction was rolled back, so it is done again as
 * after a crash.
 */
function isStalePlan(error: unknown): boolean {
  return (error as { routine?: string } | null)?.routine === "RevalidateCachedQuery";
}

/**
 * Runs the work of a transaction. Once the pool is lost it never settles: the client would answer by a rollback on the dead
 * socket. `begin` itself rejects all the same, when the connection closes.
 */
async function guardedWork(generation: Generation, tx: Tx, work: (tx: Tx) => unknown): Promise<unknown> {
  const never = new Promise<never>(() => {});
  try {
    const made = work(guardedTx(generation, tx));
    const result = await (Array.isArray(made) ? Promise.all(made) : made);
    return generation.lost ? never : result;
  } catch (error) {
    if (generation.lost) return never;
    throw error;
  }
}

function guardedTx(generation: Generation, tx: Tx): Tx {
  const check = () => {
    if (generation.lost)
      throw Object.assign(new Error("the connection of this transaction was lost"), {
        code: "CONNECTION_CLOSED",
      });
  };
  const savepoint = (...given: unknown[]) => {
    check();
    const work = given.pop() as (tx: Tx) => unknown;
    return (tx.savepoint as (...all: unknown[]) => unknown)(...given, (inner: Tx) =>
      guardedWork(generation, inner, work),
    );
  };
  return new Proxy(tx, {
    apply: (target, _this, given) => {
      check();
      return (target as unknown as (...all: unknown[]) => unknown)(...given);
    },
    get: (target, name) => {
      if (name === "savepoint") return savepoint;
      if (name === "unsafe" || name === "file") check();
      return (target as unknown as Record<PropertyKey, unknown>)[name];
    },
  });
}

/** LISTEN on a connection of its own, opened anew when lost. `listening` is called each time: what came in between is lost. */
function survivingListener(open: OpenPool, isEnded: () => boolean) {
  const channels = new Map<string, Set<Listener>>();
  let connection: Sql | undefined;
  let timer: NodeJS.Timeout | undefined;

  function connectionNow(): Sql {
    if (connection !== undefined) return connection;
    const opened: Sql = open({
      max: 1,
      onnotify: (channel, payload) => channels.get(channel)?.forEach((one) => void one.heard(payload)),
      onclose: () => {
        if (connection !== opened) return;
        connection = undefined;
        void opened.end({ timeout: 0 });
        if (!isEnded()) timer = setTimeout(relisten, relistenMs);
      },
    });
    connection = opened;
    return opened;
  }

  function relisten(): void {
    // A failure closes the connection, and that comes back here.
    for (const channel of channels.keys()) listenTo(channel).catch(() => {});
  }

  async function listenTo(channel: string): Promise<void> {
    const sql = connectionNow();
    await sql`listen ${sql(channel)}`;
    channels.get(channel)?.forEach((one) => void one.listening?.());
  }

  return {
    /** Resolves when listening; rejects when that fails the first time. */
    listen: async (channel: string, heard: (payload: string) => void, listening?: () => void) => {
      const listener: Listener = { heard, listening };
      const listeners = channels.get(channel) ?? new Set();
      channels.set(channel, listeners.add(listener));
      const unlisten = async () => {
        listeners.delete(listener);
        if (listeners.size === 0) channels.delete(channel);
      };
      try {
        await listenTo(channel);
      } catch (error) {
        await unlisten();
        throw error;
      }
      return { unlisten };
    },
    end: () => {
      clearTimeout(timer);
      void connection?.end({ timeout: 0 });
      connection = undefined;
    },
  };
}
