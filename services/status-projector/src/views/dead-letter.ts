/** Records given up; their bytes stay in the topic, from which they are redriven. */
import type { DeadLetter } from "@wamesh/events";
import type { Row, View } from "../view.ts";

export const deadLetter: View = {
  table: "dead_letter",
  registers: { death: ["occurred_at", "attempts"] },
  columns: {
    tenant: ["id", "key"],
    dead_id: ["id", "key"],
    service: ["text", "with death"],
    origin_topic: ["text", "with death"],
    origin_partition: ["integer", "with death"],
    origin_offset: ["bigint", "with death"],
    message_id: ["text", "with death"],
    reason_code: ["text", "with death"],
    fault_class: ["text", "with death"],
    provider_code: ["text", "with death"],
    reason_detail: ["text", "with death"],
    attempts: ["integer", "with death"],
    occurred_at: ["time", "with death"],
  },
};

/** Tenant of a dead letter whose tenant is not known: no tenant context ever names it, so only the operator sees it. */
export const nobody = "";

export function rowOfDeadLetter(record: DeadLetter): Row {
  return {
    tenant: record.tenant ?? nobody,
    dead_id: record.dead_id,
    service: record.service,
    origin_topic: record.origin_topic,
    origin_partition: record.origin_partition,
    origin_offset: record.origin_offset,
    message_id: record.message_id,
    reason_code: record.reason.code,
    fault_class: record.reason.fault_class,
    provider_code: record.reason.provider_code,
    reason_detail: record.reason.detail,
    attempts: record.attempts,
    occurred_at: record.occurred_at,
  };
}
