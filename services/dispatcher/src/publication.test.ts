/** What is published, and what is written down before it. */
import type { OutgoingRecord } from "@wamesh/kafka";
import type { Change, Item } from "@wamesh/pacer";
import { outboundMessage } from "@wamesh/testing";
import { expect, it } from "vitest";
import type { Followed } from "./look-ups/follow.ts";
import { packPayload } from "./payload.ts";
import { createDescribe, createPublish } from "./publication.ts";

const codec = { encode: () => Buffer.from("avro") } as never;
const change: Change = { status: "sent", at: 5, claimedAt: 3, sentAt: 4, providerId: "700124" };

function itemOf(provider: "cloud_api" | "wasender"): Item {
  const record = outboundMessage({ tenant: "acme", provider, message_id: provider });
  return {
    ...({ n: 1, attempts: 1, admittedAt: 1, shard: 3 } as Item),
    payload: packPayload({ record, trace: {} }),
  };
}

function publisher(follow: (told: readonly { shard: number; status: Followed }[]) => Promise<void>) {
  const sent: OutgoingRecord[] = [];
  const send = async (records: readonly OutgoingRecord[]) => void sent.push(...records);
  return { publish: createPublish({ send } as never, follow), sent };
}

/** As the next process reads it from the outbox. */
const rows = (["cloud_api", "wasender"] as const).map((provider) => ({
  shard: 3,
  event: Buffer.from(createDescribe(codec, "key")(itemOf(provider), change)),
}));

it("a message that may be looked up is written down before its status is told", async () => {
  const order: string[] = [];
  const { publish, sent } = publisher(async (told) => {
    order.push(...told.map(({ shard, status }) => `${shard} ${status.message_id} ${status.provider_id}`));
    order.push(`${sent.length} told`);
  });
  await publish(rows);
  expect(order).toEqual(["3 wasender 700124", "0 told"]);
  expect(sent.map((record) => [record.partition, record.headers?.ce_subject])).toEqual([
    [3, "cloud_api"],
    [3, "wasender"],
  ]);
});

it("and nothing is told while that fails", async () => {
  const { publish, sent } = publisher(() => Promise.reject(new Error("no database")));
  await expect(publish(rows)).rejects.toThrow("no database");
  expect(sent).toEqual([]);
});
