/** What any process notes for the owner to find: sql/settle.ts and sql/command.ts, in memory. */
import type { Command, Echo } from "../src/item.ts";
import { commandKey, type Tables } from "./tables.ts";

export function settle(tables: Tables, _owner: string, echoes: readonly Echo[]): { shards: number[] } {
  const shards = new Set<number>();
  for (const echo of echoes) {
    const key = `${echo.id} ${echo.n}`;
    const done = tables.done.get(echo.id);
    const isOpen = tables.attempts.get(echo.id)?.n === echo.n;
    const isUnconfirmed = done?.n === echo.n && done.outcome === "unconfirmed";
    const waitsAgain = echo.outcome === "sent" && (tables.pending.get(echo.id)?.n ?? 0) >= echo.n;
    if (tables.echoes.has(key) || !(isOpen || isUnconfirmed || waitsAgain)) continue;
    tables.echoes.set(key, echo);
    shards.add(echo.shard);
  }
  return { shards: [...shards] };
}

export function command(tables: Tables, _owner: string, wish: Command): void {
  const key = commandKey(wish);
  const kept = tables.commands.get(key);
  const createdAt = tables.now();
  if (wish.kind === "cancel") {
    if (kept === undefined) tables.commands.set(key, { ...wish, n: null, createdAt });
    return;
  }
  const n = claimInDoubt(tables, wish);
  if (n !== null && kept?.n !== null) tables.commands.set(key, { ...wish, n, createdAt });
}

function claimInDoubt(tables: Tables, { id, shard, tenant }: Command): number | null {
  const attempt = tables.attempts.get(id);
  if (attempt?.state === "in_doubt" && attempt.shard === shard && tables.pending.get(id)?.tenant === tenant)
    return attempt.n;
  const done = tables.done.get(id);
  if (done?.outcome === "unconfirmed" && done.shard === shard && done.item?.tenant === tenant) return done.n;
  return null;
}
