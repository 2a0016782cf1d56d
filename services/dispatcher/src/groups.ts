/** The groups this service reads in, and whether its schedule knows at least what they have read. */
import { laneTopics, topics } from "@wamesh/events";
import type { GroupPosition, Kafka } from "@wamesh/kafka";
import { misplacedCursor, noting, type Sql } from "@wamesh/store";

export const groups = {
  lanes: "wamesh-dispatcher",
  echoes: "wamesh-dispatcher-echo",
  commands: "wamesh-dispatcher-command",
  failures: "wamesh-dispatcher-failures",
} as const;

const read: Record<(typeof groups)[keyof typeof groups], readonly { name: string }[]> = {
  [groups.lanes]: [laneTopics.otp, laneTopics.standard, laneTopics.bulk],
  [groups.echoes]: [topics.messageStatus],
  [groups.commands]: [topics.outboundCommand],
  [groups.failures]: [topics.sessionEvent],
};

/** What each consumer tells before it commits. */
export type BeforeCommit = (positions: readonly GroupPosition[]) => Promise<void>;

/**
 * Rejects when the schedule was set back to an older state, or a log was: it would send again what it has forgotten. Every
 * status of every send comes by in the echoes' group, so a schedule that lacks a second of sends is found out.
 */
export async function refuseOlderSchedule(at: { kafka: Kafka; sql: Sql }): Promise<void> {
  for (const [consumer, topics] of Object.entries(read)) {
    const fault = await misplacedCursor({ ...at, consumer, topics: topics.map(({ name }) => name) });
    if (fault !== null) throw new Error(fault);
  }
}

export function notesOf(at: { kafka: Kafka; sql: Sql }): (consumer: string) => BeforeCommit {
  return (consumer) => noting({ ...at, consumer });
}
