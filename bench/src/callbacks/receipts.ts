/** The three receipts of every message of a set, in the order in which they happen. */
import type { ReceiptFacts } from "./posts.ts";
import { firstSentAt, type Sent } from "./rig.ts";

const statuses = ["sent", "delivered", "read"] as const;

export function receiptsOf(sent: readonly Sent[]): ReceiptFacts[] {
  return sent.flatMap(({ messageId, actor }, i) =>
    statuses.map((status, nth) => ({
      messageId,
      number: actor.number,
      waba: `waba-${actor.account}`,
      status,
      atS: firstSentAt / 1000 + i + nth,
    })),
  );
}
