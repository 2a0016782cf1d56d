/**
 * What kafkajs' consumer lacks when a broker goes away. kafkajs 2.2.4 asks the coordinator that it joined at until the consumer
 * fails; reads from no broker while one refuses; and comes back as a new member, for which the group waits until the session of the
 * old one is over. Here the coordinator is followed, the others are read from, and a member stays the same.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Broker, Cluster } from "kafkajs";

type Coordinator = Broker & {
  heartbeat(request: object): Promise<unknown>;
  joinGroup(request: { memberId: string }): Promise<{ memberId: string }>;
  syncGroup(request: object): Promise<unknown>;
  leaveGroup(request: object): Promise<unknown>;
};

type Leader = Broker & { listOffsets(request: object): Promise<unknown> };

export type Patience = {
  /** A group may be without its coordinator for so long: the brokers' own session and elections, and some more. */
  withoutMs: number;
  /** Between two attempts. */
  pauseMs: number;
};

export type OutliveOptions = {
  patience?: Patience;
  /** Done once, before the first join; what it throws is told there. */
  beforeJoin?: (coordinator: Broker, group: { groupId: string }) => Promise<void>;
};

const usual: Patience = { withoutMs: 15_000, pauseMs: 250 };

/** The consumer's own cluster; once, before it joins its group. */
export function outliveBrokers(
  cluster: Cluster,
  { patience = usual, beforeJoin }: OutliveOptions = {},
): void {
  const { withoutMs, pauseMs } = patience;
  const findBroker = cluster.findBroker.bind(cluster);
  const findCoordinator = cluster.findGroupCoordinator.bind(cluster);
  const wrapped = new WeakSet<Broker>();
  let isPrepared = false;
  /** By which the group knows this consumer; empty before it joined and after it left. */
  let memberId = "";

  // As long as metadata name the broker as a leader it is asked again, beside the others.
  cluster.findBroker = async (node) => {
    try {
      const broker = (await findBroker(node)) as Leader;
      if (!wrapped.has(broker)) {
        wrapped.add(broker);
        const [fetch, listOffsets] = [broker.fetch.bind(broker), broker.listOffsets.bind(broker)];
        broker.fetch = (request) => fetch(request).catch(askedElsewhere);
        broker.listOffsets = (request) => listOffsets(request).catch(askedElsewhere);
      }
      return broker;
    } catch (error) {
      return askedElsewhere(error);
    }
  };

  /** kafkajs' fetch takes it as a reason to read metadata, and for nothing else: a leader that moves is no matter of the group. */
  async function askedElsewhere(error: unknown): Promise<never> {
    if (hasName(error, "KafkaJSConnectionError") || hasType(error, ...movedLeader)) {
      await delay(pauseMs);
      throw Object.assign(new Error("no such leader now", { cause: error }), {
        name: "KafkaJSBrokerNotFound",
      });
    }
    throw error;
  }

  cluster.findGroupCoordinator = async (group) => {
    // At the first join somebody waits for an answer.
    const until = performance.now() + (memberId === "" ? 0 : withoutMs);
    for (;;) {
      try {
        return followed((await findCoordinator(group)) as Coordinator, group);
      } catch (error) {
        if (performance.now() >= until) throw error;
        await delay(pauseMs);
      }
    }
  };

  function followed(found: Coordinator, group: { groupId: string }): Broker {
    let current = found;
    let heardAt = performance.now();
    let isLooking = false;

    async function look(): Promise<void> {
      if (isLooking) return;
      isLooking = true;
      try {
        current = (await findCoordinator(group)) as Coordinator;
      } catch {
        // The next heartbeat looks again.
      }
      isLooking = false;
    }

    const own: Pick<Coordinator, "heartbeat" | "joinGroup" | "syncGroup" | "leaveGroup"> = {
      // Without a coordinator nobody can be given our partitions; the next one gives each member a whole session anew.
      async heartbeat(request) {
        try {
          await current.heartbeat(request);
          heardAt = performance.now();
        } catch (error) {
          if (!isAway(error) || performance.now() - heardAt > withoutMs) throw error;
          void look();
        }
      },
      async joinGroup(request) {
        const until = performance.now() + withoutMs;
        for (;;) {
          try {
            if (!isPrepared) await beforeJoin?.(current, group);
            isPrepared = true;
            const joined = await current.joinGroup({ ...request, memberId: request.memberId || memberId });
            memberId = joined.memberId;
            return joined;
          } catch (error) {
            if (hasType(error, "UNKNOWN_MEMBER_ID")) memberId = "";
            if (!hasType(error, "GROUP_LOAD_IN_PROGRESS") || performance.now() >= until) throw moved(error);
            await delay(pauseMs);
          }
        }
      },
      async syncGroup(request) {
        try {
          return await current.syncGroup(request);
        } catch (error) {
          throw moved(error);
        }
      },
      async leaveGroup(request) {
        const left = await current.leaveGroup(request);
        memberId = "";
        return left;
      },
    };
    return new Proxy(current, {
      get: (_, name) => (Object.hasOwn(own, name) ? Reflect.get(own, name) : Reflect.get(current, name)),
    });
  }
}

const movedLeader = [
  "NOT_LEADER_FOR_PARTITION",
  "LEADER_NOT_AVAILABLE",
  "FENCED_LEADER_EPOCH",
  "UNKNOWN_LEADER_EPOCH",
];
/** After this one kafkajs looks for the coordinator and joins again; after others its consumer starts anew. */
const notCoordinator = "NOT_COORDINATOR_FOR_GROUP";
const awayTypes = [notCoordinator, "GROUP_COORDINATOR_NOT_AVAILABLE", "GROUP_LOAD_IN_PROGRESS"];
const awayNames = [
  "KafkaJSConnectionError",
  "KafkaJSConnectionClosedError",
  "KafkaJSRequestTimeoutError",
  "KafkaJSBrokerNotFound",
];

const isAway = (error: unknown) => hasType(error, ...awayTypes) || hasName(error, ...awayNames);

function moved(error: unknown): unknown {
  if (!isAway(error) || !(error instanceof Error)) return error;
  return Object.assign(new Error(error.message, { cause: error }), { type: notCoordinator });
}

function hasType(error: unknown, ...types: string[]): boolean {
  return error instanceof Error && "type" in error && types.includes(String(error.type));
}

function hasName(error: unknown, ...names: string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}
