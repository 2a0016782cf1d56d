/** Records of many messages' lives, as the mesh writes them: for folding, without a mesh to make them. */
import {
  derivedUuid,
  type MessageStatus,
  type OutboundMessage,
  type Status,
  type StatusOrigin,
} from "@wamesh/events";
import { messageStatus, outboundMessage } from "./events.ts";

export type Life = { accepted: OutboundMessage; statuses: MessageStatus[] };

const steps: readonly (readonly [Status, StatusOrigin, afterMs: number])[] = [
  ["queued", "mesh", 40],
  ["claimed", "mesh", 1_000],
  ["sent", "mesh", 1_200],
  ["delivered", "provider", 3_000],
  ["read", "provider", 20_000],
];

/**
 * The n-th message of a run: accepted 20 ms after the one before it, five statuses; one in fifty fails instead of arriving.
 * Spread over tenants, and over ten campaigns of each.
 */
export function lifeOf(run: string, n: number, of: { tenants: number; startMs: number }): Life {
  const tenant = `${run}-${n % of.tenants}`;
  const message_id = derivedUuid(run, n);
  const at = of.startMs + n * 20;
  const about = {
    tenant,
    message_id,
    session: `ses-${tenant}`,
    account: `acc-${tenant}`,
    recipient_token: `${n}`.padStart(32, "0"),
    campaign: `cmp-${tenant}-${n % 10}`,
    category: "marketing",
    external_ref: `ref-${n}`,
    lane: "bulk",
  } as const;
  const accepted = outboundMessage({
    ...about,
    recipient: { kind: "phone", value: `+1555${String(n).padStart(8, "0")}` },
    not_after: at + 86_400_000,
    accepted_at: at,
  });
  const fails = n % 50 === 0;
  const statuses = steps
    .filter(([status]) => !fails || (status !== "delivered" && status !== "read"))
    .map(([status, origin, afterMs]) =>
      messageStatus({
        ...about,
        status: fails && status === "sent" ? "failed" : status,
        origin,
        claim: status === "queued" ? 0 : 1,
        provider_id: origin === "provider" || status === "sent" ? `wamid.${message_id}` : null,
        reason:
          fails && status === "sent"
            ? { code: "attempts_exhausted", fault_class: "provider", provider_code: "131000", detail: "" }
            : null,
        queued_at: at + 40,
        claimed_at: status === "queued" ? null : at + 1_000,
        sent_at: afterMs >= 1_200 && !fails ? at + 1_200 : null,
        occurred_at: at + afterMs,
        recorded_at: at + afterMs + 5,
      }),
    );
  return { accepted, statuses };
}
