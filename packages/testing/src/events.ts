/** A valid record of each kind; a test names only what it is about: `messageStatus({ status: "sent" })`. */
import {
  type AuditEntry,
  type ContactConsent,
  content,
  type DeadLetter,
  type DispatchState,
  type DomainEvent,
  derivedUuid,
  type EventOutcome,
  eventHeaders,
  eventId,
  type InboundMessage,
  type MessageStatus,
  type OutboundCommand,
  type OutboundMessage,
  type ProviderCallback,
  partition,
  rankOf,
  type SessionEvent,
  type SessionState,
  type TenantConfig,
  type WebhookDelivery,
} from "@wamesh/events";
import type { OutgoingRecord } from "@wamesh/kafka";

/** 2026-01-01T00:00:00Z */
const atMs = Date.UTC(2026, 0, 1);
const messageId = derivedUuid("test message");
const reason = { code: "cancelled", fault_class: "policy", provider_code: null, detail: "" } as const;

export function domainEvent(over: Partial<DomainEvent> = {}): DomainEvent {
  return {
    event_id: "event-1",
    tenant: "acme",
    source: "/acme/accounts",
    type: "user_onboarded",
    subject: null,
    occurred_at: atMs,
    data: JSON.stringify({ phone: "+15550000001", first_name: "Mara" }),
    received_at: null,
    ...over,
  };
}

export function eventOutcome(over: Partial<EventOutcome> = {}): EventOutcome {
  const event = {
    tenant: "acme",
    source_event_source: "/acme/accounts",
    source_event_id: "event-1",
    ...over,
  };
  return {
    event_id: eventId(event.tenant, event.source_event_source, event.source_event_id, over.rule ?? null),
    type: "user_onboarded",
    outcome: "messages",
    rule: null,
    rule_version: null,
    message_ids: [messageId],
    reason: null,
    occurred_at: atMs,
    recorded_at: atMs,
    step: null,
    due_at: null,
    cancelled_by_event: null,
    cancelled_by_source: null,
    ...event,
  };
}

export function outboundMessage(over: Partial<OutboundMessage> = {}): OutboundMessage {
  return {
    message_id: messageId,
    tenant: "acme",
    lane: "standard",
    session: "session-1",
    account: "account-1",
    provider: "cloud_api",
    recipient: { kind: "phone", value: "+15550000001" },
    recipient_token: "00112233445566778899aabbccddeeff",
    content: content("text", { text: { body: "hello", preview_url: false } }),
    category: null,
    fallback: null,
    reply_to: null,
    campaign: null,
    campaign_run: null,
    rule: null,
    rule_version: null,
    rule_step: null,
    source_event_id: null,
    source_event_source: null,
    external_ref: null,
    retry_of: null,
    doubt_policy: "UNKNOWN",
    fingerprint: "0".repeat(64),
    send_at: null,
    not_after: atMs + 24 * 3600 * 1000,
    accepted_at: atMs,
    ...over,
  };
}

/** `rank` and `event_id` follow from status, origin and claim. */
export function outboundCommand(over: Partial<OutboundCommand> = {}): OutboundCommand {
  const command = { tenant: "acme", message_id: messageId, kind: "cancel" as const, ...over };
  return {
    command_id: derivedUuid("command", command.tenant, command.message_id, command.kind),
    requested_by: null,
    reason: null,
    requested_at: atMs,
    read_mark: null,
    ...command,
  };
}

export function messageStatus(over: Partial<MessageStatus> = {}): MessageStatus {
  const facts = { message_id: messageId, status: "sent", origin: "mesh", claim: 1, ...over } as const;
  return {
    event_id: eventId(facts.message_id, facts.status, facts.claim),
    tenant: "acme",
    rank: rankOf(facts.status, facts.origin),
    attempts: 1,
    session: "session-1",
    account: "account-1",
    provider: "cloud_api",
    lane: "standard",
    campaign: null,
    rule: null,
    source_event_id: null,
    source_event_source: null,
    template: null,
    category: null,
    external_ref: null,
    recipient_token: "00112233445566778899aabbccddeeff",
    provider_id: "wamid.1",
    provider_key: null,
    participant: null,
    content_token: null,
    reason: null,
    pricing: null,
    next_at: null,
    queued_at: atMs,
    claimed_at: atMs,
    sent_at: atMs,
    occurred_at: atMs,
    recorded_at: atMs,
    ...facts,
  };
}

