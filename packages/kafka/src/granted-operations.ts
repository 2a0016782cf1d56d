/**
 * What the asking user may do with topics, as brokers tell it in their metadata from version 8 on (KIP-430); kafkajs asks for
 * version 6 at most.
 */
import { createRequire } from "node:module";
import type { Cluster } from "kafkajs";
import type { Operation } from "./access.ts";

const require = createRequire(import.meta.url);

/** Of kafkajs' own, which its types leave out. */
type Request = { apiVersion: number; encode: () => Promise<{ writeBoolean(value: boolean): unknown }> };
type Reply = { decode(payload: Buffer): Promise<object>; parse(decoded: object): Promise<unknown> };
type RawBroker = {
  versions: Record<number, { maxVersion: number }> | null;
  connectionPool: { send(call: { request: Request; response: Reply }): Promise<unknown> };
  findGroupCoordinator(group: { groupId: string; coordinatorType: number }): Promise<unknown>;
};
type RawCluster = { brokerPool: { findConnectedBroker(): Promise<RawBroker> } };

const metadataKey = 3;
/** From this version on the answer says what the asking user may do; kafkajs knows up to 6. */
const metadataVersion = 8;
const codes = { noSuchTopic: 3, ok: 0 } as const;
/** Numbers of the operations in the answer's bits. */
const bits: Record<Operation, number> = { Read: 3, Write: 4 };

/** One to be asked directly: kafkajs' own ways to ask any broker keep what it refused to themselves. */
async function anyBroker(cluster: Cluster): Promise<RawBroker> {
  await cluster.connect();
  // Connected is one seed; questions go to brokers that the cluster names.
  await cluster.refreshMetadata();
  return (cluster as unknown as RawCluster).brokerPool.findConnectedBroker();
}

/** Of these groups, by name, those that the user may not even see. */
export async function hiddenGroups(cluster: Cluster, groups: readonly string[]): Promise<string[]> {
  const broker = await anyBroker(cluster);
  const hidden: string[] = [];
  for (const groupId of groups) {
    try {
      await broker.findGroupCoordinator({ groupId, coordinatorType: 0 });
    } catch (error) {
      const type = (error as { type?: string }).type;
      if (type === "GROUP_AUTHORIZATION_FAILED") hidden.push(groupId);
      // No group was ever joined here; what matters is that the question was answered.
      else if (type !== "GROUP_COORDINATOR_NOT_AVAILABLE") throw error;
    }
  }
  return hidden;
}

/** By topic; those that do not exist are left out, and all where brokers are too old to tell. */
export async function grantedOperations(
  cluster: Cluster,
  names: readonly string[],
): Promise<Map<string, Operation[]>> {
  const broker = await anyBroker(cluster);
  if ((broker.versions?.[metadataKey]?.maxVersion ?? 0) < metadataVersion) return new Map();
  const before = require("kafkajs/src/protocol/requests/metadata/v6/request.js")({
    topics: [...names],
    allowAutoTopicCreation: false,
  }) as Request;
  const request: Request = {
    ...before,
    apiVersion: metadataVersion,
    // Whether to tell of the cluster, and of topics.
    encode: async () => {
      const encoder = await before.encode();
      encoder.writeBoolean(false);
      encoder.writeBoolean(true);
      return encoder;
    },
  };
  const response: Reply = {
    decode: async (payload) => ({ granted: readMetadata(payload) }),
    parse: async (decoded) => decoded,
  };
  const answer = await broker.connectionPool.send({ request, response });
  return (answer as { granted: Map<string, Operation[]> }).granted;
}

/** Metadata response, version 8. */
export function readMetadata(payload: Buffer): Map<string, Operation[]> {
  let at = 0;
  const int = (bytes: number) => {
    at += bytes;
    return payload.readIntBE(at - bytes, bytes);
  };
  const text = () => {
    const length = int(2);
    if (length < 0) return "";
    at += length;
    return payload.toString("utf8", at - length, at);
  };
  const each = (read: () => void) => {
    for (let left = int(4); left > 0; left--) read();
  };
  const granted = new Map<string, Operation[]>();
  int(4); // throttle time
  each(() => void [int(4), text(), int(4), text()]); // brokers: node, host, port, rack
  text(); // cluster
  int(4); // controller
  each(() => {
    const error = int(2);
    const name = text();
    int(1); // internal
    each(() => {
      int(2); // error
      for (let i = 0; i < 3; i++) int(4); // partition, leader, epoch
      for (let i = 0; i < 3; i++) each(() => int(4)); // replicas, in sync, offline
    });
    const operations = int(4);
    if (error === codes.noSuchTopic) return;
    const may = ([, bit]: [string, number]) => error === codes.ok && (operations & (1 << bit)) !== 0;
    granted.set(
      name,
      Object.entries(bits)
        .filter(may)
        .map(([operation]) => operation as Operation),
    );
  });
  return granted;
}
