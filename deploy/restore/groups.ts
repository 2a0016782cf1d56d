/** Consumer groups beside the cursors of the databases: which have read what the database has forgotten, and back to where they go. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Admin, GroupHasMembers, type GroupPosition } from "@wamesh/kafka";
import { noting, type Sql } from "@wamesh/store";

export type Place = {
  topic: string;
  partition: number;
  /** Next offset, as the database knows it. */
  known: number;
  /** As the group has committed it; null: nothing. */
  committed: number | null;
  low: number;
  high: number;
};
export type Group = { schema: string; consumer: string; places: readonly Place[] };

/** What the database lacks. Offsets outside of the log mean nothing. Pure. */
export function forgotten({ places }: Group): Place[] {
  return places.filter(
    ({ known, committed, high }) => committed !== null && committed > known && committed <= high,
  );
}

/** Records that are gone from the log though the database has not applied them. Pure. */
export function missing({ places }: Group): number {
  return places.reduce((sum, { known, low }) => sum + Math.max(0, low - known), 0);
}

/** All that any schema has a cursor of. */
export async function readGroups(admin: Admin, schemas: ReadonlyMap<string, Sql>): Promise<Group[]> {
  const cluster = await admin.clusterId();
  const ranges = new Map<string, Awaited<ReturnType<Admin["offsets"]>>>();
  const groups: Group[] = [];
  for (const [schema, sql] of schemas) {
    const rows = await sql<
      { consumer: string; topic: string; partition: number; next_offset: number | null }[]
    >`
      select consumer, topic, partition, next_offset from stream_cursor where cluster = ${cluster}
      order by consumer, topic, partition`;
    for (const [consumer, own] of Map.groupBy(rows, (row) => row.consumer)) {
      const places: Place[] = [];
      for (const [topic, cursors] of Map.groupBy(own, (row) => row.topic)) {
        if (!ranges.has(topic)) ranges.set(topic, await admin.offsets(topic));
        const committed = await admin.committed(consumer, topic);
        for (const { partition, low, high } of ranges.get(topic)!) {
          const offset = committed.find((one) => one.partition === partition)?.offset ?? null;
          const known = cursors.find((one) => one.partition === partition)?.next_offset ?? Number(low);
          places.push({
            topic,
            partition,
            known,
            committed: offset === null ? null : Number(offset),
            low: Number(low),
            high: Number(high),
          });
        }
      }
      groups.push({ schema, consumer, places });
    }
  }
  return groups;
}

/** The brokers notice within six seconds that a member was killed. */
const goneWithinMs = 10_000;

/** Rejects where one of them has a member: it is set to where it is, which a broker takes for nobody's group only. */
export async function refuseMembers(admin: Admin, groups: readonly Group[]): Promise<void> {
  const until = performance.now() + goneWithinMs;
  for (const { consumer, places } of groups) {
    const at = places.find(({ committed }) => committed !== null);
    if (at === undefined) continue;
    const { topic, partition, committed } = at;
    while (!(await isSet(admin, consumer, { topic, partition, offset: String(committed) }, until)))
      await sleep(250);
  }
}

/** False: it has a member, who may be dead. */
async function isSet(admin: Admin, group: string, at: GroupPosition, until: number): Promise<boolean> {
  try {
    await admin.setOffsets(group, [at]);
    return true;
  } catch (error) {
    if (!(error instanceof GroupHasMembers) || performance.now() > until) throw error;
    return false;
  }
}

/** Back to what the database knows; all services expect to read twice. */
export function rewind(admin: Admin, group: Group): Promise<void> {
  return admin.setOffsets(
    group.consumer,
    forgotten(group).map(({ topic, partition, known }): GroupPosition => {
      return { topic, partition, offset: String(known) };
    }),
  );
}

/** Of a group whose records have been taken account of here: the database knows them from now on. */
export function catchUp(
  kafka: { clusterId(): Promise<string> },
  schemas: ReadonlyMap<string, Sql>,
  group: Group,
): Promise<void> {
  const { consumer, schema } = group;
  return noting({ kafka, sql: schemas.get(schema)!, consumer })(
    forgotten(group).map(({ topic, partition, committed }) => ({
      topic,
      partition,
      offset: String(committed),
    })),
  );
}
