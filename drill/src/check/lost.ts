/** Messages that were accepted and are missing from a ledger that must have them, or never came to an end. Pure. */
import { isFinal, supersedes } from "@wamesh/events";
import type { Evidence, StatusRecord } from "../ledgers.ts";
import type { Finding } from "./finding.ts";

const left = new Set(["sent", "delivered", "read", "played"]);

export function findLost(evidence: Evidence): Finding[] {
  const outbound = new Set(evidence.topics.outbound.map((record) => record.message_id));
  const arrivals = new Map(evidence.arrivals.map((arrival) => [arrival.id, arrival]));
  const folded = foldStatuses(evidence.topics.statuses);
  const { pending, attempts, done, projection } = evidence.stores;

  const findings: Finding[] = evidence.accepted.flatMap(({ id }) => {
    const state = folded.get(id)?.status;
    const shown = projection.get(id)?.status;
    const arrival = arrivals.get(id);
    const faults: [boolean, string][] = [
      [!outbound.has(id), "is not in its lane's topic"],
      [pending.has(id), "still waits in the schedule"],
      [attempts.has(id), "is still claimed"],
      [!done.has(id), "has no end in the schedule"],
      [state === undefined || !isFinal(state), `has no final status in the topic (${state ?? "none"})`],
      [shown === undefined || !isFinal(shown), `has no final status in the API (${shown ?? "none"})`],
      [shown !== state, `is ${shown ?? "unknown"} in the API and ${state ?? "unknown"} in the topic`],
      [
        (done.get(id) === "sent" || left.has(shown ?? "")) &&
          !(arrival !== undefined && arrival.accepted > 0),
        "is called sent, but the provider never took it",
      ],
      [
        shown === "unconfirmed" && arrival?.told === true,
        "is unconfirmed though its receipt was acknowledged",
      ],
    ];
    const what = faults.flatMap(([is, words]) => (is ? [words] : []));
    return what.length === 0 ? [] : [{ kind: "lost", id, what: what.join("; ") }];
  });

  for (const { topic, marker } of evidence.poison)
    if (!evidence.topics.dead.some((record) => record.topic === topic && record.value.includes(marker)))
      findings.push({
        kind: "lost",
        id: null,
        what: `unreadable record ${marker} of ${topic} is not in wa.dead`,
      });
  return findings;
}

/** The state that the status topic leaves each message in. */
export function foldStatuses(statuses: readonly StatusRecord[]): Map<string, StatusRecord> {
  const states = new Map<string, StatusRecord>();
  for (const status of statuses) {
    const current = states.get(status.message_id);
    if (current === undefined || supersedes(status, current)) states.set(status.message_id, status);
  }
  return states;
}
