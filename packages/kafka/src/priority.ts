/** Batches of more urgent topics first. kafkajs shuffles the topics of each fetch, so the answer is put in order. */
import type { Broker, Cluster } from "kafkajs";

type Fetched = { responses: { topicName: string }[] };

/** `topics`: the most urgent first. What one fetch brings is bounded by `maxBytes`, and so is what an urgent record waits. */
export function handOverInOrder(cluster: Cluster, topics: readonly string[]): void {
  if (topics.length < 2) return;
  const rank = new Map(topics.map((topic, index) => [topic, index]));
  const rankOf = ({ topicName }: { topicName: string }) => rank.get(topicName) ?? topics.length;
  const ordered = new WeakSet<Broker>();
  const findBroker = cluster.findBroker.bind(cluster);
  cluster.findBroker = async (node) => {
    const broker = await findBroker(node);
    if (!ordered.has(broker)) {
      ordered.add(broker);
      const fetch = broker.fetch.bind(broker);
      broker.fetch = async (request) => {
        const answer = (await fetch(request)) as Fetched;
        answer.responses.sort((a, b) => rankOf(a) - rankOf(b));
        return answer;
      };
    }
    return broker;
  };
}
