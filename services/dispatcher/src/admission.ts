/** From an outbound record to an item of the schedule: pure. */
import type { Directory } from "@wamesh/directory";
import { headerNames, isWhole, type OutboundMessage, type Reason } from "@wamesh/events";
import type { NewItem } from "@wamesh/pacer";
import { packPayload } from "./payload.ts";
import { streamOf } from "./streams.ts";

export type Known = Pick<Directory, "session" | "tenant">;

export type Admitted = { kind: "item"; item: NewItem } | { kind: "refused"; reason: Reason };

/** `offset` is the record's own, decimal; it keeps the order inside a conversation. */
export function admissible(
  record: OutboundMessage,
  where: { topic: string; offset: string; headers: Record<string, string> },
  known: Known,
): Admitted {
  const refuse = (code: "invalid_record" | "tenant_mismatch", detail: string): Admitted => ({
    kind: "refused",
    reason: {
      code,
      fault_class: code === "tenant_mismatch" ? "platform" : "content",
      provider_code: null,
      detail,
    },
  });
  if (record.lane === "UNKNOWN") return refuse("invalid_record", "lane is not known to this release");
  if (record.provider === "UNKNOWN") return refuse("invalid_record", "provider is not known to this release");
  if (record.content.kind === "UNKNOWN")
    return refuse("invalid_record", "content is of a kind this release does not know");
  if (!isWhole(record.content)) return refuse("invalid_record", "content lacks what its kind stands for");
  const session = known.session(record.session);
  // A session that is not known yet may be on its way: the schedule holds the message. One of another tenant never is.
  if (session !== undefined && session.tenant !== record.tenant)
    return refuse("tenant_mismatch", "the session belongs to another tenant");

  const trace: Record<string, string> = {};
  for (const name of [headerNames.traceparent, headerNames.tracestate]) {
    const value = where.headers[name];
    if (value !== undefined) trace[name] = value;
  }
  return {
    kind: "item",
    item: {
      id: record.message_id,
      tenant: record.tenant,
      account: record.account,
      member: record.session,
      lane: record.lane,
      stream: streamOf(record),
      topic: where.topic,
      offset: where.offset,
      conversation: `${record.session}:${record.recipient_token}`,
      nextAt: record.send_at,
      notAfter: record.not_after,
      doubtPolicy: doubtPolicy(record, known),
      fingerprint: record.fingerprint,
      payload: packPayload({ record, trace }),
    },
  };
}

/** The message's own wish, else the tenant's setting for the lane, else never twice. */
export function doubtPolicy(record: OutboundMessage, known: Known): "fail_unknown" | "resend" {
  if (record.doubt_policy === "fail_unknown" || record.doubt_policy === "resend") return record.doubt_policy;
  const settings = known.tenant(record.tenant)?.record?.settings;
  if (settings === undefined) return "fail_unknown";
  const wish = {
    otp: settings.doubt_otp,
    standard: settings.doubt_standard,
    bulk: settings.doubt_bulk,
    UNKNOWN: "fail_unknown",
  }[record.lane];
  return wish === "resend" ? "resend" : "fail_unknown";
}