export function inboundMessage(over: Partial<InboundMessage> = {}): InboundMessage {
  return {
    event_id: eventId("session-1", "wamid.in.1", "text"),
    tenant: "acme",
    session: "session-1",
    account: "account-1",
    provider: "cloud_api",
    sender: { kind: "phone", value: "+15550000001" },
    sender_token: "00112233445566778899aabbccddeeff",
    sender_name: null,
    identities: [],
    group: null,
    conversation_id: eventId("acme", "session-1", "+15550000001"),
    provider_id: "wamid.in.1",
    kind: "text",
    text: "hi",
    media: null,
    preference: null,
    answers_message_id: null,
    answers_provider_id: null,
    payload: "{}",
    occurred_at: atMs,
    recorded_at: atMs,
    ...over,
  };
}

export function contactConsent(over: Partial<ContactConsent> = {}): ContactConsent {
  return {
    tenant: "acme",
    recipient_token: "0".repeat(32),
    scope: "all",
    version: 1,
    opted_out: true,
    source: "api",
    proof: "request-1",
    occurred_at: atMs,
    changed_at: atMs,
    ...over,
  };
}

export function providerCallback(over: Partial<ProviderCallback> = {}): ProviderCallback {
  return {
    callback_id: eventId("callback", 1),
    tenant: "acme",
    session: "session-1",
    account: "account-1",
    provider: "cloud_api",
    kind: "status",
    provider_ref: "1000000001",
    body: "{}",
    received_at: atMs,
    ...over,
  };
}

export function sessionEvent(over: Partial<SessionEvent> = {}): SessionEvent {
  return {
    event_id: eventId("session-1", "status", "connected"),
    tenant: "acme",
    session: "session-1",
    account: "account-1",
    kind: "status",
    status: "connected",
    value: null,
    template: null,
    evidence: "probe",
    reason: null,
    detail: "",
    occurred_at: atMs,
    recorded_at: atMs,
    ...over,
  };
}

export function sessionState(over: Partial<SessionState> = {}): SessionState {
  return {
    tenant: "acme",
    session: "session-1",
    version: 1,
    status: "connected",
    provider: "cloud_api",
    account: "account-1",
    account_ref: "waba-1",
    provider_ref: "1000000001",
    name: "Main number",
    phone: "+15559990001",
    pools: ["default"],
    rate_per_s: 80,
    otp_only: false,
    callback_token_hash: null,
    callback_secret_hash: null,
    credentials: null,
    changed_at: atMs,
    ...over,
  };
}

type TenantOver = Partial<Omit<TenantConfig, "tenant_record">> & {
  tenant_record?: Partial<NonNullable<TenantConfig["tenant_record"]>>;
};

export function tenantConfig({ tenant_record, ...over }: TenantOver = {}): TenantConfig {
  const tenant = over.tenant ?? "acme";
  return {
    tenant,
    kind: "tenant",
    id: tenant,
    version: 1,
    state: "active",
    key_record: null,
    template_record: null,
    changed_at: atMs,
    ...over,
    tenant_record: {
      name: tenant,
      parent: null,
      is_agency: false,
      is_operator: false,
      large: false,
      plan: {
        plan: "standard",
        weight: 1,
        per_minute: null,
        per_day: null,
        max_queued: 1_000_000,
        bulk: true,
        requests_per_s: null,
        otp_per_recipient: null,
        otp_per_prefix: null,
      },
      settings: {
        doubt_otp: "fail_unknown",
        doubt_standard: "fail_unknown",
        doubt_bulk: "fail_unknown",
        time_zone: "UTC",
        quiet_start: null,
        quiet_end: null,
        retention_days: 30,
      },
      brand: null,
      ...tenant_record,
    },
  };
}

