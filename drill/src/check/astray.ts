/** What reached another tenant's people, numbers, topics, endpoints or answers. Pure. */
import type { Evidence } from "../ledgers.ts";
import type { Finding } from "./finding.ts";

export function findAstray(evidence: Evidence): Finding[] {
  const finding = (id: string | null, what: string): Finding => ({ kind: "cross_tenant", id, what });
  const accepted = new Map(evidence.accepted.map((message) => [message.id, message]));
  const outbound = new Map(evidence.topics.outbound.map((record) => [record.message_id, record]));
  const findings = evidence.trespasses.map((words) => finding(null, words));

  for (const { id, sender, recipient } of evidence.arrivals) {
    const record = outbound.get(id);
    if (record === undefined) findings.push(finding(id, "reached the provider, but was never accepted"));
    else if (!(evidence.senders[record.tenant] ?? []).includes(sender))
      findings.push(finding(id, `of ${record.tenant} left through ${sender}, which is not theirs`));
    else if (record.recipient.replace(/\D/g, "") !== recipient)
      findings.push(finding(id, `went to ${recipient} instead of ${record.recipient}`));
  }

  const told = [
    ...evidence.topics.outbound.map(({ message_id, tenant }) => ({
      id: message_id,
      tenant,
      where: "its lane",
    })),
    ...evidence.topics.statuses.map(({ message_id, tenant }) => ({
      id: message_id,
      tenant,
      where: "a status",
    })),
    ...[...evidence.stores.projection].map(([id, { tenant }]) => ({ id, tenant, where: "the read model" })),
  ];
  for (const { id, tenant, where } of told) {
    const owner = accepted.get(id)?.tenant ?? tenant;
    if (owner !== tenant) findings.push(finding(id, `of ${owner} is ${tenant}'s in ${where}`));
  }
  return findings;
}
