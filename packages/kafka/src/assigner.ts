/** Joins the pure assignment to kafkajs' group protocol. kafkajs itself knows round robin only, which moves everything. */
import kafkajs, { type Cluster, type PartitionAssigner } from "kafkajs";
import { assignNumbers, type Member } from "./assignment.ts";

const name = "wamesh-sticky";
const version = 1;

/** Node sees only some of the names in this CommonJS module; the default export has them all. */
const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol;

/** What this member reads now; told to the group's leader at every join. */
export type Ownership = { numbers: readonly number[]; sinceMs: number };

/**
 * The same partition numbers of all topics go to one member: what one tenant's records cause lies in one process. `onCluster`
 * gets kafkajs' cluster, which it hands to assigners and nobody else.
 */
export function stickyAssigner(
  ownership: () => Ownership,
  onCluster: (cluster: Cluster) => void,
): PartitionAssigner {
  return ({ cluster }) => {
    onCluster(cluster);
    return {
      name,
      version,
      protocol: ({ topics }) => {
        const userData = Buffer.from(JSON.stringify(ownership()));
        return { name, metadata: MemberMetadata.encode({ version, topics, userData }) };
      },
      async assign({ members, topics }) {
        const counts = topics.map((topic) => ({
          topic,
          count: cluster.findTopicPartitionMetadata(topic).length,
        }));
        const most = Math.max(0, ...counts.map(({ count }) => count));
        const asking = members.map(({ memberId, memberMetadata }) => memberOf(memberId, memberMetadata));
        return [...assignNumbers(asking, most)].map(([memberId, numbers]) => ({
          memberId,
          memberAssignment: MemberAssignment.encode({
            version,
            assignment: Object.fromEntries(
              counts.map(({ topic, count }) => [topic, numbers.filter((number) => number < count)]),
            ),
            userData: Buffer.alloc(0),
          }),
        }));
      },
    };
  };
}

function memberOf(id: string, metadata: Buffer): Member {
  try {
    const { userData } = MemberMetadata.decode(metadata)!;
    const { numbers, sinceMs } = JSON.parse(userData.toString()) as Ownership;
    return { id, owned: numbers, sinceMs };
  } catch {
    // Another release may say it otherwise: then it owns nothing yet.
    return { id, owned: [], sinceMs: 0 };
  }
}