type KeyOver = Partial<Omit<TenantConfig, "key_record">> & {
  key_record?: Partial<NonNullable<TenantConfig["key_record"]>>;
};

export function keyConfig({ key_record, ...over }: KeyOver = {}): TenantConfig {
  return {
    tenant: "acme",
    kind: "key",
    id: "0123456789ab",
    version: 1,
    state: "active",
    tenant_record: null,
    template_record: null,
    changed_at: atMs,
    ...over,
    key_record: {
      secret_hashes: [],
      scopes: ["messages:write"],
      label: "test",
      expires_at: null,
      ...key_record,
    },
  };
}

type TemplateOver = Partial<Omit<TenantConfig, "template_record">> & {
  template_record?: Partial<NonNullable<TenantConfig["template_record"]>>;
};

/** `id` follows from account, name and language. */
export function templateConfig({ template_record, ...over }: TemplateOver = {}): TenantConfig {
  const template = {
    account: "account-1",
    name: "welcome",
    language: "en_US",
    category: "utility",
    body_parameters: 1,
    named: false,
    parts: [],
    whole: false,
    quality: null,
    ...template_record,
  };
  return {
    tenant: "acme",
    kind: "template",
    id: `${template.account}|${template.name}|${template.language}`,
    version: 1,
    state: "approved",
    tenant_record: null,
    key_record: null,
    changed_at: atMs,
    ...over,
    template_record: template,
  };
}

export function dispatchState(over: Partial<DispatchState> = {}): DispatchState {
  return {
    tenant: "acme",
    shard: 0,
    queued: { otp: 0, standard: 1, bulk: 0 },
    oldest_at: atMs,
    in_flight: 0,
    in_doubt: 0,
    sessions: [],
    held: [],
    recorded_at: atMs,
    ...over,
  };
}

export function webhookDelivery(over: Partial<WebhookDelivery> = {}): WebhookDelivery {
  return {
    event_id: eventId("webhook-1", 1),
    tenant: "acme",
    webhook_id: "webhook-1",
    endpoint: "endpoint-1",
    event_type: "message.delivered",
    message_id: messageId,
    attempt: 1,
    outcome: "delivered",
    http_status: 200,
    error: null,
    duration_ms: 5,
    next_at: null,
    occurred_at: atMs,
    ...over,
  };
}

export function auditEntry(over: Partial<AuditEntry> = {}): AuditEntry {
  return {
    event_id: eventId("audit", 1),
    tenant: "acme",
    service: "session-manager",
    actor_tenant: "acme",
    actor_key: "0123456789ab",
    action: "session.created",
    object_kind: "session",
    object_id: "session-1",
    detail: "{}",
    occurred_at: atMs,
    ...over,
  };
}

export function deadLetterRecord(over: Partial<DeadLetter> = {}): DeadLetter {
  return {
    dead_id: eventId("wa.outbound.standard.v1", 0, "0", reason.code),
    tenant: "acme",
    service: "dispatcher",
    origin_topic: "wa.outbound.standard.v1",
    origin_partition: 0,
    origin_offset: 0,
    origin_key: Buffer.from("acme"),
    origin_value: Buffer.from("bytes"),
    origin_headers: {},
    reason,
    message_id: null,
    attempts: 0,
    occurred_at: atMs,
    ...over,
  };
}

/** As a service would put it into a topic: keyed by tenant, at the tenant's place, with its headers. */
export function outgoing(
  topic: { name: string },
  value: Buffer | null,
  { tenant = "acme", partitions = 2, key = tenant, id = "id-1", ...over } = {} as {
    tenant?: string;
    partitions?: number;
    key?: string;
    id?: string;
    partition?: number;
    headers?: Record<string, string>;
  },
): OutgoingRecord {
  return {
    topic: topic.name,
    partition: over.partition ?? partition(tenant, partitions),
    key,
    value,
    headers: {
      ...eventHeaders({ id, type: "test", source: "/test", timeMs: atMs, tenant }),
      ...over.headers,
    },
  };
}
