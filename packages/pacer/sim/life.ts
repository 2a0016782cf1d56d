/** What is known of each message from the outside, and the words in which the judge speaks. */
import type { History, PublishedEvent } from "./history.ts";
import type { Plan } from "./plan.ts";

export type Violation = { promise: PromiseName; detail: string };
export type PromiseName =
  | "one outcome"
  | "decisions"
  | "not twice"
  | "true outcome"
  | "order"
  | "pace"
  | "otp first"
  | "fair share"
  | "in time"
  | "held"
  | "nothing waits for ever"
  | "published";

/** What is known of one message. */
export type Life = {
  id: string;
  accepted: History["accepted"][number];
  writes: History["writes"];
  taken: History["taken"];
  /** Distinct ones, in the order of their first publication. */
  events: (PublishedEvent & { at: number })[];
  /** Of its own tenant and of others. */
  decisions: History["decisions"];
};

export function livesOf(history: History): Map<string, Life> {
  const lives = new Map<string, Life>(
    history.accepted.map((accepted) => [
      accepted.item.id,
      { id: accepted.item.id, accepted, writes: [], taken: [], events: [], decisions: [] },
    ]),
  );
  for (const write of history.writes) lives.get(write.id)!.writes.push(write);
  for (const taken of history.taken) lives.get(taken.id)!.taken.push(taken);
  for (const decision of history.decisions) lives.get(decision.id)?.decisions.push(decision);
  const seen = new Set<string>();
  for (const { shard, seq, at, event } of history.published) {
    // Under the same number another event only follows where the database was set back.
    if (seen.has(`${shard} ${seq} ${event}`)) continue;
    seen.add(`${shard} ${seq} ${event}`);
    const parsed = JSON.parse(event) as PublishedEvent;
    lives.get(parsed.id)!.events.push({ ...parsed, at });
  }
  return lives;
}

export function isTrouble({ troubles }: History, from: number, to: number): boolean {
  return troubles.some((trouble) => trouble.from <= to && trouble.to >= from);
}

/** Sent once more because a person decided so, on record. */
export function isDecidedResend({ change }: PublishedEvent): boolean {
  return change.status === "queued" && change.reason?.code === "resend_decided";
}

/** What a process may be wrong about the database's time by: half a round trip. */
export function clockErrorMs(plan: Plan): number {
  return 2 * plan.statementMs.max + 5;
}
