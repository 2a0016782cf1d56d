/** Messages that the provider took more often than their records allow. Pure. */
import type { Evidence, StatusRecord } from "../ledgers.ts";
import type { Finding } from "./finding.ts";

export function findDoubled(evidence: Evidence): Finding[] {
  const resends = countResends(evidence.topics.statuses);
  const findings: Finding[] = [];
  for (const { id, accepted } of evidence.arrivals) {
    const allowed = 1 + (resends.get(id) ?? 0);
    if (accepted > allowed)
      findings.push({
        kind: "doubled",
        id,
        what: `was taken ${accepted} times, its records allow ${allowed}`,
      });
  }
  const policies = new Map(evidence.accepted.map((message) => [message.id, message.doubtPolicy]));
  for (const id of resends.keys())
    if (policies.get(id) === "fail_unknown")
      findings.push({
        kind: "doubled",
        id,
        what: "was sent again after a doubt, though its policy is fail_unknown",
      });

  const answers = Map.groupBy(evidence.accepted, (message) => message.request);
  for (const [request, messages] of answers) {
    const ids = [...new Set(messages.map((message) => message.id))];
    if (ids.length > 1)
      findings.push({
        kind: "doubled",
        id: ids[1] as string,
        what: `the repeated request ${request} was answered with another message than ${ids[0]}`,
      });
  }
  return findings;
}

/** Queued again because its outcome was unknown, by policy or by a person. Queued again after a refusal is no resend. */
const resendReasons = new Set(["outcome_unknown", "resend_decided"]);

/** By message; a status that was published twice counts once. */
export function countResends(statuses: readonly StatusRecord[]): Map<string, number> {
  const claims = new Map<string, Set<number>>();
  for (const { status, reason, message_id, claim } of statuses)
    if (status === "queued" && resendReasons.has(reason ?? ""))
      claims.set(message_id, (claims.get(message_id) ?? new Set()).add(claim));
  return new Map([...claims].map(([id, of]) => [id, of.size]));
}
