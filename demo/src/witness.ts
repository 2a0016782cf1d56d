/** What the status API says of each tenant's messages: the demo counts by it, never by the services' own metrics. */
import { type Client, orThrow, type Schemas } from "@wamesh/client";

export type Counters = Omit<Schemas["Counters"], "tenant" | "as_of" | "inbound" | "events">;

export function counters(client: Client): Promise<Counters> {
  return orThrow(client.GET("/v1/status/counters"));
}

/** Messages about which nothing more will be decided here: they left, or never will. */
export function finished(c: Counters): number {
  return c.sent + c.failed + c.expired + c.cancelled;
}
