/** For tests: messages of every fate, told as topics tell them: in any order, some twice, some again with another time. */
import { derivedUuid, eventId, type MessageStatus, type Status, type StatusOrigin } from "@wamesh/events";
import { status, type Told } from "../src/arbitrary-history.ts";

type Step = {
  status: Status;
  origin: StatusOrigin;
  claim: number;
  atMs: number;
  more?: Partial<MessageStatus>;
};

const step = (name: Status, origin: StatusOrigin, claim: number, atMs: number, more = {}): Step => ({
  status: name,
  origin,
  claim,
  atMs,
  more,
});
const reason = (code: string, fault_class: "recipient" | "provider" | "policy") => ({
  reason: { code, fault_class, provider_code: null, detail: "" },
});
const priced = (category: string, billable = true) => ({
  pricing: { billable, model: "PMP", type: "regular", category },
});
const queued = step("queued", "mesh", 0, 40);
const claimed = step("claimed", "mesh", 1, 900);
const sent = step("sent", "mesh", 1, 1_200, { sent_at: 1_200 });

/** Ms are since the message was accepted; the last fates cross midnight. */
const fates: readonly (readonly Step[])[] = [
  [
    queued,
    claimed,
    sent,
    step("delivered", "provider", 1, 3_000, priced("marketing")),
    step("read", "provider", 1, 20_000),
  ],
  [queued, claimed, sent, step("delivered", "provider", 1, 2_000)],
  // Read at once: nobody tells of the delivery.
  [queued, claimed, sent, step("read", "provider", 1, 9_000, priced("utility", false))],
  [queued, claimed, sent, step("failed", "provider", 1, 4_000, reason("recipient_unreachable", "recipient"))],
  [
    queued,
    claimed,
    sent,
    step("failed", "provider", 1, 4_000, reason("recipient_unreachable", "recipient")),
    step("delivered", "provider", 1, 7_000),
  ],
  [
    queued,
    claimed,
    step("queued", "mesh", 1, 1_500, reason("throttled", "provider")),
    step("claimed", "mesh", 2, 4_000),
    step("sent", "mesh", 2, 4_300, { sent_at: 4_300 }),
  ],
  [
    queued,
    claimed,
    step("in_doubt", "mesh", 1, 16_000, reason("no_answer", "provider")),
    step("unconfirmed", "mesh", 1, 60_000, reason("no_answer", "provider")),
  ],
  [
    queued,
    claimed,
    step("in_doubt", "mesh", 1, 16_000, reason("no_answer", "provider")),
    step("sent", "provider", 1, 17_000),
    step("played", "provider", 1, 90_000_000),
  ],
  [queued, step("expired", "mesh", 0, 86_400_000, reason("expired", "policy"))],
  [queued, claimed, step("failed", "mesh", 1, 1_300, reason("attempts_exhausted", "provider"))],
  [queued, step("reference", "provider", 3, 5_000), step("UNKNOWN", "mesh", 9, 6_000)],
  [
    queued,
    claimed,
    sent,
    step("read", "provider", 1, 50_000_000, priced("marketing")),
    step("delivered", "provider", 1, 49_000_000),
  ],
];

/** `startMs`: when the first is accepted. Of each tenant as many messages, over three campaigns and none. */
export function traffic(of: { tenants: readonly string[]; messages: number; startMs: number }): Told[] {
  const told = of.tenants.flatMap((tenant) =>
    Array.from({ length: of.messages }, (_, n) => {
      const id = derivedUuid("warehouse", tenant, n);
      const round = Math.floor(n / fates.length) % 4;
      const acceptedMs = of.startMs + n * 700_000;
      return fates[n % fates.length]!.flatMap((one, place): Told[] => {
        const { sent_at, ...more } = one.more ?? {};
        const record = {
          campaign: round === 3 ? null : `cmp_${round}`,
          ...(n % 7 === 6 && { category: null }),
          queued_at: acceptedMs + 40,
          sent_at: typeof sent_at === "number" ? acceptedMs + sent_at : null,
          ...more,
        };
        const at = acceptedMs + one.atMs;
        const first = status(tenant, id, { ...one, at }, record);
        if (place === 0 || n % 5 !== 0) return [first];
        // Told again, and by a provider with another time.
        const again = one.origin === "provider" ? { occurred_at: at - 500, recorded_at: at + 9_000 } : {};
        return [status(tenant, id, { ...one, at }, { ...record, ...again }), first];
      });
    }).flat(),
  );
  return told
    .map((one, place) => ({ one, key: eventId("order", place) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ one }) => one);
}
