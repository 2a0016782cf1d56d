import type { Broker, Cluster } from "kafkajs";
import { expect, type Mock, test, vi } from "vitest";
import { outliveBrokers } from "./failover.ts";

const patience = { withoutMs: 2000, pauseMs: 1 };
const group = { groupId: "g" };
const failure = (facts: { type?: string; name?: string }) => Object.assign(new Error("no"), facts);
const closed = failure({ name: "KafkaJSConnectionClosedError" });
const refused = failure({ name: "KafkaJSConnectionError" });
const loading = failure({ type: "GROUP_LOAD_IN_PROGRESS" });
const unknownMember = failure({ type: "UNKNOWN_MEMBER_ID" });

type Coordinator = {
  heartbeat: Mock<(request: object) => Promise<void>>;
  joinGroup: Mock<(request: { memberId: string }) => Promise<{ memberId: string }>>;
  leaveGroup: Mock<(request: object) => Promise<void>>;
};

function coordinator(name: string): Coordinator {
  let members = 0;
  return {
    heartbeat: vi.fn(async (_: object) => {}),
    joinGroup: vi.fn(async ({ memberId }: { memberId: string }) => ({
      memberId: memberId || `${name}-${++members}`,
    })),
    leaveGroup: vi.fn(async (_: object) => {}),
  };
}

/** A group of whose coordinators the one after the other answers to `findGroupCoordinator`. */
function groupOf(...coordinators: (Coordinator | Error)[]) {
  const findBroker = vi.fn(async (_: { nodeId: string }): Promise<Broker> => {
    throw refused;
  });
  const cluster = {
    findBroker,
    findGroupCoordinator: async () => {
      const next = coordinators.length > 1 ? coordinators.shift() : coordinators[0];
      if (next instanceof Error) throw next;
      return next;
    },
  } as unknown as Cluster;
  outliveBrokers(cluster, { patience });
  return { cluster, find: async () => (await cluster.findGroupCoordinator(group)) as unknown as Coordinator };
}

test("a member whose coordinator went away finds the next one, and stays in its generation meanwhile", async () => {
  const [first, second] = [coordinator("first"), coordinator("second")];
  const { find } = groupOf(first, second);
  const found = await find();
  await found.joinGroup({ memberId: "" });
  first.heartbeat.mockRejectedValue(closed);
  await found.heartbeat({});
  await vi.waitFor(async () => {
    await found.heartbeat({});
    expect(second.heartbeat).toHaveBeenCalled();
  });
  expect(second.joinGroup).not.toHaveBeenCalled();
});

test("what the coordinator says of the group is heard", async () => {
  const one = coordinator("one");
  const found = await groupOf(one).find();
  const rebalance = failure({ type: "REBALANCE_IN_PROGRESS" });
  one.heartbeat.mockRejectedValue(rebalance);
  await expect(found.heartbeat({})).rejects.toBe(rebalance);
});

test("a coordinator that is away for longer than the group's patience is told", async () => {
  const one = coordinator("one");
  const cluster = { findBroker: vi.fn(), findGroupCoordinator: async () => one } as unknown as Cluster;
  outliveBrokers(cluster, { patience: { withoutMs: -1, pauseMs: 1 } });
  const found = (await cluster.findGroupCoordinator(group)) as unknown as Coordinator;
  one.heartbeat.mockRejectedValue(closed);
  await expect(found.heartbeat({})).rejects.toBe(closed);
});

test("a consumer that starts anew comes back as the member that it was", async () => {
  const one = coordinator("one");
  const { find } = groupOf(one);
  await (await find()).joinGroup({ memberId: "" });
  await (await find()).joinGroup({ memberId: "" });
  expect(one.joinGroup).toHaveBeenLastCalledWith({ memberId: "one-1" });
});

test("a member that left or that the group has forgotten comes as a new one", async () => {
  const one = coordinator("one");
  const found = await groupOf(one).find();
  await found.joinGroup({ memberId: "" });
  await found.leaveGroup({});
  await expect(found.joinGroup({ memberId: "" })).resolves.toEqual({ memberId: "one-2" });
  one.joinGroup.mockRejectedValueOnce(unknownMember);
  await expect(found.joinGroup({ memberId: "one-2" })).rejects.toBe(unknownMember);
  await expect(found.joinGroup({ memberId: "" })).resolves.toEqual({ memberId: "one-3" });
});

test("a coordinator that still reads its groups is waited for, one that is gone is looked for", async () => {
  const one = coordinator("one");
  const { find } = groupOf(one, failure({ type: "GROUP_COORDINATOR_NOT_AVAILABLE" }), one);
  const found = await find();
  one.joinGroup.mockRejectedValueOnce(loading);
  await expect(found.joinGroup({ memberId: "" })).resolves.toEqual({ memberId: "one-1" });
  one.joinGroup.mockRejectedValueOnce(closed);
  await expect(found.joinGroup({ memberId: "one-1" })).rejects.toMatchObject({
    type: "NOT_COORDINATOR_FOR_GROUP",
  });
  await expect(find()).resolves.toBeDefined();
});

test("somebody who joins for the first time is told at once that there is no coordinator", async () => {
  await expect(groupOf(closed).find()).rejects.toBe(closed);
});

test("a broker that can't be reached is one to ask for later, and no reason to read from none", async () => {
  const { cluster } = groupOf(coordinator("one"));
  await expect(cluster.findBroker({ nodeId: "3" })).rejects.toMatchObject({ name: "KafkaJSBrokerNotFound" });
});

test("a leader that moved is a reason to read metadata, and none to join the group again", async () => {
  const notLeader = failure({ type: "NOT_LEADER_FOR_PARTITION" });
  const refusal = failure({ type: "TOPIC_AUTHORIZATION_FAILED" });
  const fetch = vi.fn().mockRejectedValueOnce(notLeader).mockRejectedValueOnce(refusal);
  const listOffsets = vi.fn().mockRejectedValue(notLeader);
  const broker = { fetch, listOffsets } as unknown as Broker & { listOffsets(): Promise<unknown> };
  const cluster = { findBroker: async () => broker, findGroupCoordinator: vi.fn() } as unknown as Cluster;
  outliveBrokers(cluster, { patience });
  const found = (await cluster.findBroker({ nodeId: "1" })) as typeof broker;
  expect(await cluster.findBroker({ nodeId: "1" })).toBe(found);
  await expect(found.fetch({ topics: [] })).rejects.toMatchObject({ name: "KafkaJSBrokerNotFound" });
  await expect(found.fetch({ topics: [] })).rejects.toBe(refusal);
  expect(fetch).toHaveBeenCalledTimes(2);
  await expect(found.listOffsets()).rejects.toMatchObject({ name: "KafkaJSBrokerNotFound" });
});
