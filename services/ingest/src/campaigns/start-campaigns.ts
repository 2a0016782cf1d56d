/** The worker's part of campaigns: expanding them, counting how their messages end, removing lists that nobody uses. */
import { type Codec, topics } from "@wamesh/events";
import type { Kafka, Producer } from "@wamesh/kafka";
import { misplacedCursor } from "@wamesh/store";
import { startTidying } from "../audiences/tidy-audiences.ts";
import type { Records } from "../records.ts";
import type { ExpandDeps } from "./expand-chunk.ts";
import { createOutcomeWorker } from "./outcome-worker.ts";
import { isNoOutcome } from "./outcomes.ts";
import { startExpansion } from "./start-expansion.ts";

const group = "wamesh-ingest-campaigns";
/** Counts may come late by so much; records that come one by one would cost broker and reader a millisecond each. */
const lingerMs = 250;

export type CampaignWork = {
  /** Why nothing is counted until a person has decided, or null. */
  fault: string | null;
  /** Age of the last sign of life of either part. */
  lastTurnMs(): number;
  stop(): Promise<void>;
};

export async function startCampaigns(
  deps: Omit<ExpandDeps, "records" | "producer"> & {
    kafka: Kafka;
    codec: Codec;
    producer: Producer;
    records: Records;
    owner: string;
    log: { info(facts: object, message: string): void; error(facts: object, message: string): void };
    onFatal: (error: Error) => void;
  },
): Promise<CampaignWork> {
  const { kafka, sql } = deps;
  const onError = (error: unknown) => deps.log.error({ err: error }, "campaigns wait");
  const expansion = startExpansion({ ...deps, onError });
  const tidying = startTidying(deps);
  const fault = await misplacedCursor({
    kafka,
    sql,
    consumer: group,
    topics: [topics.messageStatus.name],
  });
  const consumer =
    fault === null
      ? await kafka.consume({
          groupId: group,
          topics: [topics.messageStatus],
          codec: deps.codec,
          deadLetter: { service: "ingest", producer: deps.producer },
          skip: (header) => isNoOutcome(header("status")),
          lingerMs,
          handle: createOutcomeWorker({ ...deps, consumer: group, onError }),
          onFatal: deps.onFatal,
        })
      : null;
  return {
    fault,
    lastTurnMs: () => Math.max(expansion.lastTurnMs(), consumer?.lastPollMs() ?? 0),
    async stop() {
      await Promise.all([expansion.stop(), tidying.stop(), consumer?.stop()]);
    },
  };
}
