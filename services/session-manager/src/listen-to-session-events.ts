/** The consumer of wa.session.event: from where its cursor stands, for as long as the process lives. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Codec, topics } from "@wamesh/events";
import type { Consumer, Kafka, Producer } from "@wamesh/kafka";
import type { Log } from "@wamesh/service";
import { CursorBeyondLog, checkCursor, readCursors, type Sql } from "@wamesh/store";
import type { Changer } from "./change.ts";
import { foldSessionEvents } from "./session-events.ts";

type Deps = {
  kafka: Kafka;
  sql: Sql;
  codec: Codec;
  changer: Changer;
  producer: Producer;
  groupId: string;
  clusterId: string;
  log: Log;
  fatal(error: unknown): void;
  random: () => number;
};

export type Listening = {
  /** Why nothing is read until a person has decided, or null. */
  fault: string | null;
  /** Age of the last poll in ms; 0 while the group is being joined. */
  lastPollMs(): number;
  stop(): Promise<void>;
};

export async function listenToSessionEvents(deps: Deps): Promise<Listening> {
  const fault = await misplacedCursor(deps);
  if (fault !== null) {
    deps.log.error(fault);
    return { fault, lastPollMs: () => 0, stop: async () => {} };
  }
  // Not awaited: after a crash the group waits 6 s for the dead member, and the API need not.
  let consumer: Consumer | undefined;
  let stopping = false;
  const joined = join(deps).then((found) => {
    consumer = found;
    return stopping ? found.stop() : undefined;
  }, deps.fatal);
  return {
    fault: null,
    lastPollMs: () => consumer?.lastPollMs() ?? 0,
    async stop() {
      stopping = true;
      // A join that is still waiting for others is given up with the process; once through, it leaves by itself.
      await (consumer === undefined ? Promise.race([joined, sleep(joinGraceMs)]) : consumer.stop());
    },
  };
}

const joinGraceMs = 500;

function join({ kafka, codec, changer, producer, groupId, clusterId, log, fatal, random }: Deps) {
  return kafka.consume({
    groupId,
    topics: [topics.sessionEvent],
    codec,
    deadLetter: { service: "session-manager", producer },
    onFatal: fatal,
    handle: async ({ topic, partition, nextOffset, records }) => {
      const counts = await foldSessionEvents(
        { changer, random },
        {
          position: { consumer: groupId, cluster: clusterId, topic, partition },
          nextOffset: Number(nextOffset),
          records: records.map(({ offset, record }) => ({ offset: Number(offset), record })),
        },
      );
      if (counts.changed > 0) log.info({ partition, ...counts }, "session events folded");
    },
  });
}

/** Why the session events can't be read on from where they were left, or null. */
async function misplacedCursor({ kafka, sql, groupId, clusterId }: Deps): Promise<string | null> {
  const admin = await kafka.admin();
  try {
    // The cursors first: other processes go on meanwhile, and theirs would be beyond an end of the log that was read before.
    const cursors = await readCursors(sql, { consumer: groupId, cluster: clusterId });
    const ranges = await admin.offsets(topics.sessionEvent.name);
    for (const { nextOffset, ...position } of cursors) {
      const range = ranges.find(({ partition }) => partition === position.partition);
      checkCursor(position, nextOffset, { low: Number(range?.low ?? 0), high: Number(range?.high ?? 0) });
    }
    return null;
  } catch (error) {
    if (error instanceof CursorBeyondLog) return error.message;
    throw error;
  } finally {
    await admin.close();
  }
}
