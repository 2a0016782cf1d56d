/**
 * What kafkajs asks of a broker, and in which order the answer is handled. Neither is an option of its consumer, so the
 * broker's `fetch` is wrapped.
 */
import type { Broker, Cluster } from "kafkajs";

type Fetched = { responses: { topicName: string; partitions: { messages: unknown[] }[] }[] };
type Wait = { maxWaitTime: number; minBytes: number };

/** What one fetch brings of a partition, unless a consumer says otherwise. */
export const bytesPerPartition = 128 * 1024;
/**
 * With a linger the broker answers when there is so much, or the time is over. Less than a fetch brings of one partition: else a
 * single busy one, a tenant's broadcast, would wait for the whole linger each time.
 */
export const lingerBytes = bytesPerPartition / 2;

/**
 * `order`: topics, the most urgent first; kafkajs shuffles those of each fetch. What one fetch brings is bounded by `maxBytes`,
 * and so is what an urgent record waits. `lingerMs`: see ConsumeOptions.
 */
export function shapeFetches(
  cluster: Cluster,
  { order, lingerMs }: { order: readonly string[]; lingerMs: number | undefined },
): void {
  const rank = new Map(order.map((topic, index) => [topic, index]));
  const rankOf = ({ topicName }: { topicName: string }) => rank.get(topicName) ?? order.length;
  const shaped = new WeakSet<Broker>();
  const findBroker = cluster.findBroker.bind(cluster);
  cluster.findBroker = async (node) => {
    const broker = await findBroker(node);
    if (!shaped.has(broker)) {
      shaped.add(broker);
      const fetch = broker.fetch.bind(broker);
      let wasEmpty = true;
      broker.fetch = async (request) => {
        const answer = (await fetch({
          ...request,
          ...waitOf(request as Wait, lingerMs, wasEmpty),
        })) as Fetched;
        wasEmpty = answer.responses.every(({ partitions }) =>
          partitions.every(({ messages }) => messages.length === 0),
        );
        answer.responses.sort((a, b) => rankOf(a) - rankOf(b));
        return answer;
      };
    }
    return broker;
  };
}

/** After silence the first record is answered at once; those that follow travel together. */
export function waitOf(given: Wait, lingerMs: number | undefined, wasEmpty: boolean): Wait {
  return lingerMs === undefined || wasEmpty
    ? { maxWaitTime: given.maxWaitTime, minBytes: given.minBytes }
    : { maxWaitTime: lingerMs, minBytes: lingerBytes };
}
