/**
 * The schedule after a restore: the topics know what it has forgotten. Shard by shard, each part in a transaction; twice is
 * harmless, since what was settled is settled the same way again.
 */
import { openDirectory } from "@wamesh/directory";
import { type Codec, laneTopics, type MessageStatus, topics } from "@wamesh/events";
import type { Kafka } from "@wamesh/kafka";
import { endedBefore, type Loss, type NewItem, restoredItems, settleRestored } from "@wamesh/pacer";
import { readCursors, type Sql } from "@wamesh/store";
import { admissible, type Known } from "../admission.ts";
import { understand } from "../commands.ts";
import { groups } from "../groups.ts";
import { isFollowed } from "../look-ups/follow.ts";
import { createLookUpStore } from "../look-ups/store.ts";
import { settleShard } from "./settle-shard.ts";
import { type Heard, hear, nothingHeard } from "./told.ts";

export type ScheduleReport = {
  /** By how they ended meanwhile. */
  ended: Record<string, number>;
  /** By tenant: nothing says whether they left. */
  doubtful: Record<string, number>;
  /** Which of them the schedule had never heard of. */
  read_again: number;
  cancelled: number;
};

type At = { kafka: Kafka; codec: Codec; sql: Sql; loss: Loss; write: boolean };

/** Rows of one transaction. */
const partSize = 2_000;
/** So long a limit that members share may have been used up by what is forgotten. */
const limitMs = 60_000;

/** `sql`: in the schedule's schema, of a role that sees all of it. With `write` false nothing is changed. */
export async function recoverSchedule(at: At): Promise<ScheduleReport> {
  const report: ScheduleReport = { ended: {}, doubtful: {}, read_again: 0, cancelled: 0 };
  const directory = await openDirectory({ kafka: at.kafka, codec: at.codec, credentials: false });
  const admin = await at.kafka.admin();
  try {
    await directory.ready;
    const cluster = await admin.clusterId();
    const known = new Map<string, number>();
    for (const consumer of Object.values(groups))
      for (const { topic, partition, nextOffset } of await readCursors(at.sql, { consumer, cluster }))
        known.set(`${consumer} ${topic} ${partition}`, nextOffset ?? 0);
    const ends = async (topic: string) =>
      new Map((await admin.offsets(topic)).map(({ partition, high }) => [partition, Number(high)]));
    const range = async (consumer: string, topic: string) => {
      const to = await ends(topic);
      return (partition: number) => ({
        from: known.get(`${consumer} ${topic} ${partition}`) ?? 0,
        to: to.get(partition) ?? 0,
      });
    };
    const lanes = await Promise.all(
      Object.values(laneTopics).map(async (topic) => ({
        topic,
        range: await range(groups.lanes, topic.name),
      })),
    );
    const statuses = await range(groups.echoes, topics.messageStatus.name);
    const commands = await range(groups.commands, topics.outboundCommand.name);
    for (let shard = 0; shard < (await at.kafka.partitions(topics.messageStatus.name)); shard++)
      await recoverShard(at, report, directory, {
        shard,
        statuses: statuses(shard),
        commands: commands(shard),
        lanes: lanes.map(({ topic, range }) => ({ topic, ...range(shard) })),
      });
    return report;
  } finally {
    await admin.close();
    await directory.stop();
  }
}

type Range = { from: number; to: number };
type Part = {
  shard: number;
  statuses: Range;
  commands: Range;
  lanes: (Range & { topic: (typeof laneTopics)[keyof typeof laneTopics] })[];
};

async function recoverShard(at: At, report: ScheduleReport, known: Known, part: Part): Promise<void> {
  const { kafka, codec, sql, loss } = at;
  const { shard } = part;
  const heard = new Map<string, Heard>();
  const followed: MessageStatus[] = [];
  await kafka.scan({
    topic: topics.messageStatus,
    codec,
    partition: shard,
    ...part.statuses,
    apply: (records) => {
      for (const { record } of records) {
        heard.set(record.message_id, hear(heard.get(record.message_id) ?? nothingHeard, record));
        if (record.origin === "mesh" && isFollowed(record)) followed.push(record);
      }
    },
  });
  const accepted: { item: NewItem; acceptedAt: number }[] = [];
  for (const lane of part.lanes)
    await kafka.scan({
      ...lane,
      codec,
      partition: shard,
      apply: (records) => {
        for (const { record, offset, headers, timestampMs } of records) {
          const admitted = admissible(record, { topic: lane.topic.name, offset, headers }, known);
          if (admitted.kind === "item") accepted.push({ item: admitted.item, acceptedAt: timestampMs });
        }
      },
    });
  const cancelled: { id: string; tenant: string }[] = [];
  await kafka.scan({
    topic: topics.outboundCommand,
    codec,
    partition: shard,
    ...part.commands,
    // Only what is cancelled stays so. Who decided over a doubt is asked again: the doubt may be another one now.
    apply: (records) => {
      for (const { record } of records) {
        const understood = understand(record, shard);
        if (understood.kind === "command" && understood.command.kind === "cancel")
          cancelled.push(understood.command);
      }
    },
  });
  const ended = await endedBefore(
    sql,
    accepted.map(({ item }) => item.id),
  );
  const rows = await restoredItems(sql, shard);
  const { settlements, echoes } = settleShard({ shard, rows, accepted, ended, heard }, loss);
  count(report, settlements);
  report.cancelled += cancelled.length;
  if (!at.write) return;
  await followAgain(sql, shard, followed);
  const usedUpUntil = loss.lostAt + limitMs;
  // The first also says what was cancelled and what receipts said, before anybody can act on the rest.
  for (let first = 0; first === 0 || first < settlements.length; first += partSize)
    await settleRestored(sql, {
      shard,
      settlements: settlements.slice(first, first + partSize),
      echoes: first === 0 ? echoes : [],
      cancelled: first === 0 ? cancelled : [],
      usedUpUntil,
    });
}

/** What is looked up at its provider was forgotten too. */
async function followAgain(sql: Sql, shard: number, statuses: readonly MessageStatus[]): Promise<void> {
  const store = createLookUpStore(sql);
  const told = statuses.filter(isFollowed).map((status) => ({ shard, status }));
  for (let first = 0; first < told.length; first += partSize)
    await store.follow(told.slice(first, first + partSize));
}

function count(report: ScheduleReport, settlements: ReturnType<typeof settleShard>["settlements"]): void {
  const add = (counts: Record<string, number>, key: string) => {
    counts[key] = (counts[key] ?? 0) + 1;
  };
  for (const { tenant, recovery, item } of settlements) {
    if (recovery.kind === "end") add(report.ended, recovery.outcome);
    else if (recovery.kind === "doubt") {
      add(report.doubtful, tenant);
      if (item !== null) report.read_again++;
    }
  }
}
