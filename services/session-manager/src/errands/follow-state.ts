/** A session that dropped is brought back quietly; as soon as it is anything else, nobody tries any more. */
import type { Tx } from "@wamesh/store";
import type { SessionRow } from "../rows.ts";
import { waitMs } from "./errand.ts";
import { endErrand, plantErrandOnce } from "./errand-rows.ts";

/** After each change of state. Only a session whose account's token we hold can be managed. */
export async function followState(tx: Tx, row: SessionRow, random: number): Promise<void> {
  if (row.provider !== "wasender" || !row.account_token) return;
  if (row.status === "disconnected")
    // An errand that is under way keeps its tries: a session that flaps is not asked ever again from the start.
    await plantErrandOnce(
      tx,
      { session: row.id, tenant: row.tenant, kind: "connect", step: "connecting" },
      waitMs("connect", 1, random),
    );
  else if (row.status !== "connecting") await endErrand(tx, row.id, "connect");
}
