/** For tests: what the topics could tell of a few messages, people and sessions of two tenants, as fast-check arbitraries. */
import {
  type CampaignState,
  type ContactConsent,
  eventId,
  type InboundMessage,
  type MessageStatus,
  type OutboundMessage,
  type SessionEvent,
  type SessionState,
  type Status,
  type StatusOrigin,
  type TenantConfig,
  topics,
} from "@wamesh/events";
import fc from "fast-check";
import {
  contactConsent,
  inboundMessage,
  messageStatus,
  outboundMessage,
  sessionEvent,
  sessionState,
  tenantConfig,
} from "../../../packages/testing/src/events.ts";
import { messageSources, otherSources } from "./project.ts";
import type { Entry } from "./view.ts";

export const tenants = ["acme", "globex"] as const;
export const messageIds = [1, 2, 3].map((n) => `00000000-0000-8000-8000-00000000000${n}`);
const start = Date.UTC(2026, 10, 1);

export type Told =
  | { topic: typeof topics.outboundStandard; record: OutboundMessage }
  | { topic: typeof topics.messageStatus; record: MessageStatus }
  | { topic: typeof topics.messageInbound; record: InboundMessage }
  | { topic: typeof topics.sessionEvent; record: SessionEvent }
  | { topic: typeof topics.contactConsent; record: ContactConsent }
  | { topic: typeof topics.campaignState; record: CampaignState }
  | { topic: typeof topics.tenantConfig; record: TenantConfig }
  | { topic: typeof topics.sessionState; record: SessionState };

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

const free = { billable: false, model: "PMP", type: "free_customer_service", category: "service" };
const charged = { billable: true, model: "PMP", type: "regular", category: "marketing" };

const names = [
  { kind: "phone", value: "+15550000001" },
  { kind: "bsuid", value: "US.1" },
  { kind: "username", value: "mara" },
];
const file = {
  provider_id: "media 1",
  url: null,
  mime_type: "image/jpeg",
  sha256: null,
  bytes: 2 ** 40,
  file_name: null,
  voice: false,
};
const paused = {
  name: "welcome",
  language: "en_US",
  provider_id: null,
  event: "status",
  status: "paused",
  quality: null,
  category: null,
  reason: null,
};

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

/** One callback may be understood several times, each time a little later, and know more by then. */
const again = fc.integer({ min: 0, max: 2 });

const anyInbound = fc
  .record({
    tenant: fc.constantFrom(...tenants),
    second: again,
    answers: fc.constantFrom(null, ...messageIds),
    names: fc.subarray(names),
  })
  .map(({ tenant, second, answers, names: identities }): Told => {
    const record = inboundMessage({
      tenant,
      identities,
      group: second === 1 ? "120363000000000001@g.us" : null,
      kind: (["image", "preference", "text"] as const)[second]!,
      media: second === 0 ? file : null,
      preference: second === 1 ? { scope: "marketing", opted_out: true } : null,
      answers_message_id: answers,
      recorded_at: start + second,
    });
    return { topic: topics.messageInbound, record };
  });

const anySessionEvent = fc
  .record({
    tenant: fc.constantFrom(...tenants),
    second: again,
  })
  .map(({ tenant, second }): Told => {
    const what = [
      { kind: "template", value: "status", template: paused, session: "" },
      { kind: "limit", value: "TIER_2K", template: null },
      { kind: "quality", value: "yellow", template: null },
    ] as const;
    const record = sessionEvent({
      tenant,
      status: null,
      ...what[second]!,
      recorded_at: start + second,
    });
    return { topic: topics.sessionEvent, record };
  });

const anyConsent = fc
  .record({
    tenant: fc.constantFrom(...tenants),
    scope: fc.constantFrom("marketing" as const, "all" as const),
    version: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ tenant, scope, version }): Told => {
    const record = contactConsent({ tenant, scope, version, opted_out: version % 2 === 1 });
    return { topic: topics.contactConsent, record };
  });

export function campaignState(change: Partial<CampaignState> = {}): CampaignState {
  return {
    tenant: "acme",
    campaign: "cmp_1",
    version: 1,
    name: "November",
    state: "draft",
    total: 100,
    expanded: 90,
    skipped: 10,
    rate_per_s: 2.5,
    changed_at: start,
    reason: null,
    run: 1,
    skips: [{ reason: "invalid", count: 10 }],
    send_at: null,
    session: "ses_acme",
    pool: null,
    template: "welcome",
    category: "marketing",
    created_at: start,
    started_at: null,
    ...change,
  };
}

/** What stands in compacted topics: versions of a campaign, a session and a tenant. */
const anyLevel = fc
  .record({
    tenant: fc.constantFrom(...tenants),
    kind: fc.constantFrom("campaign", "session", "tenant"),
    version: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ tenant, kind, version }): Told => {
    const changed_at = start + version * 1_000;
    if (kind === "session") {
      const record = sessionState({ tenant, version, rate_per_s: version / 3, changed_at });
      return { topic: topics.sessionState, record };
    }
    if (kind === "tenant") {
      const tenant_record = { name: `Name ${version}`, parent: version % 2 === 1 ? "agency" : null };
      const record = tenantConfig({ tenant, version, changed_at, tenant_record });
      return { topic: topics.tenantConfig, record };
    }
    const state = (["draft", "expanding", "processing", "completed"] as const)[version - 1]!;
    // One from before the second version of the schema says neither when it was made nor from where it leaves.
    const older = version === 2 ? { created_at: null, session: null, skips: [] } : {};
    const record = campaignState({ tenant, version, state, changed_at, rate_per_s: version / 7, ...older });
    return { topic: topics.campaignState, record };
  });

const anyTold = fc.oneof(
  { weight: 1, arbitrary: anyLevel },
  { weight: 2, arbitrary: anyInbound },
  { weight: 1, arbitrary: anySessionEvent },
  { weight: 1, arbitrary: anyConsent },
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
        fc.constantFrom(null, "cmp_1"),
        fc.constantFrom(null, free, charged),
      )
      .map(([tenant, id, [kind, origin], claim, second, participant, campaign, pricing]) =>
        status(
          tenant,
          id,
          {
            status: kind,
            origin,
            claim,
            // Over the edge of an hour, and of ten seconds.
            at: start + 3_585_000 + second * 6_000,
            ...(participant === undefined ? {} : { participant }),
          },
          { campaign, pricing },
        ),
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
  return [...messageSources, ...otherSources].find((source) => source.topic === topic)!.entries(record);
}
