/** Messages that overtook an earlier one of their conversation and lane. Pure. */
import type { Evidence } from "../ledgers.ts";
import type { Finding } from "./finding.ts";
import { foldStatuses } from "./lost.ts";

/** What left, and may have left late or not at all: the order of a conversation does not count it. */
const uncounted = new Set(["failed", "unconfirmed"]);

export function findOrderBreaks(evidence: Evidence): Finding[] {
  const states = foldStatuses(evidence.topics.statuses);
  const arrivals = new Map(evidence.arrivals.map((arrival) => [arrival.id, arrival]));
  // A client that repeated its request may have put a message there twice; its first place counts.
  const records = new Map(
    evidence.topics.outbound
      .toSorted((a, b) => b.offset - a.offset)
      .map((record) => [record.message_id, record]),
  );
  const counted = [...records.values()].flatMap((record) => {
    const receivedAt = arrivals.get(record.message_id)?.receivedAt ?? null;
    const state = states.get(record.message_id)?.status ?? "";
    if (record.lane === "otp" || receivedAt === null || uncounted.has(state)) return [];
    return [{ ...record, receivedAt }];
  });
  const conversations = Map.groupBy(
    counted,
    (record) => `${record.session} ${record.recipient} ${record.lane} ${record.partition}`,
  );
  return [...conversations.values()].flatMap((records) => {
    const inOrder = records.toSorted((a, b) => a.offset - b.offset);
    return inOrder.flatMap((record, i): Finding[] => {
      const before = inOrder[i - 1];
      if (before === undefined || before.receivedAt <= record.receivedAt) return [];
      const by = before.receivedAt - record.receivedAt;
      return [
        {
          kind: "order",
          id: record.message_id,
          what: `arrived ${by} ms before ${before.message_id}, accepted earlier`,
        },
      ];
    });
  });
}
