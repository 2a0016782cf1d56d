/** How fan-out and the endpoints' API wake the process that delivers. A lost signal costs a second: the loop also polls. */
import type { Sql, Tx } from "@wamesh/store";
import { z } from "zod";

const channel = "webhook_delivery";
/** Postgres takes 8,000 bytes. */
const maxNamed = 200;

/** `endpoints: null` stands for many. */
export type Signal = { kind: "due"; endpoints: string[] | null } | { kind: "changed"; endpoint: string };

const signalShape = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("due"), endpoints: z.array(z.string()).nullable() }),
  z.object({ kind: z.literal("changed"), endpoint: z.string() }),
]);

/** In the transaction that added the rows: told when they can be seen. */
export async function announceDue(tx: Tx, endpoints: readonly string[]): Promise<void> {
  if (endpoints.length === 0) return;
  await send(tx, { kind: "due", endpoints: endpoints.length > maxNamed ? null : [...endpoints] });
}

/** In the transaction that changed or deleted it. */
export async function announceChanged(tx: Tx, endpoint: string): Promise<void> {
  await send(tx, { kind: "changed", endpoint });
}

async function send(tx: Tx, signal: Signal): Promise<void> {
  await tx`select pg_notify(${channel}, ${JSON.stringify(signal)})`;
}

/** Returns how to end it. After a broken connection `onSignal` hears that anything may be due. */
export async function listenForSignals(
  sql: Sql,
  onSignal: (signal: Signal) => void,
): Promise<() => Promise<void>> {
  const subscription = await sql.listen(
    channel,
    (payload) => {
      const parsed = signalShape.safeParse(JSON.parse(payload));
      if (parsed.success) onSignal(parsed.data);
    },
    () => onSignal({ kind: "due", endpoints: null }),
  );
  return () => subscription.unlisten();
}
