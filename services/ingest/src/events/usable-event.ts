/** Whether anything can be said about an event at all. Pure. */
import type { DomainEvent } from "@wamesh/events";

const tenantId = /^[a-z][a-z0-9-]{1,39}$/;
/** Last millisecond of the year 9999: what every reader of a time can hold. */
const latestMs = 253_402_300_799_999;

/** Why nothing can be said about the event at all, or null. First-party producers write into Kafka directly, past the API's door. */
export function unusableEvent(event: DomainEvent): string | null {
  if (!tenantId.test(event.tenant)) return "tenant is not a tenant id.";
  for (const [name, max] of [
    ["event_id", 256],
    ["source", 512],
    ["type", 256],
  ] as const) {
    const text = event[name];
    if (text === "" || text.length > max || text.includes("\0"))
      return `${name} is empty, too long or holds U+0000.`;
  }
  for (const time of [event.occurred_at, event.received_at ?? 0])
    if (!Number.isSafeInteger(time) || time < 0 || time > latestMs) return "A time is out of range.";
  return null;
}
