/**
 * A process that revokes a key and publishes that as session-manager does, and ends itself with SIGKILL at the point of the
 * publication that its argument names. In JSON: { postgresUrl, kafkaBrokers, registryUrl, instanceId, tenant, key, point }.
 */
import { randomBytes } from "node:crypto";
import { createCodec, topics } from "@wamesh/events";
import { openKafka } from "@wamesh/kafka";
import { connect, runOutboxPublisher } from "@wamesh/store";
import { createChanger, ourselves } from "../change.ts";
import { revokeKey } from "../keys.ts";

export type Point =
  | "before the commit"
  | "before it is produced"
  | "with half of it produced"
  | "before the outbox is emptied";

type Told = Record<
  "postgresUrl" | "kafkaBrokers" | "registryUrl" | "instanceId" | "tenant" | "key",
  string
> & {
  point: Point;
};

const told = JSON.parse(process.argv[2] ?? "") as Told;
const die = () => process.kill(process.pid, "SIGKILL");
const never = new Promise<never>(() => {});

const sql = connect({ url: told.postgresUrl, schema: "control", max: 4, applicationName: "doomed" });
const kafka = openKafka({ brokers: told.kafkaBrokers, clientId: "doomed", log: () => {} });
const codec = await createCodec({ registryUrl: told.registryUrl });
const partitions = await kafka.partitions(topics.tenantConfig.name);
const producer = kafka.producer();
const changer = createChanger({
  sql,
  codec,
  partitions: () => partitions,
  now: Date.now,
  random: randomBytes,
});

await changer.change([told.tenant], ourselves, async (change) => {
  await revokeKey(change, told.tenant, told.key);
  if (told.point !== "before the commit") return;
  die();
  await never;
});
await runOutboxPublisher({
  sql,
  owner: told.instanceId,
  async publish(rows) {
    const records = rows.map((row) => ({
      ...row,
      value: row.value === null ? null : Buffer.from(row.value),
    }));
    const part = {
      "before the commit": 0,
      "before it is produced": 0,
      "with half of it produced": Math.ceil(records.length / 2),
      "before the outbox is emptied": records.length,
    }[told.point];
    if (part > 0) await producer.send(records.slice(0, part));
    die();
    await never;
  },
  onError: (error) => console.error(error),
});
