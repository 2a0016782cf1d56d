/** What only WhatsApp's sender knows of a message: may it leave at this time? */
import type { Directory } from "@wamesh/directory";
import type { Item, Verdict } from "@wamesh/pacer";
import { unpackPayload } from "./payload.ts";
import { quietUntil, zoneOf } from "./quiet-hours.ts";

/** Advertising keeps the tenant's quiet hours; what its recipient waits for does not. */
export function createGuard(
  directory: Pick<Directory, "tenant">,
): (item: Pick<Item, "tenant" | "lane" | "payload">, now: number) => Verdict {
  return (item, now) => {
    const settings = directory.tenant(item.tenant)?.record?.settings;
    if (item.lane === "otp" || settings === undefined || settings.quiet_start === null) return null;
    const { record } = unpackPayload(item.payload);
    if (item.lane !== "bulk" && record.category !== "marketing") return null;
    const { kind, value } = record.recipient;
    const zone = zoneOf(kind === "phone" ? value : null, settings.time_zone, now);
    const until = quietUntil(settings, zone, now);
    if (until === null) return null;
    return {
      kind: "wait",
      until,
      reason: {
        code: "quiet_hours",
        faultClass: "policy",
        providerCode: null,
        detail: `quiet from ${settings.quiet_start} to ${settings.quiet_end}, ${zone}`,
      },
    };
  };
}
