/** A person's wish, durable: it may come before its message, and survives until the message is decided. */
import type { CommandKind } from "../item.ts";
import type { Schedule } from "./fence.ts";

/** The second time changes nothing. */
export async function command(
  { sql }: Schedule,
  { shard, id, kind }: { shard: number; id: string; kind: CommandKind },
): Promise<void> {
  await sql`insert into command (id, kind, shard) values (${id}, ${kind}, ${shard}) on conflict (id, kind) do nothing`;
}
