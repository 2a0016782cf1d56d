/** The door below kafkajs' consumers: fetches of one's own, without a group. */
import type { Cluster, Kafka } from "kafkajs";

/** kafkajs has a cluster for each consumer and hands it to assigners; no group is ever joined here. */
export function clusterOf(client: Kafka): Cluster {
  let found: Cluster | undefined;
  client.consumer({
    groupId: "none",
    allowAutoTopicCreation: false,
    partitionAssigners: [
      ({ cluster }) => {
        found = cluster;
        return {
          name: "none",
          version: 0,
          protocol: () => ({ name: "none", metadata: Buffer.alloc(0) }),
          assign: async () => [],
        };
      },
    ],
  });
  if (found === undefined) throw new Error("kafkajs no longer hands its cluster to assigners");
  return found;
}
