/** The fold role: consumers that keep the read model up with the topics. */
import { type Codec, topics } from "@wamesh/events";
import type { Consumer, Kafka, Producer } from "@wamesh/kafka";
import { observe } from "@wamesh/metrics";
import type { Sql } from "@wamesh/store";
import { alignWithLog } from "./cursors.ts";
import { measureFold } from "./fold-metrics.ts";
import { createHandler, type Folded } from "./handle.ts";
import { messageSources, otherSources, type Source } from "./project.ts";

export type Duty = { name: string; sources: readonly Source[] };

export type Fold = {
  /** Why it does not fold at the moment, or null. */
  obstacle(): string | null;
  /** Why only a restart would help, or null. */
  stuck(): string | null;
  stop(): Promise<void>;
};

export type FoldDeps = {
  sql: Sql;
  kafka: Kafka;
  codec: Codec;
  log: {
    debug(facts: object, message: string): void;
    warn(facts: object, message: string): void;
    error(facts: object, message: string): void;
  };
  /** Beginning of the groups' names; another one reads the topics anew. */
  group: string;
  duties?: readonly Duty[];
  /** Where what no table can hold goes; default wa.dead. */
  deadLetters?: Pick<Producer, "send" | "close">;
  fatal: (error: unknown) => void;
};

/** Two duties, two consumers: the flood of statuses must not delay sessions and events, nor the other way round. */
export const allDuties: readonly Duty[] = [
  { name: "messages", sources: messageSources },
  { name: "facts", sources: otherSources },
];

/** Beginning of the names of the groups that fill a schema: another one than the first is filled from the topics' beginning. */
export function groupOf(schema: string): string {
  return schema === "projection" ? "wamesh-projector" : `wamesh-projector-${schema}`;
}

const retryMs = 5_000;
const stuckMs = 60_000;

export function startFold(deps: FoldDeps): Fold {
  const { kafka, log, duties = allDuties } = deps;
  const producer = deps.deadLetters ?? kafka.producer();
  const consumers: Consumer[] = [];
  const obstacles = new Map<string, string>(duties.map(({ name }) => [name, "starting"]));
  const timers = new Set<NodeJS.Timeout>();
  let stopping = false;

  const measured = measureFold();
  const unobserve = observe((say) =>
    say(
      "projector_lag_records",
      consumers.reduce((sum, consumer) => sum + consumer.lag(), 0),
    ),
  );

  function onFolded(folded: Folded): void {
    measured(folded);
    const { durationMs, statuses: _, ...facts } = folded;
    log.debug({ ...facts, duration_ms: Math.round(durationMs) }, "folded");
  }

  async function begin({ name, sources }: Duty): Promise<void> {
    const groupId = `${deps.group}-${name}`;
    const admin = await kafka.admin();
    try {
      const names = sources.map(({ topic }) => topic.name);
      if (await alignWithLog({ sql: deps.sql, admin }, groupId, names))
        log.warn(
          { group: groupId },
          "the rows are older than the group's offsets: reading from the beginning",
        );
    } finally {
      await admin.close();
    }
    if (stopping) return;
    const consumer = await kafka.consume({
      groupId,
      topics: sources.map(({ topic }) => topic),
      codec: deps.codec,
      deadLetter: { service: "status-projector", producer },
      handle: createHandler({ sql: deps.sql, consumer: groupId, sources, onFolded }),
      // Nobody sees a picture 100 ms younger, and each batch is a transaction.
      lingerMs: 100,
      onFatal: deps.fatal,
    });
    if (stopping) await consumer.stop();
    else consumers.push(consumer);
  }

  /** A cursor outside of the log needs a person; a broker that is away comes back. Either way: say so, and look again. */
  async function keepTrying(duty: Duty): Promise<void> {
    try {
      await begin(duty);
      obstacles.delete(duty.name);
    } catch (error) {
      if (stopping) return;
      obstacles.set(duty.name, `${duty.name}: ${error instanceof Error ? error.message : String(error)}`);
      log.error({ err: error, duty: duty.name }, "can't fold");
      const timer = setTimeout(() => {
        timers.delete(timer);
        beginnings.push(keepTrying(duty));
      }, retryMs);
      timers.add(timer);
    }
  }
  const beginnings = duties.map(keepTrying);

  return {
    obstacle: () => [...obstacles.values()][0] ?? null,
    stuck: () =>
      consumers.some((consumer) => consumer.lastPollMs() > stuckMs) ? "a consumer polls no more" : null,
    stop: async () => {
      stopping = true;
      unobserve();
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(beginnings);
      await Promise.all(consumers.map((consumer) => consumer.stop()));
      await producer.close();
    },
  };
}

/** Topics whose schemas a folding process must know. */
export const foldedTopics = [
  ...new Set([...allDuties.flatMap(({ sources }) => sources.map(({ topic }) => topic)), topics.dead]),
];
