/** What the status API says of each tenant's messages: the demo counts by it, never by the services' own metrics. */
import { openApi } from "@wamesh/testing/outside";
import type { TenantName } from "./world.ts";

export type Counters = Record<
  | "accepted"
  | "queued"
  | "in_doubt"
  | "sent"
  | "delivered"
  | "read"
  | "failed"
  | "expired"
  | "cancelled"
  | "unconfirmed"
  | "waiting",
  number
>;

export function counters(
  origin: string,
  keys: Record<TenantName, string>,
  tenant: TenantName,
): Promise<Counters> {
  return openApi({ origin, key: keys[tenant], patienceMs: 20_000 }).call<Counters>(
    "GET",
    "/v1/status/counters",
  );
}

/** Messages about which nothing more will be decided here: they left, or never will. */
export function finished(c: Counters): number {
  return c.sent + c.failed + c.expired + c.cancelled;
}
