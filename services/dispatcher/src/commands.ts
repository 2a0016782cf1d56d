/**
 * What persons decided over single messages, into the schedule; what comes of it is told by the message's statuses. Read marks are
 * carried out beside it.
 */
import { type Codec, type OutboundCommand, type Reason, topics } from "@wamesh/events";
import type { Consumer, Dead, Kafka, Producer } from "@wamesh/kafka";
import type { Command, Pacer } from "@wamesh/pacer";
import { type BeforeCommit, groups } from "./groups.ts";

export type Understood =
  | { kind: "command"; command: Command }
  | { kind: "read_mark" }
  | { kind: "refused"; reason: Reason };

/** `shard` is the partition that it was read from. Pure. */
export function understand(record: OutboundCommand, shard: number): Understood {
  const { kind, tenant, message_id: id } = record;
  if (kind === "read" && record.read_mark !== null) return { kind: "read_mark" };
  if (kind !== "UNKNOWN" && kind !== "read") return { kind: "command", command: { shard, id, kind, tenant } };
  const detail =
    kind === "read"
      ? "a read mark names its session"
      : "the decision is of a kind this release does not know";
  return {
    kind: "refused",
    reason: { code: "invalid_record", fault_class: "content", provider_code: null, detail },
  };
}

/**
 * A group of its own: a flood of decisions must not delay admission, and any process may note one, since the shard's owner
 * finds it in the store. It may be read before its message. Twice is harmless: the store keeps each decision once.
 */
export function consumeCommands(deps: {
  kafka: Kafka;
  codec: Codec;
  producer: Producer;
  pacer: Pick<Pacer, "command">;
  /** Takes note of a read mark; never waits. */
  readMark: (command: OutboundCommand) => void;
  beforeCommit: BeforeCommit;
  onFatal: (error: Error) => void;
}): Promise<Consumer> {
  return deps.kafka.consume({
    groupId: groups.commands,
    topics: [topics.outboundCommand],
    codec: deps.codec,
    deadLetter: { service: "dispatcher", producer: deps.producer },
    maxRecords: 100,
    beforeCommit: deps.beforeCommit,
    onFatal: deps.onFatal,
    async handle(batch) {
      const dead: Dead[] = [];
      const commands: Command[] = [];
      for (const record of batch.records) {
        const understood = understand(record.record, batch.partition);
        if (understood.kind === "command") commands.push(understood.command);
        else if (understood.kind === "read_mark") deps.readMark(record.record);
        else dead.push({ record, reason: understood.reason, messageId: record.record.message_id });
      }
      await Promise.all(commands.map((command) => deps.pacer.command(command)));
      return dead;
    },
  });
}
