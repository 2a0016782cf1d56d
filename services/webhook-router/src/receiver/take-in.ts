/** Puts a verified callback into Kafka, item by item. Returns when all is acknowledged; throws BrokerUnavailable otherwise. */
import type { Producer } from "@wamesh/kafka";
import { splitCallback } from "@wamesh/providers";
import type { Owner, Owners } from "../owners.ts";
import type { Records } from "../records.ts";
import { place } from "./place.ts";

/** Meta's largest callbacks have a thousand items. */
export const maxCallbackBytes = 3 * 1024 * 1024;
/** As long as a provider waits for our answer. */
export const bodyDeadlineMs = 10_000;

/** Facts for the request's log line. `owner`: known from the path already. */
export type TakeIn = (
  provider: "cloud_api" | "wasender",
  rawBody: Buffer,
  owner?: Owner,
) => Promise<{ items: number; unrouted: number }>;

export function createTakeIn(deps: {
  owners: Owners;
  records: Pick<Records, "callback">;
  producer: Pick<Producer, "send">;
  now: () => number;
  count: (provider: string, kind: string, routed: boolean) => void;
  /** Told how long it took until all was acknowledged. */
  durable: (provider: string, durationMs: number) => void;
}): TakeIn {
  return async (provider, rawBody, owner) => {
    const receivedAt = deps.now();
    const beganMs = performance.now();
    // WasenderApi's events name no session: without it two sessions in one group would say the same thing.
    const items = splitCallback(provider, rawBody, { scope: owner?.session ?? "", receivedAtMs: receivedAt });
    const context = { receivedAt, ...(owner !== undefined && { fixed: owner }) };
    const placed = place(provider, items, deps.owners, context);
    // A repeated callback makes records with the same ids: whoever reads them drops the second.
    await deps.producer.send(placed.map((record) => deps.records.callback(record)));
    deps.durable(provider, performance.now() - beganMs);
    for (const { kind, tenant } of placed) deps.count(provider, kind, tenant !== null);
    return { items: placed.length, unrouted: placed.filter(({ tenant }) => tenant === null).length };
  };
}
