/** Receipts as Meta sends them, signed: pure. The reading of the reference is the simulator's, not the adapter's. */
import { createHmac } from "node:crypto";

export type App = { id: string; secret: string; verifyToken: string };

/** One POST: its body and the header that signs it. */
export type Post = { body: Buffer; signature: string };

export type ReceiptFacts = {
  messageId: string;
  /** Phone number id. */
  number: string;
  waba: string;
  status: "sent" | "delivered" | "read";
  /** Epoch seconds. */
  atS: number;
};

/** All of them in one POST, an entry for each run of receipts of one account. */
export function postOf(app: App, receipts: readonly ReceiptFacts[]): Post {
  const entry: { id: string; changes: { field: string; value: object }[] }[] = [];
  for (const receipt of receipts) {
    const last = entry.at(-1);
    const change = { field: "messages", value: changeOf(receipt) };
    if (last?.id === receipt.waba) last.changes.push(change);
    else entry.push({ id: receipt.waba, changes: [change] });
  }
  const body = Buffer.from(JSON.stringify({ object: "whatsapp_business_account", entry }));
  return { body, signature: `sha256=${createHmac("sha256", app.secret).update(body).digest("hex")}` };
}

function changeOf({ messageId, number, status, atS }: ReceiptFacts): object {
  return {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: "15550009999", phone_number_id: number },
    statuses: [
      {
        id: providerIdOf(messageId),
        status,
        timestamp: String(atS),
        recipient_id: "15550000001",
        biz_opaque_callback_data: `${messageId}.1`,
        ...(status !== "read" && {
          pricing: { billable: true, pricing_model: "PMP", category: "utility", type: "regular" },
        }),
      },
    ],
  };
}

/** What the provider answered the send with. */
export function providerIdOf(messageId: string): string {
  return `wamid.${Buffer.from(messageId).toString("base64")}`;
}

/** Shuffled by the given randomness in [0, 1); every fiftieth comes twice, the second time somewhere else. */
export function asAFlood<T>(items: readonly T[], random: () => number): T[] {
  const flood = [...items, ...items.filter(() => random() < 0.02)];
  for (let i = flood.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [flood[i], flood[j]] = [flood[j]!, flood[i]!];
  }
  return flood;
}
