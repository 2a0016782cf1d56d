import { counter } from "@wamesh/metrics";

const accepted = counter("intake_messages_total");

/** Messages that Kafka has taken. A repetition after a crash is counted once more. */
export function countIntake(
  messages: readonly { lane: string }[],
  by: "api" | "event" | "campaign" | "redrive",
): void {
  for (const { lane } of messages) accepted.add(1, { lane, by });
}
