/** For tests: what the topics could tell of a few messages of two tenants, as fast-check arbitraries. */
import {
  eventId,
  type MessageStatus,
  type OutboundMessage,
  type Status,
  type StatusOrigin,
  topics,
} from "@wamesh/events";
import fc from "fast-check";
import { messageStatus, outboundMessage } from "../../../packages/testing/src/events.ts";
import { messageSources } from "./project.ts";
import type { Entry } from "./view.ts";

export const tenants = ["acme", "globex"] as const;
export const messageIds = [1, 2, 3].map((n) => `00000000-0000-8000-8000-00000000000${n}`);
const start = Date.UTC(2026, 10, 1);

export type Told =
  | { topic: typeof topics.outboundStandard; record: OutboundMessage }
  | { topic: typeof topics.messageStatus; record: MessageStatus };

/** Description of a message: the same in every record that speaks of it. */
function about(tenant: string, id: string) {
  return {
    tenant,
    message_id: id,
    session: `ses_${tenant}`,
    recipient_token: `token ${id}`,
    category: "utility",
    external_ref: `ref ${id}`,
  };
}

export function outbound(tenant: string, id: string, change: Partial<OutboundMessage> = {}): Told {
  const record = outboundMessage({ ...about(tenant, id), accepted_at: start, ...change });
  return { topic: topics.outboundStandard, record };
}

export function status(
  tenant: string,
  id: string,
  what: { status: Status; origin?: StatusOrigin; claim?: number; at?: number; participant?: string },
  change: Partial<MessageStatus> = {},
): Told {
  const { status, origin = "mesh", claim = 1, at = start + 1_000, participant = null } = what;
  const record = messageStatus({
    ...about(tenant, id),
    event_id: eventId(id, status, origin, claim, participant),
    status,
    origin,
    claim,
    attempts: claim,
    provider_id: ["sent", "delivered", "read", "played"].includes(status) ? `wamid.${id}.${claim}` : null,
    participant,
    reason: status === "failed" ? { ...refused, detail: `claim ${claim}` } : null,
    queued_at: start,
    claimed_at: null,
    sent_at: null,
    occurred_at: at,
    recorded_at: at + 5,
    ...change,
  });
  return { topic: topics.messageStatus, record };
}

const refused = { code: "attempts_exhausted", fault_class: "provider", provider_code: "131000" } as const;

const said: readonly [Status, StatusOrigin][] = [
  ["queued", "mesh"],
  ["claimed", "mesh"],
  ["in_doubt", "mesh"],
  ["unconfirmed", "mesh"],
  ["sent", "mesh"],
  ["sent", "provider"],
  ["failed", "mesh"],
  ["failed", "provider"],
  ["delivered", "provider"],
  ["read", "provider"],
  ["played", "provider"],
  ["expired", "mesh"],
  ["cancelled", "mesh"],
  ["reference", "provider"],
  ["UNKNOWN", "mesh"],
];

const anyTold = fc.oneof(
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...tenants), fc.constantFrom(...messageIds))
      .map(([t, id]) => outbound(t, id)),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...tenants),
        fc.constantFrom(...messageIds),
        fc.constantFrom(...said),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 5 }),
        fc.constantFrom(undefined, "p1", "p2"),
      )
      .map(([tenant, id, [kind, origin], claim, second, participant]) =>
        status(tenant, id, {
          status: kind,
          origin,
          claim,
          at: start + second * 1_000,
          ...(participant === undefined ? {} : { participant }),
        }),
      ),
  },
);

/** Any records in any order, and the same ones shuffled, some twice, cut into batches. */
export const toldTwice = fc.array(anyTold, { minLength: 1, maxLength: 30 }).chain((history) =>
  fc.record({
    history: fc.constant(history),
    again: fc
      .tuple(
        fc.shuffledSubarray(history, { minLength: history.length }),
        fc.subarray(history),
        fc.integer({ min: 1, max: 7 }),
      )
      .map(([all, some, size]) => {
        const records = [...all, ...some];
        const batches: Told[][] = [];
        for (let i = 0; i < records.length; i += size) batches.push(records.slice(i, i + size));
        return batches;
      }),
  }),
);

export function entriesOf({ topic, record }: Told): Entry[] {
  return messageSources.find((source) => source.topic === topic)!.entries(record);
}
