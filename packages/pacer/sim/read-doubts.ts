/** Doubts that can be decided, and receipts that speak of items whose doubt is over: sql/doubts.ts, in memory. */
import type { Command, Echo } from "../src/item.ts";
import type { Arrived, Doubt } from "../src/store.ts";
import { arrivalOf, commandKey, type Done, isCancelled, itemOf, type Tables } from "./tables.ts";

type Held = ReadonlyMap<number, number>;

export function readDoubts(tables: Tables, held: Held): Doubt[] {
  const now = tables.now();
  const doubts: Doubt[] = [];
  for (const { id, shard, epoch, n, claimedAt, state, resolveBy } of tables.attempts.values()) {
    const row = tables.pending.get(id);
    const current = held.get(shard);
    if (row === undefined || current === undefined) continue;
    const echo = told(tables.echoes.get(`${id} ${n}`));
    const due = resolveBy !== null && resolveBy <= now;
    const wish = wishOf(tables, { id, shard, tenant: row.tenant }, n);
    const isOrphan = state === "claimed" && epoch < current;
    if (isOrphan || (state === "in_doubt" && (echo !== null || wish !== null || due)))
      doubts.push({
        item: { ...itemOf(row), n },
        claimedAt,
        state: isOrphan ? "orphaned" : "in_doubt",
        due,
        echo,
        wish,
        cancelled: isCancelled(tables, row),
      });
  }
  return doubts;
}

function told(echo: Echo | undefined): Doubt["echo"] {
  if (echo === undefined) return null;
  const { outcome, providerId, reason, at } = echo;
  return { outcome, providerId, reason, at };
}

function wishOf(tables: Tables, of: Omit<Command, "kind">, n: number): Doubt["wish"] {
  const isWished = (kind: "accept_unknown" | "resend") =>
    tables.commands.get(commandKey({ ...of, kind }))?.n === n;
  return isWished("accept_unknown") ? "accept_unknown" : isWished("resend") ? "resend" : null;
}

export function readUnconfirmed(tables: Tables, held: Held, commandsSince: number): Doubt[] {
  const received: Doubt[] = [];
  const wished: Doubt[] = [];
  for (const echo of tables.echoes.values()) {
    const done = unconfirmed(tables, held, echo.id, echo.n);
    if (done === null || echo.outcome !== "sent") continue;
    received.push({ ...doubtOf(tables, done), claimedAt: echo.at, echo: told({ ...echo, reason: null }) });
  }
  for (const { id, n, createdAt, kind } of tables.commands.values()) {
    if (n === null || kind === "cancel" || createdAt <= commandsSince) continue;
    const done = unconfirmed(tables, held, id, n);
    if (done !== null) wished.push({ ...doubtOf(tables, done), wish: kind });
  }
  return [...received, ...wished.sort((a, b) => (a.wish! < b.wish! ? -1 : 1))];
}

type Kept = Done & { item: NonNullable<Done["item"]> };

function unconfirmed(tables: Tables, held: Held, id: string, n: number): Kept | null {
  const done = tables.done.get(id);
  const isIt = done?.n === n && done.outcome === "unconfirmed" && done.item !== null && held.has(done.shard);
  return isIt ? (done as Kept) : null;
}

function doubtOf(tables: Tables, { item, n }: Kept): Doubt {
  return {
    item: { ...itemOf(item), n },
    claimedAt: 0,
    state: "unconfirmed",
    due: false,
    echo: null,
    wish: null,
    cancelled: isCancelled(tables, item),
  };
}

export function readArrived(tables: Tables, held: Held): Arrived[] {
  return [...new Set([...tables.echoes.values()].map(({ id }) => id))].flatMap((id) => {
    const row = tables.pending.get(id);
    if (row === undefined || !held.has(row.shard) || tables.attempts.has(id)) return [];
    return arrivalOf(tables, row) ?? [];
  });
}
