/** Sets a consumer group to other offsets, by the one request that Kafka has for it: kafkajs' own way joins the group for each topic. */
import type { Kafka } from "kafkajs";
import { clusterOf } from "./cluster.ts";
import type { GroupPosition } from "./consumer.ts";

/** A process reads in the group: it would go on where it is, and commit that. */
export class GroupHasMembers extends Error {
  constructor(groupId: string, cause: unknown) {
    super(`the group ${groupId} has members: stop the service that reads in it first`, { cause });
    this.name = "GroupHasMembers";
  }
}

/** Of nobody: a broker takes such a commit for a group without members only. */
const nobody = { groupGenerationId: -1, memberId: "" };

export async function setOffsets(
  client: Kafka,
  groupId: string,
  positions: readonly GroupPosition[],
): Promise<void> {
  if (positions.length === 0) return;
  const cluster = clusterOf(client);
  try {
    await cluster.connect();
    const coordinator = await cluster.findGroupCoordinator({ groupId });
    const topics = [...Map.groupBy(positions, ({ topic }) => topic)].map(([topic, of]) => ({
      topic,
      partitions: of.map(({ partition, offset }) => ({ partition, offset })),
    }));
    await coordinator.offsetCommit({ groupId, ...nobody, topics });
  } catch (error) {
    const { type } = error as { type?: string };
    if (type === "UNKNOWN_MEMBER_ID" || type === "REBALANCE_IN_PROGRESS" || type === "ILLEGAL_GENERATION")
      throw new GroupHasMembers(groupId, error);
    throw error;
  } finally {
    await cluster.disconnect().catch(() => {});
  }
}
