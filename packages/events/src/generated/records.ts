// Generated from schemas/ by `npm run schemas`. Do not edit.

/** One change made through an API. */
export type AuditEntry = {
  /** Unique id. */
  event_id: string;
  /** Tenant the change is about; equals the record key. */
  tenant: string;
  /** Service that made it. */
  service: string;
  /** Tenant of the key. */
  actor_tenant: string;
  /** Key id. */
  actor_key: string;
  /** For example session.created. */
  action: string;
  /** What kind of thing. */
  object_kind: string;
  /** Which one. */
  object_id: string;
  /** What changed, JSON, no secrets. */
  detail: string;
  /** When. */
  occurred_at: number;
};

/** draft, scheduled: nothing leaves yet. expanding, processing: its messages leave. paused: they wait while their time runs on. completed: none is left. cancelled: those that are not claimed end cancelled. */
export type CampaignPhase = "UNKNOWN" | "draft" | "scheduled" | "expanding" | "processing" | "paused" | "completed" | "cancelled";

/** Recipients left out for one reason. */
export type CampaignSkip = {
  /** invalid, duplicate, opted_out, variable_missing, template_mismatch, refused. */
  reason: string;
  /** How many. */
  count: number;
};

/** Where a campaign stands. A level, not a command: whoever reads the newest version knows what holds, in whatever order messages and states arrive. */
export type CampaignState = {
  /** Tenant id; the record key is tenant|campaign|id. */
  tenant: string;
  /** Campaign id. */
  campaign: string;
  /** Rises with every change; a reader keeps the highest. */
  version: number;
  /** As its owner named it. */
  name: string;
  /** What holds. */
  state: CampaignPhase;
  /** Recipients in its audience, null until it is known. */
  total: number | null;
  /** Messages made so far. */
  expanded: number;
  /** Recipients left out: invalid, twice, opted out. */
  skipped: number;
  /** Pace its owner wants at most, messages per second; null: as fast as its sessions may. */
  rate_per_s: number | null;
  /** When it became so. */
  changed_at: number;
  /** Why it stands so where nobody decided it: error_rate (too many failed), audience_failed; else null. */
  reason: string | null;
  /** Which run, from 1; retrying those that failed starts the next. */
  run: number;
  /** `skipped` by reason. */
  skips: CampaignSkip[];
  /** When it is to start; null: when somebody starts it. */
  send_at: number | null;
  /** The session it leaves from, where one was named. */
  session: string | null;
  /** The pool it leaves from, where one was named. */
  pool: string | null;
  /** Name of its template; null for text. */
  template: string | null;
  /** Category of its messages, where known. */
  category: string | null;
  /** When it was made. */
  created_at: number | null;
  /** When its first message was made. */
  started_at: number | null;
};

/** Which messages it is about. */
export type ConsentScope = "UNKNOWN" | "marketing" | "all";

/** How it became known. */
export type ConsentSource = "UNKNOWN" | "api" | "stop_word" | "start_word" | "provider";

/** Whether a person wants messages of a tenant. The newest version holds; absent: nothing was ever said, messages may be sent. */
export type ContactConsent = {
  /** Tenant id; part of the record key tenant|consent|recipient token|scope. */
  tenant: string;
  /** Keyed hash of the person. */
  recipient_token: string;
  /** Which messages it is about; all: also what is not marketing. */
  scope: ConsentScope;
  /** Grows with each change of this person's consent. */
  version: number;
  /** true: none may be sent. */
  opted_out: boolean;
  /** How it became known. */
  source: ConsentSource;
  /** Id of the record or request that says so; no personal data. */
  proof: string;
  /** When the person or the tenant said so. */
  occurred_at: number;
  /** When wamesh recorded it. */
  changed_at: number;
};

/** Whose fault it is; recipient faults never page anyone. */
export type FaultClass = "UNKNOWN" | "recipient" | "content" | "policy" | "credentials" | "provider" | "pace" | "platform";

/** Why, in words that are stable (code), for the tenant (detail) and for support (provider_code). */
export type Reason = {
  /** Stable reason code, from the registry of reason codes. */
  code: string;
  /** Whose fault it is. */
  fault_class: FaultClass;
  /** The provider's own code, verbatim. */
  provider_code: string | null;
  /** One sentence that the tenant may see; no numbers of people, no secrets. */
  detail: string;
};

/** A record or message given up, kept with its bytes; can be redriven. */
export type DeadLetter = {
  /** Hash of origin (topic, partition, offset) and reason. */
  dead_id: string;
  /** Tenant, where known; equals the record key then. */
  tenant: string | null;
  /** Who gave up. */
  service: string;
  /** Where the record was read. */
  origin_topic: string;
  /** Its partition. */
  origin_partition: number;
  /** Its offset. */
  origin_offset: number;
  /** Its key. */
  origin_key: Uint8Array | null;
  /** Its value, byte for byte. */
  origin_value: Uint8Array | null;
  /** Its headers. */
  origin_headers: Record<string, Uint8Array>;
  /** Why. */
  reason: Reason;
  /** Message it is about, where known. */
  message_id: string | null;
  /** Attempts made. */
  attempts: number;
  /** When it was given up. */
  occurred_at: number;
};

/** Messages per lane. */
export type LaneCounts = {
  /** Lane otp. */
  otp: number;
  /** Lane standard. */
  standard: number;
  /** Lane bulk. */
  bulk: number;
};

/** Pace of one session. */
export type SessionPace = {
  /** Session id. */
  session: string;
  /** Configured rate. */
  configured_per_s: number;
  /** Rate in force. */
  effective_per_s: number;
  /** Why its messages may not leave now. */
  held_reason: string | null;
  /** Waiting messages. */
  queued: number;
};

/** Messages that wait for the same reason. */
export type HeldMessages = {
  /** Session they are to leave through. */
  session: string;
  /** Campaign, null for messages of none. */
  campaign: string | null;
  /** Name and language of their template, as name:language; null where it is not what they wait for. */
  template: string | null;
  /** Stable code: pace, plan_minute_limit, plan_day_limit, account_limit, paused, session_not_connected, session_unknown, session_deleted, tenant_suspended, campaign_paused, template_paused and others of later releases. */
  reason: string;
  /** How many. */
  messages: number;
  /** Estimate: when the first may leave; with reason pace, when the last will have left. Null: nobody knows. */
  until: number | null;
};

/** What waits at one shard of the dispatcher for one tenant; compacted, at most one a second. */
export type DispatchState = {
  /** Tenant id. */
  tenant: string;
  /** Shard (partition number). */
  shard: number;
  /** Waiting messages per lane. */
  queued: LaneCounts;
  /** When the oldest waiting message was accepted. */
  oldest_at: number | null;
  /** Claimed, not yet answered. */
  in_flight: number;
  /** Outcome unknown for now. */
  in_doubt: number;
  /** Sessions with waiting messages. */
  sessions: SessionPace[];
  /** Why what waits has not left, per session, campaign and reason. */
  held: HeldMessages[];
  /** When it was counted. */
  recorded_at: number;
};

/** Something that happened in a core application, as a CloudEvent. Rules turn it into messages. */
export type DomainEvent = {
  /** CloudEvents id; unique per (tenant, source). */
  event_id: string;
  /** Tenant id; equals the record key. */
  tenant: string;
  /** CloudEvents source: who says so, a URI reference. */
  source: string;
  /** CloudEvents type, for example user_onboarded. Rules match on it. */
  type: string;
  /** CloudEvents subject: what it is about. */
  subject: string | null;
  /** CloudEvents time, or when wamesh received it where the producer gave none. */
  occurred_at: number;
  /** The event's data as a JSON object in text. Content: may hold personal data. */
  data: string;
  /** When wamesh's API took it in; null where it was written into Kafka directly. */
  received_at: number | null;
};

/** What became of it. */
export type EventOutcomeKind = "UNKNOWN" | "messages" | "no_rule" | "condition_false" | "failed" | "scheduled" | "cancelled" | "ignored" | "cancels";

/** What became of one domain event under one step of one rule (or under none). One record per event, rule and step; a step that waits is told of again when it is due or called off. */
export type EventOutcome = {
  /** Hash of (tenant, source, source event id, rule), for a step but the first also of the step; of an event that calls steps off, of the word cancels. */
  event_id: string;
  /** Tenant id; equals the record key. */
  tenant: string;
  /** event_id of the domain event. */
  source_event_id: string;
  /** source of the domain event. */
  source_event_source: string;
  /** type of the domain event. */
  type: string;
  /** What became of it. failed: see reason. scheduled: a step waits until due_at. cancelled: a waiting step was called off. ignored: nothing was to be done, see reason. cancels: the event called off waiting steps of the rule. */
  outcome: EventOutcomeKind;
  /** Rule id; null for no_rule. */
  rule: string | null;
  /** Version of that rule. */
  rule_version: number | null;
  /** Messages made. */
  message_ids: string[];
  /** Why not, for all but messages and scheduled. */
  reason: Reason | null;
  /** occurred_at of the domain event. */
  occurred_at: number;
  /** When the rule was applied. */
  recorded_at: number;
  /** Which step of the rule, from 0; null where it is said of the rule as a whole. */
  step: number | null;
  /** When the step is or was due; null for a step at once. */
  due_at: number | null;
  /** event_id of the domain event that called the step off; null for other causes. */
  cancelled_by_event: string | null;
  /** source of that domain event. */
  cancelled_by_source: string | null;
};

/** Which API carries the message. */
export type Provider = "UNKNOWN" | "cloud_api" | "wasender";

/** What value holds. */
export type RecipientKind = "UNKNOWN" | "phone" | "bsuid" | "group" | "channel";

/** Who the message is for. Personal data: only in outbound and inbound topics. */
export type Recipient = {
  /** What value holds. */
  kind: RecipientKind;
  /** phone: E.164 with +; bsuid, group and channel: the provider's id. */
  value: string;
};

/** One name that the provider knows this person by. */
export type Identity = {
  /** phone, bsuid, parent_bsuid, lid or username. */
  kind: string;
  /** phone: E.164 with +; else as the provider writes it. Personal data. */
  value: string;
};

/** What it is. */
export type InboundKind = "UNKNOWN" | "text" | "image" | "video" | "audio" | "document" | "sticker" | "location" | "contacts" | "reaction" | "button" | "interactive" | "order" | "system" | "unsupported" | "other" | "preference" | "call" | "edit" | "delete" | "poll_vote";

/** A file that came with it. Providers keep files for days only, and addresses for minutes. */
export type InboundMedia = {
  /** The provider's id of the file; null where it has none. */
  provider_id: string | null;
  /** Where it lies; encrypted by WhatsApp for WasenderApi, and short-lived. */
  url: string | null;
  /** For example image/jpeg. */
  mime_type: string | null;
  /** As the provider writes it. */
  sha256: string | null;
  /** Size, where known. */
  bytes: number | null;
  /** Name of a document. Content. */
  file_name: string | null;
  /** Whether audio is a voice note. */
  voice: boolean;
};

/** What a person told the provider about messages of this number. */
export type Preference = {
  /** marketing or all. */
  scope: string;
  /** true: no more of them; false: they may come again. */
  opted_out: boolean;
};

/** Something a person sent to one of the tenant's numbers, or decided about it. */
export type InboundMessage = {
  /** Hash of (session, provider id, kind), and of what else tells it apart: the state of a call, a vote of a poll. */
  event_id: string;
  /** Tenant id; equals the record key. */
  tenant: string;
  /** Session id: the number it came to. */
  session: string;
  /** Account id. */
  account: string;
  /** Provider. */
  provider: Provider;
  /** Who wrote. Personal data. */
  sender: Recipient;
  /** Keyed hash of the sender. */
  sender_token: string;
  /** Profile name. Personal data. */
  sender_name: string | null;
  /** All names the provider gave for the sender, in the order it gave them. Personal data. */
  identities: Identity[];
  /** Group it was written in; null: to the number itself. */
  group: string | null;
  /** Hash of (tenant, session, sender; in a group: the group): the thread. */
  conversation_id: string;
  /** Provider's id of the message. */
  provider_id: string;
  /** What it is; preference: what this person wants from the number, see preference; other: not understood, kept in payload. */
  kind: InboundKind;
  /** Text or caption, if any. Content. */
  text: string | null;
  /** kinds image, video, audio, document and sticker: the file. */
  media: InboundMedia | null;
  /** Set for kind preference. */
  preference: Preference | null;
  /** Our message it answers, if known. */
  answers_message_id: string | null;
  /** Provider id of the message it answers, reacts to, edits or deletes. */
  answers_provider_id: string | null;
  /** The provider's item as JSON, redacted. Content. */
  payload: string;
  /** When the person wrote. */
  occurred_at: number;
  /** When wamesh recorded it. */
  recorded_at: number;
};

/** What happened. Merge by rank, see rank. */
export type Status = "UNKNOWN" | "accepted" | "queued" | "claimed" | "in_doubt" | "unconfirmed" | "sent" | "delivered" | "read" | "played" | "failed" | "expired" | "cancelled" | "reference";

/** Who says so. */
export type StatusOrigin = "UNKNOWN" | "mesh" | "provider";

/** Priority lane: otp before standard before bulk. */
export type Lane = "UNKNOWN" | "otp" | "standard" | "bulk";

/** What the provider says it charges. */
export type Pricing = {
  /** Whether it is charged. */
  billable: boolean | null;
  /** Pricing model, for example PMP. */
  model: string | null;
  /** regular, free_customer_service, free_entry_point. */
  type: string | null;
  /** Charged category. */
  category: string | null;
};

/** One thing that happened to one message; stands alone, no join needed. Comes at least once, in any order: deduplicate by event_id, merge by (claim, rank) before sent and by rank after. */
export type MessageStatus = {
  /** Same event, same id: hash of message, status and claim; for receipts of message, provider id, status and participant. */
  event_id: string;
  /** Tenant id; equals the record key. */
  tenant: string;
  /** The message. */
  message_id: string;
  /** What happened. reference only adds ids and changes no state. */
  status: Status;
  /** mesh: decided here; provider: a receipt. */
  origin: StatusOrigin;
  /** Order of states: accepted 0, queued 10, claimed 20, in_doubt 30, unconfirmed 40, sent 50, failed by provider 60, delivered 70, read 80, played 90; failed here 100, expired 101, cancelled 102; reference -1. */
  rank: number;
  /** Number of the claim it belongs to; 0 before the first. */
  claim: number;
  /** Attempts that count against the retry limit. */
  attempts: number;
  /** Session id. */
  session: string;
  /** Account id. */
  account: string;
  /** Provider. */
  provider: Provider;
  /** Lane. */
  lane: Lane;
  /** Campaign id. */
  campaign: string | null;
  /** Rule id. */
  rule: string | null;
  /** Domain event that caused the message. */
  source_event_id: string | null;
  /** Source of that event. */
  source_event_source: string | null;
  /** Template name. */
  template: string | null;
  /** Template category. */
  category: string | null;
  /** The tenant's own reference. */
  external_ref: string | null;
  /** Keyed hash of the recipient. */
  recipient_token: string;
  /** Id the provider answered the send with (wamid; WasenderApi's msgId). */
  provider_id: string | null;
  /** WhatsApp's own key where it differs from provider_id (WasenderApi). */
  provider_key: string | null;
  /** Keyed hash of the text, on sent records of providers whose receipts must be matched by content (WasenderApi). */
  content_token: string | null;
  /** Token of the group participant the receipt is about. */
  participant: string | null;
  /** Why; set for failed, expired, cancelled, in_doubt, unconfirmed and for queued again. */
  reason: Reason | null;
  /** Set on the receipts that carry it. */
  pricing: Pricing | null;
  /** queued: not before. */
  next_at: number | null;
  /** When it entered the schedule. */
  queued_at: number | null;
  /** When the claim was committed. */
  claimed_at: number | null;
  /** When the provider answered. */
  sent_at: number | null;
  /** When it happened, by whoever says so. */
  occurred_at: number;
  /** When wamesh recorded it. */
  recorded_at: number;
};

/** What is to happen. cancel: end it unless it is claimed. resend: send it once more although its outcome is unknown. accept_unknown: leave its outcome unknown and forget its content. read: tell the person that their message was read. */
export type CommandKind = "UNKNOWN" | "cancel" | "resend" | "accept_unknown" | "read";

/** A received message as its provider knows it. */
export type ReadMark = {
  /** Session id of the number that it came to; the record lies in that session's partition. */
  session: string;
  /** WasenderApi: address of the chat as its callback wrote it; may hold the person's number. */
  chat: string | null;
  /** Whether the person is shown that somebody is writing an answer (Cloud API). */
  typing: boolean;
};

/** A person's decision about one message, which may be read before the message. What comes of it is told by MessageStatus records; of a read mark, only its failure, by a SessionEvent. */
export type OutboundCommand = {
  /** UUID from tenant, message and kind: the same decision always makes the same id. Kind read: from the session too. */
  command_id: string;
  /** Tenant id of who decided; equals the record key. It holds for this tenant's message only. */
  tenant: string;
  /** The message it is about. Kind read: the provider's id of a message that was received. */
  message_id: string;
  /** What is to happen. */
  kind: CommandKind;
  /** Id of the key that it was asked with. */
  requested_by: string | null;
  /** Why, in the words of who asked. */
  reason: string | null;
  /** When it was asked for. */
  requested_at: number;
  /** Set for kind read. */
  read_mark: ReadMark | null;
};

/** Which field is set. */
export type ContentKind = "UNKNOWN" | "text" | "template" | "image" | "video" | "audio" | "document" | "sticker" | "location" | "contacts" | "reaction" | "interactive" | "poll";

/** A free-form text. */
export type TextContent = {
  /** The text, up to 4,096 characters. */
  body: string;
  /** Whether the first link is shown as a preview. */
  preview_url: boolean;
};

/** Which part. */
export type ComponentKind = "UNKNOWN" | "header" | "body" | "button";

/** One value put into a template. */
export type TemplateParameter = {
  /** text, payload, currency, date_time, image, video, document, location, coupon_code: the provider's parameter type. */
  kind: string;
  /** Parameter name of a named template; null for positional ones. */
  name: string | null;
  /** The text, or a JSON object in text for kinds that are objects. */
  value: string;
};

/** Values of one part of the template. */
export type TemplateComponent = {
  /** Which part. */
  kind: ComponentKind;
  /** Buttons: quick_reply, url, copy_code. */
  sub_type: string | null;
  /** Buttons: position, from 0. */
  index: number | null;
  /** Values in order. */
  parameters: TemplateParameter[];
};

/** An approved template with its values. */
export type TemplateContent = {
  /** Template name. */
  name: string;
  /** Language code, for example en_US. */
  language: string;
  /** Values per part; empty for a template without variables. */
  components: TemplateComponent[];
};

/** A file. */
export type MediaContent = {
  /** https address that the file is fetched from; this or provider_id. */
  url: string | null;
  /** The provider's own id of a file it has; this or url. */
  provider_id: string | null;
  /** Text below an image, a video or a document. */
  caption: string | null;
  /** Name that a document is shown under. */
  file_name: string | null;
  /** Whether audio is shown as a voice note. */
  voice: boolean;
  /** Whether it can be opened only once. */
  view_once: boolean;
  /** Whether the file at url is fetched here once and uploaded to the provider, which else fetches it itself for each message. */
  upload: boolean;
};

/** A place. */
export type LocationContent = {
  /** Degrees, north is positive. */
  latitude: number;
  /** Degrees, east is positive. */
  longitude: number;
  /** Name of the place. */
  name: string | null;
  /** Its address. */
  address: string | null;
};

/** One person or company. */
export type ContactCard = {
  /** Name as it is shown. */
  name: string;
  /** First name. */
  first_name: string | null;
  /** Last name. */
  last_name: string | null;
  /** Company. */
  company: string | null;
  /** Phone numbers. */
  phones: string[];
  /** E-mail addresses. */
  emails: string[];
  /** Web addresses. */
  urls: string[];
};

/** Contact cards. */
export type ContactsContent = {
  /** The cards. */
  cards: ContactCard[];
};

/** An emoji on another message. */
export type ReactionContent = {
  /** The provider's id of that message. */
  message_id: string;
  /** The emoji; empty takes it away. */
  emoji: string;
};

/** Buttons, a list, a link, a flow. */
export type InteractiveContent = {
  /** The provider's kind: button, list, cta_url … */
  kind: string;
  /** The provider's object, as JSON. */
  json: string;
};

/** A question with choices. */
export type PollContent = {
  /** The question. */
  question: string;
  /** Two to twelve choices. */
  options: string[];
  /** Whether several may be chosen. */
  multi_select: boolean;
};

/** What is said; exactly the field that kind stands for is set. */
export type Content = {
  /** Which field is set. */
  kind: ContentKind;
  /** Set for kind text. */
  text: TextContent | null;
  /** Set for kind template. */
  template: TemplateContent | null;
  /** Set for kinds image, video, audio, document and sticker. */
  media: MediaContent | null;
  /** Set for kind location. */
  location: LocationContent | null;
  /** Set for kind contacts. */
  contacts: ContactsContent | null;
  /** Set for kind reaction. */
  reaction: ReactionContent | null;
  /** Set for kind interactive. */
  interactive: InteractiveContent | null;
  /** Set for kind poll. */
  poll: PollContent | null;
};

/** What to do when the outcome stays unknown. */
export type DoubtPolicy = "UNKNOWN" | "fail_unknown" | "resend";

/** A message accepted for sending. What happens to it is told by MessageStatus records. */
export type OutboundMessage = {
  /** UUID; the same request always makes the same id. */
  message_id: string;
  /** Tenant id; equals the record key. */
  tenant: string;
  /** Priority lane; equals the topic. */
  lane: Lane;
  /** Session id: the number it leaves from. */
  session: string;
  /** Account id (a WABA, a WasenderApi account) of the session. */
  account: string;
  /** Provider of the session. */
  provider: Provider;
  /** Who it is for. Personal data. */
  recipient: Recipient;
  /** Keyed hash of the recipient, for joins and logs without the number. */
  recipient_token: string;
  /** What is said. Content: may hold personal data. */
  content: Content;
  /** Template that leaves instead when the person's 24-hour window is closed; null: the message is then refused. */
  fallback: TemplateContent | null;
  /** Template category: marketing, utility, authentication; null for free-form. */
  category: string | null;
  /** Provider id of the message this one answers. */
  reply_to: string | null;
  /** Campaign id; also the stream that pause and cancel act on. */
  campaign: string | null;
  /** Which run of the campaign. */
  campaign_run: string | null;
  /** Id of the rule that made it. */
  rule: string | null;
  /** Version of that rule. */
  rule_version: number | null;
  /** Step of that rule, from 0. */
  rule_step: number | null;
  /** event_id of the domain event that caused it. */
  source_event_id: string | null;
  /** source of the domain event that caused it. */
  source_event_source: string | null;
  /** The tenant's own reference, echoed in statuses and webhooks. */
  external_ref: string | null;
  /** message_id of the message this one repeats (retry failed, redrive). */
  retry_of: string | null;
  /** UNKNOWN: the tenant's setting for the lane. */
  doubt_policy: DoubtPolicy;
  /** SHA-256 of what was asked for; another fingerprint under a known id is refused. */
  fingerprint: string;
  /** Not before; null: at once. */
  send_at: number | null;
  /** Not later: after this it expires. */
  not_after: number;
  /** When wamesh accepted it. */
  accepted_at: number;
};

/** One verified, redacted item of a provider's callback, not yet understood. */
export type ProviderCallback = {
  /** Deduplication key: same item, same id. */
  callback_id: string;
  /** Owner; null while unknown (unrouted). */
  tenant: string | null;
  /** Session id, where the callback names the number. */
  session: string | null;
  /** Account id or the provider's account reference. */
  account: string | null;
  /** Provider. */
  provider: Provider;
  /** status, message, session, other or unreadable. */
  kind: string;
  /** The provider's reference of the number, verbatim, to find an owner later. */
  provider_ref: string | null;
  /** The item as JSON with the context it needs. Content: may hold personal data. */
  body: string;
  /** When the receiver took it in. */
  received_at: number;
};

/** What was observed. */
export type SessionEventKind = "UNKNOWN" | "status" | "throttled" | "paused" | "send_failed" | "quality" | "limit" | "template" | "account" | "other";

/** State of the session's life cycle. */
export type SessionStatus = "UNKNOWN" | "created" | "connecting" | "need_scan" | "pin_required" | "name_pending" | "connected" | "disconnected" | "logged_out" | "expired" | "suspended" | "auth_failed" | "deleted";

/** What the provider says became of a template. */
export type TemplateChange = {
  /** Template name. */
  name: string;
  /** Language code, for example en_US. */
  language: string;
  /** The provider's id of the template. */
  provider_id: string | null;
  /** status, quality, category or components: what changed. */
  event: string;
  /** event status: the provider's word, lower case: approved, rejected, paused, disabled, flagged, reinstated, pending_deletion, deleted ... */
  status: string | null;
  /** event quality: green, yellow, red or unknown. */
  quality: string | null;
  /** event category: the category from now on: marketing, utility, authentication. */
  category: string | null;
  /** Why, in the provider's word, where it says so. */
  reason: string | null;
};

/** How we know. */
export type Evidence = "UNKNOWN" | "callback" | "probe" | "send" | "operator";

/** Something observed about a session, with its evidence. */
export type SessionEvent = {
  /** Hash of what was observed. */
  event_id: string;
  /** Tenant id; equals the record key. */
  tenant: string;
  /** Session id; empty when it is about the account as a whole. */
  session: string;
  /** Account id. */
  account: string;
  /** What was observed. */
  kind: SessionEventKind;
  /** kind status: the state observed. */
  status: SessionStatus | null;
  /** kind quality: green, yellow, red or unknown. kind limit: the provider's word for how many people may be written to, for example TIER_2K. kind template: what changed. kinds account and other: what happened, in the provider's word. */
  value: string | null;
  /** kind template: which one, and what became of it. */
  template: TemplateChange | null;
  /** How we know. */
  evidence: Evidence;
  /** Why, where known. */
  reason: Reason | null;
  /** More, as text or JSON; no secrets. */
  detail: string;
  /** When it happened. */
  occurred_at: number;
  /** When wamesh recorded it. */
  recorded_at: number;
};

/** Credentials under a data key of their own, which a ring key wraps; only holders of the key ring can open them. */
export type SealedCredentials = {
  /** Which ring key wraps the data key. */
  key_ring_id: string;
  /** The wrapped data key. */
  wrapped_key: Uint8Array;
  /** AES-GCM nonce. */
  nonce: Uint8Array;
  /** AES-256-GCM ciphertext with tag. */
  ciphertext: Uint8Array;
  /** Version of the credentials, part of the authenticated data. */
  version: number;
};

/** A session as it is now; compacted, one record per session. Apply only if version is higher. */
export type SessionState = {
  /** Tenant that owns it. */
  tenant: string;
  /** Session id. */
  session: string;
  /** Grows with every change of the session. */
  version: number;
  /** State; deleted is kept as a record. */
  status: SessionStatus;
  /** Provider. */
  provider: Provider;
  /** Account id. */
  account: string;
  /** Provider's reference of the account (WABA id). */
  account_ref: string;
  /** Provider's reference of the number (phone number id, WasenderApi session id). */
  provider_ref: string;
  /** Name given by the tenant. */
  name: string;
  /** Display number, digits with +. */
  phone: string | null;
  /** Pools it is a member of; messages without a session are spread over a pool. */
  pools: string[];
  /** Configured pace in messages per second. */
  rate_per_s: number;
  /** Reserved for one-time passwords: nothing else leaves through it, and the tenant's pool sends them nowhere else. */
  otp_only: boolean;
  /** WasenderApi: SHA-256 of the opaque callback path token. */
  callback_token_hash: string | null;
  /** WasenderApi: HMAC of the callback secret. */
  callback_secret_hash: string | null;
  /** Null once deleted. */
  credentials: SealedCredentials | null;
  /** When it changed. */
  changed_at: number;
};

/** What the record is about. */
export type ConfigKind = "UNKNOWN" | "tenant" | "key" | "template" | "marker";

/** Whether it holds. */
export type ConfigState = "UNKNOWN" | "active" | "suspended" | "revoked" | "deleted" | "approved" | "pending" | "rejected" | "paused" | "disabled";

/** What the tenant may do; resolved, so readers need no second look-up. */
export type Plan = {
  /** Plan id. */
  plan: string;
  /** Share against other tenants when they wait. */
  weight: number;
  /** Messages per minute over all sessions; null: no cap. */
  per_minute: number | null;
  /** Messages per day over all sessions; null: no cap. */
  per_day: number | null;
  /** How many may wait. */
  max_queued: number;
  /** Whether bulk is allowed. */
  bulk: boolean;
  /** Requests per second that each of its keys may make at ingest; null: the mesh's default. */
  requests_per_s: number | null;
  /** One-time passwords to one recipient in ten minutes; null: the mesh's default. */
  otp_per_recipient: number | null;
  /** One-time passwords to numbers that begin with the same seven digits, in ten minutes; null: the mesh's default. */
  otp_per_prefix: number | null;
};

/** What the tenant decided. */
export type TenantSettings = {
  /** fail_unknown or resend. */
  doubt_otp: string;
  /** fail_unknown or resend. */
  doubt_standard: string;
  /** fail_unknown or resend. */
  doubt_bulk: string;
  /** IANA zone for days and quiet hours. */
  time_zone: string;
  /** Local time HH:MM from which bulk rests; null: none. */
  quiet_start: string | null;
  /** Local time HH:MM until which bulk rests. */
  quiet_end: string | null;
  /** How long the read model keeps messages. */
  retention_days: number;
};

/** How the console looks for who belongs to it. */
export type TenantBrand = {
  /** Name above the navigation; null: the tenant's. */
  name: string | null;
  /** Address of its logo, https; null: none. */
  logo_url: string | null;
  /** Colour of links and buttons, #rrggbb; null: the console's own. */
  colour: string | null;
};

/** kind tenant. */
export type TenantRecord = {
  /** Name. */
  name: string;
  /** Agency it belongs to. */
  parent: string | null;
  /** Whether it may have children. */
  is_agency: boolean;
  /** The operator's own tenant: its keys may act for every tenant. */
  is_operator: boolean;
  /** Whether its accounts are spread over partitions. */
  large: boolean;
  /** Resolved plan. */
  plan: Plan;
  /** Settings. */
  settings: TenantSettings;
  /** Null: its agency's, else the mesh's own. */
  brand: TenantBrand | null;
};

/** kind key. */
export type KeyRecord = {
  /** HMAC-SHA256 of the secret, one per pepper: <pepper id>:<hex>. */
  secret_hashes: string[];
  /** What it may do. */
  scopes: string[];
  /** Name given by its owner. */
  label: string;
  /** Not valid from then on. */
  expires_at: number | null;
};

/** A part that takes values, or that has to be supplied with each message. */
export type TemplatePart = {
  /** header, body or button. */
  kind: string;
  /** header: text, image, video, document or location. */
  format: string | null;
  /** button: url, quick_reply, copy_code, flow, catalog ... */
  sub_type: string | null;
  /** button: position, from 0. */
  index: number | null;
  /** Names of its values, or 1, 2 ... where they are given in order. */
  parameters: string[];
};

/** kind template. */
export type TemplateRecord = {
  /** Account id it belongs to. */
  account: string;
  /** Name. */
  name: string;
  /** Language. */
  language: string;
  /** marketing, utility, authentication. */
  category: string;
  /** How many values the body takes. */
  body_parameters: number;
  /** Whether values are given by name instead of in order. */
  named: boolean;
  /** Parts that take values, as far as whole says. */
  parts: TemplatePart[];
  /** Whether parts are known; false: only body_parameters is. */
  whole: boolean;
  /** green, yellow, red or unknown, as the provider judges it. */
  quality: string | null;
};

/** Configuration of a tenant; compacted, one record per tenant, API key or template. Apply only if version is higher. */
export type TenantConfig = {
  /** Tenant id. */
  tenant: string;
  /** What the record is about; marker: nothing, lets readers see that they reached the end. */
  kind: ConfigKind;
  /** Id within the kind: tenant id, key id, account|name|language. */
  id: string;
  /** Grows with every change of the entity. */
  version: number;
  /** Whether it holds; deleted is kept as a record. */
  state: ConfigState;
  /** Set for kind tenant. */
  tenant_record: TenantRecord | null;
  /** Set for kind key. */
  key_record: KeyRecord | null;
  /** Set for kind template. */
  template_record: TemplateRecord | null;
  /** When it changed. */
  changed_at: number;
};

/** What is counted. */
export type UsageKind = "UNKNOWN" | "messages" | "session_day";

/** What one session of a tenant was used for on one day (UTC), in one category. A level, not an increment: of a usage_id the record with the latest counted_at holds, the others are forgotten. */
export type Usage = {
  /** Hash of tenant, kind, day, session, category and provider: what it counts. */
  usage_id: string;
  /** Tenant id; equals the record key. */
  tenant: string;
  /** messages: messages of one category; session_day: the session was there on that day, with nothing else counted. */
  kind: UsageKind;
  /** YYYY-MM-DD in UTC, by the time at which messages left. */
  day: string;
  /** Session id. */
  session: string;
  /** Provider of the session. */
  provider: Provider;
  /** Category that was charged, where the provider said so, else the template's; null: none. */
  category: string | null;
  /** Messages handed to the provider. */
  messages: number;
  /** Messages delivered on that day. */
  delivered: number;
  /** Messages that the provider said it charges. */
  billable: number;
  /** When it was counted; later in each record of the same usage_id. */
  counted_at: number;
};

/** How the attempt ended. */
export type DeliveryOutcome = "UNKNOWN" | "delivered" | "retry" | "given_up" | "disabled";

/** One attempt to deliver an event to a tenant's endpoint. */
export type WebhookDelivery = {
  /** Hash of (webhook, attempt). */
  event_id: string;
  /** Tenant id; equals the record key. */
  tenant: string;
  /** Stable over retries; the receiver deduplicates by it. */
  webhook_id: string;
  /** Endpoint id. */
  endpoint: string;
  /** For example message.delivered. */
  event_type: string;
  /** Message it is about. */
  message_id: string | null;
  /** From 1. */
  attempt: number;
  /** How the attempt ended. */
  outcome: DeliveryOutcome;
  /** Answer's status. */
  http_status: number | null;
  /** What went wrong, where there was no answer. */
  error: string | null;
  /** How long the attempt took. */
  duration_ms: number;
  /** When it will be tried again. */
  next_at: number | null;
  /** When the attempt ended. */
  occurred_at: number;
};

/** Record folder name -> its TypeScript type. */
export type RecordTypes = {
  "audit-entry": AuditEntry;
  "campaign-state": CampaignState;
  "contact-consent": ContactConsent;
  "dead-letter": DeadLetter;
  "dispatch-state": DispatchState;
  "domain-event": DomainEvent;
  "event-outcome": EventOutcome;
  "inbound-message": InboundMessage;
  "message-status": MessageStatus;
  "outbound-command": OutboundCommand;
  "outbound-message": OutboundMessage;
  "provider-callback": ProviderCallback;
  "session-event": SessionEvent;
  "session-state": SessionState;
  "tenant-config": TenantConfig;
  "usage": Usage;
  "webhook-delivery": WebhookDelivery;
};

/** Latest schema of every record, as registered. */
export const latestSchemas = {
  "audit-entry": {
    "version": 1,
    "schema": {
      "type": "record",
      "name": "AuditEntry",
      "namespace": "wamesh.v1",
      "doc": "One change made through an API.",
      "fields": [
        {
          "name": "event_id",
          "type": "string",
          "doc": "Unique id."
        },
        {
          "name": "tenant",
          "type": "string",
          "doc": "Tenant the change is about; equals the record key."
        },
        {
          "name": "service",
          "type": "string",
          "doc": "Service that made it."
        },
        {
          "name": "actor_tenant",
          "type": "string",
          "doc": "Tenant of the key."
        },
        {
          "name": "actor_key",
          "type": "string",
          "doc": "Key id."
        },
        {
          "name": "action",
          "type": "string",
          "doc": "For example session.created."
        },
        {
          "name": "object_kind",
          "type": "string",
          "doc": "What kind of thing."
        },
        {
          "name": "object_id",
          "type": "string",
          "doc": "Which one."
        },
        {
          "name": "detail",
          "type": "string",
          "doc": "What changed, JSON, no secrets."
        },
        {
          "name": "occurred_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "When."
        }
      ]
    }
  },
  "campaign-state": {
    "version": 2,
    "schema": {
      "type": "record",
      "name": "CampaignState",
      "namespace": "wamesh.v1",
      "doc": "Where a campaign stands. A level, not a command: whoever reads the newest version knows what holds, in whatever order messages and states arrive.",
      "fields": [
        {
          "name": "tenant",
          "type": "string",
          "doc": "Tenant id; the record key is tenant|campaign|id."
        },
        {
          "name": "campaign",
          "type": "string",
          "doc": "Campaign id."
        },
        {
          "name": "version",
          "type": "long",
          "doc": "Rises with every change; a reader keeps the highest."
        },
        {
          "name": "name",
          "type": "string",
          "doc": "As its owner named it."
        },
        {
          "name": "state",
          "type": {
            "type": "enum",
            "name": "CampaignPhase",
            "doc": "draft, scheduled: nothing leaves yet. expanding, processing: its messages leave. paused: they wait while their time runs on. completed: none is left. cancelled: those that are not claimed end cancelled.",
            "symbols": [
              "UNKNOWN",
              "draft",
              "scheduled",
              "expanding",
              "processing",
              "paused",
              "completed",
              "cancelled"
            ],
            "default": "UNKNOWN"
          },
          "doc": "What holds."
        },
        {
          "name": "total",
          "type": [
            "null",
            "long"
          ],
          "doc": "Recipients in its audience, null until it is known.",
          "default": null
        },
        {
          "name": "expanded",
          "type": "long",
          "doc": "Messages made so far.",
          "default": 0
        },
        {
          "name": "skipped",
          "type": "long",
          "doc": "Recipients left out: invalid, twice, opted out.",
          "default": 0
        },
        {
          "name": "rate_per_s",
          "type": [
            "null",
            "double"
          ],
          "doc": "Pace its owner wants at most, messages per second; null: as fast as its sessions may.",
          "default": null
        },
        {
          "name": "changed_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "When it became so."
        },
        {
          "name": "reason",
          "type": [
            "null",
            "string"
          ],
          "doc": "Why it stands so where nobody decided it: error_rate (too many failed), audience_failed; else null.",
          "default": null
        },
        {
          "name": "run",
          "type": "int",
          "doc": "Which run, from 1; retrying those that failed starts the next.",
          "default": 1
        },
        {
          "name": "skips",
          "type": {
            "type": "array",
            "items": {
              "type": "record",
              "name": "CampaignSkip",
              "doc": "Recipients left out for one reason.",
              "fields": [
                {
                  "name": "reason",
                  "type": "string",
                  "doc": "invalid, duplicate, opted_out, variable_missing, template_mismatch, refused."
                },
                {
                  "name": "count",
                  "type": "long",
                  "doc": "How many."
                }
              ]
            }
          },
          "doc": "`skipped` by reason.",
          "default": []
        },
        {
          "name": "send_at",
          "type": [
            "null",
            {
              "type": "long",
              "logicalType": "timestamp-millis"
            }
          ],
          "doc": "When it is to start; null: when somebody starts it.",
          "default": null
        },
        {
          "name": "session",
          "type": [
            "null",
            "string"
          ],
          "doc": "The session it leaves from, where one was named.",
          "default": null
        },
        {
          "name": "pool",
          "type": [
            "null",
            "string"
          ],
          "doc": "The pool it leaves from, where one was named.",
          "default": null
        },
        {
          "name": "template",
          "type": [
            "null",
            "string"
          ],
          "doc": "Name of its template; null for text.",
          "default": null
        },
        {
          "name": "category",
          "type": [
            "null",
            "string"
          ],
          "doc": "Category of its messages, where known.",
          "default": null
        },
        {
          "name": "created_at",
          "type": [
            "null",
            {
              "type": "long",
              "logicalType": "timestamp-millis"
            }
          ],
          "doc": "When it was made.",
          "default": null
        },
        {
          "name": "started_at",
          "type": [
            "null",
            {
              "type": "long",
              "logicalType": "timestamp-millis"
            }
          ],
          "doc": "When its first message was made.",
          "default": null
        }
      ]
    }
  },
  "contact-consent": {
    "version": 1,
    "schema": {
      "type": "record",
      "name": "ContactConsent",
      "namespace": "wamesh.v1",
      "doc": "Whether a person wants messages of a tenant. The newest version holds; absent: nothing was ever said, messages may be sent.",
      "fields": [
        {
          "name": "tenant",
          "type": "string",
          "doc": "Tenant id; part of the record key tenant|consent|recipient token|scope."
        },
        {
          "name": "recipient_token",
          "type": "string",
          "doc": "Keyed hash of the person."
        },
        {
          "name": "scope",
          "type": {
            "type": "enum",
            "name": "ConsentScope",
            "doc": "Which messages it is about.",
            "symbols": [
              "UNKNOWN",
              "marketing",
              "all"
            ],
            "default": "UNKNOWN"
          },
          "doc": "Which messages it is about; all: also what is not marketing."
        },
        {
          "name": "version",
          "type": "long",
          "doc": "Grows with each change of this person's consent."
        },
        {
          "name": "opted_out",
          "type": "boolean",
          "doc": "true: none may be sent."
        },
        {
          "name": "source",
          "type": {
            "type": "enum",
            "name": "ConsentSource",
            "doc": "How it became known.",
            "symbols": [
              "UNKNOWN",
              "api",
              "stop_word",
              "start_word",
              "provider"
            ],
            "default": "UNKNOWN"
          },
          "doc": "How it became known."
        },
        {
          "name": "proof",
          "type": "string",
          "doc": "Id of the record or request that says so; no personal data."
        },
        {
          "name": "occurred_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "When the person or the tenant said so."
        },
        {
          "name": "changed_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "When wamesh recorded it."
        }
      ]
    }
  },
  "dead-letter": {
    "version": 1,
    "schema": {
      "type": "record",
      "name": "DeadLetter",
      "namespace": "wamesh.v1",
      "doc": "A record or message given up, kept with its bytes; can be redriven.",
      "fields": [
        {
          "name": "dead_id",
          "type": "string",
          "doc": "Hash of origin (topic, partition, offset) and reason."
        },
        {
          "name": "tenant",
          "type": [
            "null",
            "string"
          ],
          "doc": "Tenant, where known; equals the record key then.",
          "default": null
        },
        {
          "name": "service",
          "type": "string",
          "doc": "Who gave up."
        },
        {
          "name": "origin_topic",
          "type": "string",
          "doc": "Where the record was read."
        },
        {
          "name": "origin_partition",
          "type": "int",
          "doc": "Its partition."
        },
        {
          "name": "origin_offset",
          "type": "long",
          "doc": "Its offset."
        },
        {
          "name": "origin_key",
          "type": [
            "null",
            "bytes"
          ],
          "doc": "Its key.",
          "default": null
        },
        {
          "name": "origin_value",
          "type": [
            "null",
            "bytes"
          ],
          "doc": "Its value, byte for byte.",
          "default": null
        },
        {
          "name": "origin_headers",
          "type": {
            "type": "map",
            "values": "bytes"
          },
          "doc": "Its headers."
        },
        {
          "name": "reason",
          "type": {
            "type": "record",
            "name": "Reason",
            "doc": "Why, in words that are stable (code), for the tenant (detail) and for support (provider_code).",
            "fields": [
              {
                "name": "code",
                "type": "string",
                "doc": "Stable reason code, from the registry of reason codes."
              },
              {
                "name": "fault_class",
                "type": {
                  "type": "enum",
                  "name": "FaultClass",
                  "doc": "Whose fault it is; recipient faults never page anyone.",
                  "symbols": [
                    "UNKNOWN",
                    "recipient",
                    "content",
                    "policy",
                    "credentials",
                    "provider",
                    "pace",
                    "platform"
                  ],
                  "default": "UNKNOWN"
                },
                "doc": "Whose fault it is."
              },
              {
                "name": "provider_code",
                "type": [
                  "null",
                  "string"
                ],
                "doc": "The provider's own code, verbatim.",
                "default": null
              },
              {
                "name": "detail",
                "type": "string",
                "doc": "One sentence that the tenant may see; no numbers of people, no secrets.",
                "default": ""
              }
            ]
          },
          "doc": "Why."
        },
        {
          "name": "message_id",
          "type": [
            "null",
            "string"
          ],
          "doc": "Message it is about, where known.",
          "default": null
        },
        {
          "name": "attempts",
          "type": "int",
          "doc": "Attempts made.",
          "default": 0
        },
        {
          "name": "occurred_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "When it was given up."
        }
      ]
    }
  },
  "dispatch-state": {
    "version": 2,
    "schema": {
      "type": "record",
      "name": "DispatchState",
      "namespace": "wamesh.v1",
      "doc": "What waits at one shard of the dispatcher for one tenant; compacted, at most one a second.",
      "fields": [
        {
          "name": "tenant",
          "type": "string",
          "doc": "Tenant id."
        },
        {
          "name": "shard",
          "type": "int",
          "doc": "Shard (partition number)."
        },
        {
          "name": "queued",
          "type": {
            "type": "record",
            "name": "LaneCounts",
            "doc": "Messages per lane.",
            "fields": [
              {
                "name": "otp",
                "type": "long",
                "doc": "Lane otp."
              },
              {
                "name": "standard",
                "type": "long",
                "doc": "Lane standard."
              },
              {
                "name": "bulk",
                "type": "long",
                "doc": "Lane bulk."
              }
            ]
          },
          "doc": "Waiting messages per lane."
        },
        {
          "name": "oldest_at",
          "type": [
            "null",
            {
              "type": "long",
              "logicalType": "timestamp-millis"
            }
          ],
          "doc": "When the oldest waiting message was accepted.",
          "default": null
        },
        {
          "name": "in_flight",
          "type": "int",
          "doc": "Claimed, not yet answered."
        },
        {
          "name": "in_doubt",
          "type": "int",
          "doc": "Outcome unknown for now."
        },
        {
          "name": "sessions",
          "type": {
            "type": "array",
            "items": {
              "type": "record",
              "name": "SessionPace",
              "doc": "Pace of one session.",
              "fields": [
                {
                  "name": "session",
                  "type": "string",
                  "doc": "Session id."
                },
                {
                  "name": "configured_per_s",
                  "type": "double",
                  "doc": "Configured rate."
                },
                {
                  "name": "effective_per_s",
                  "type": "double",
                  "doc": "Rate in force."
                },
                {
                  "name": "held_reason",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "Why its messages may not leave now.",
                  "default": null
                },
                {
                  "name": "queued",
                  "type": "long",
                  "doc": "Waiting messages."
                }
              ]
            }
          },
          "doc": "Sessions with waiting messages."
        },
        {
          "name": "held",
          "type": {
            "type": "array",
            "items": {
              "type": "record",
              "name": "HeldMessages",
              "doc": "Messages that wait for the same reason.",
              "fields": [
                {
                  "name": "session",
                  "type": "string",
                  "doc": "Session they are to leave through."
                },
                {
                  "name": "campaign",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "Campaign, null for messages of none.",
                  "default": null
                },
                {
                  "name": "template",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "Name and language of their template, as name:language; null where it is not what they wait for.",
                  "default": null
                },
                {
                  "name": "reason",
                  "type": "string",
                  "doc": "Stable code: pace, plan_minute_limit, plan_day_limit, account_limit, paused, session_not_connected, session_unknown, session_deleted, tenant_suspended, campaign_paused, template_paused and others of later releases."
                },
                {
                  "name": "messages",
                  "type": "long",
                  "doc": "How many."
                },
                {
                  "name": "until",
                  "type": [
                    "null",
                    {
                      "type": "long",
                      "logicalType": "timestamp-millis"
                    }
                  ],
                  "doc": "Estimate: when the first may leave; with reason pace, when the last will have left. Null: nobody knows.",
                  "default": null
                }
              ]
            }
          },
          "doc": "Why what waits has not left, per session, campaign and reason.",
          "default": []
        },
        {
          "name": "recorded_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "When it was counted."
        }
      ]
    }
  },
  "domain-event": {
    "version": 1,
    "schema": {
      "type": "record",
      "name": "DomainEvent",
      "namespace": "wamesh.v1",
      "doc": "Something that happened in a core application, as a CloudEvent. Rules turn it into messages.",
      "fields": [
        {
          "name": "event_id",
          "type": "string",
          "doc": "CloudEvents id; unique per (tenant, source)."
        },
        {
          "name": "tenant",
          "type": "string",
          "doc": "Tenant id; equals the record key."
        },
        {
          "name": "source",
          "type": "string",
          "doc": "CloudEvents source: who says so, a URI reference."
        },
        {
          "name": "type",
          "type": "string",
          "doc": "CloudEvents type, for example user_onboarded. Rules match on it."
        },
        {
          "name": "subject",
          "type": [
            "null",
            "string"
          ],
          "doc": "CloudEvents subject: what it is about.",
          "default": null
        },
        {
          "name": "occurred_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "CloudEvents time, or when wamesh received it where the producer gave none."
        },
        {
          "name": "data",
          "type": "string",
          "doc": "The event's data as a JSON object in text. Content: may hold personal data."
        },
        {
          "name": "received_at",
          "type": [
            "null",
            {
              "type": "long",
              "logicalType": "timestamp-millis"
            }
          ],
          "doc": "When wamesh's API took it in; null where it was written into Kafka directly.",
          "default": null
        }
      ]
    }
  },
  "event-outcome": {
    "version": 2,
    "schema": {
      "type": "record",
      "name": "EventOutcome",
      "namespace": "wamesh.v1",
      "doc": "What became of one domain event under one step of one rule (or under none). One record per event, rule and step; a step that waits is told of again when it is due or called off.",
      "fields": [
        {
          "name": "event_id",
          "type": "string",
          "doc": "Hash of (tenant, source, source event id, rule), for a step but the first also of the step; of an event that calls steps off, of the word cancels."
        },
        {
          "name": "tenant",
          "type": "string",
          "doc": "Tenant id; equals the record key."
        },
        {
          "name": "source_event_id",
          "type": "string",
          "doc": "event_id of the domain event."
        },
        {
          "name": "source_event_source",
          "type": "string",
          "doc": "source of the domain event."
        },
        {
          "name": "type",
          "type": "string",
          "doc": "type of the domain event."
        },
        {
          "name": "outcome",
          "type": {
            "type": "enum",
            "name": "EventOutcomeKind",
            "doc": "What became of it.",
            "symbols": [
              "UNKNOWN",
              "messages",
              "no_rule",
              "condition_false",
              "failed",
              "scheduled",
              "cancelled",
              "ignored",
              "cancels"
            ],
            "default": "UNKNOWN"
          },
          "doc": "What became of it. failed: see reason. scheduled: a step waits until due_at. cancelled: a waiting step was called off. ignored: nothing was to be done, see reason. cancels: the event called off waiting steps of the rule."
        },
        {
          "name": "rule",
          "type": [
            "null",
            "string"
          ],
          "doc": "Rule id; null for no_rule.",
          "default": null
        },
        {
          "name": "rule_version",
          "type": [
            "null",
            "int"
          ],
          "doc": "Version of that rule.",
          "default": null
        },
        {
          "name": "message_ids",
          "type": {
            "type": "array",
            "items": "string"
          },
          "doc": "Messages made."
        },
        {
          "name": "reason",
          "type": [
            "null",
            {
              "type": "record",
              "name": "Reason",
              "doc": "Why, in words that are stable (code), for the tenant (detail) and for support (provider_code).",
              "fields": [
                {
                  "name": "code",
                  "type": "string",
                  "doc": "Stable reason code, from the registry of reason codes."
                },
                {
                  "name": "fault_class",
                  "type": {
                    "type": "enum",
                    "name": "FaultClass",
                    "doc": "Whose fault it is; recipient faults never page anyone.",
                    "symbols": [
                      "UNKNOWN",
                      "recipient",
                      "content",
                      "policy",
                      "credentials",
                      "provider",
                      "pace",
                      "platform"
                    ],
                    "default": "UNKNOWN"
                  },
                  "doc": "Whose fault it is."
                },
                {
                  "name": "provider_code",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "The provider's own code, verbatim.",
                  "default": null
                },
                {
                  "name": "detail",
                  "type": "string",
                  "doc": "One sentence that the tenant may see; no numbers of people, no secrets.",
                  "default": ""
                }
              ]
            }
          ],
          "doc": "Why not, for all but messages and scheduled.",
          "default": null
        },
        {
          "name": "occurred_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "occurred_at of the domain event."
        },
        {
          "name": "recorded_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "When the rule was applied."
        },
        {
          "name": "step",
          "type": [
            "null",
            "int"
          ],
          "doc": "Which step of the rule, from 0; null where it is said of the rule as a whole.",
          "default": null
        },
        {
          "name": "due_at",
          "type": [
            "null",
            {
              "type": "long",
              "logicalType": "timestamp-millis"
            }
          ],
          "doc": "When the step is or was due; null for a step at once.",
          "default": null
        },
        {
          "name": "cancelled_by_event",
          "type": [
            "null",
            "string"
          ],
          "doc": "event_id of the domain event that called the step off; null for other causes.",
          "default": null
        },
        {
          "name": "cancelled_by_source",
          "type": [
            "null",
            "string"
          ],
          "doc": "source of that domain event.",
          "default": null
        }
      ]
    }
  },
  "inbound-message": {
    "version": 2,
    "schema": {
      "type": "record",
      "name": "InboundMessage",
      "namespace": "wamesh.v1",
      "doc": "Something a person sent to one of the tenant's numbers, or decided about it.",
      "fields": [
        {
          "name": "event_id",
          "type": "string",
          "doc": "Hash of (session, provider id, kind), and of what else tells it apart: the state of a call, a vote of a poll."
        },
        {
          "name": "tenant",
          "type": "string",
          "doc": "Tenant id; equals the record key."
        },
        {
          "name": "session",
          "type": "string",
          "doc": "Session id: the number it came to."
        },
        {
          "name": "account",
          "type": "string",
          "doc": "Account id."
        },
        {
          "name": "provider",
          "type": {
            "type": "enum",
            "name": "Provider",
            "doc": "Which API carries the message.",
            "symbols": [
              "UNKNOWN",
              "cloud_api",
              "wasender"
            ],
            "default": "UNKNOWN"
          },
          "doc": "Provider."
        },
        {
          "name": "sender",
          "type": {
            "type": "record",
            "name": "Recipient",
            "doc": "Who the message is for. Personal data: only in outbound and inbound topics.",
            "fields": [
              {
                "name": "kind",
                "type": {
                  "type": "enum",
                  "name": "RecipientKind",
                  "doc": "What value holds.",
                  "symbols": [
                    "UNKNOWN",
                    "phone",
                    "bsuid",
                    "group",
                    "channel"
                  ],
                  "default": "UNKNOWN"
                },
                "doc": "What value holds."
              },
              {
                "name": "value",
                "type": "string",
                "doc": "phone: E.164 with +; bsuid, group and channel: the provider's id."
              }
            ]
          },
          "doc": "Who wrote. Personal data."
        },
        {
          "name": "sender_token",
          "type": "string",
          "doc": "Keyed hash of the sender."
        },
        {
          "name": "sender_name",
          "type": [
            "null",
            "string"
          ],
          "doc": "Profile name. Personal data.",
          "default": null
        },
        {
          "name": "identities",
          "type": {
            "type": "array",
            "items": {
              "type": "record",
              "name": "Identity",
              "doc": "One name that the provider knows this person by.",
              "fields": [
                {
                  "name": "kind",
                  "type": "string",
                  "doc": "phone, bsuid, parent_bsuid, lid or username."
                },
                {
                  "name": "value",
                  "type": "string",
                  "doc": "phone: E.164 with +; else as the provider writes it. Personal data."
                }
              ]
            }
          },
          "doc": "All names the provider gave for the sender, in the order it gave them. Personal data.",
          "default": []
        },
        {
          "name": "group",
          "type": [
            "null",
            "string"
          ],
          "doc": "Group it was written in; null: to the number itself.",
          "default": null
        },
        {
          "name": "conversation_id",
          "type": "string",
          "doc": "Hash of (tenant, session, sender; in a group: the group): the thread."
        },
        {
          "name": "provider_id",
          "type": "string",
          "doc": "Provider's id of the message."
        },
        {
          "name": "kind",
          "type": {
            "type": "enum",
            "name": "InboundKind",
            "doc": "What it is.",
            "symbols": [
              "UNKNOWN",
              "text",
              "image",
              "video",
              "audio",
              "document",
              "sticker",
              "location",
              "contacts",
              "reaction",
              "button",
              "interactive",
              "order",
              "system",
              "unsupported",
              "other",
              "preference",
              "call",
              "edit",
              "delete",
              "poll_vote"
            ],
            "default": "UNKNOWN"
          },
          "doc": "What it is; preference: what this person wants from the number, see preference; other: not understood, kept in payload."
        },
        {
          "name": "text",
          "type": [
            "null",
            "string"
          ],
          "doc": "Text or caption, if any. Content.",
          "default": null
        },
        {
          "name": "media",
          "type": [
            "null",
            {
              "type": "record",
              "name": "InboundMedia",
              "doc": "A file that came with it. Providers keep files for days only, and addresses for minutes.",
              "fields": [
                {
                  "name": "provider_id",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "The provider's id of the file; null where it has none.",
                  "default": null
                },
                {
                  "name": "url",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "Where it lies; encrypted by WhatsApp for WasenderApi, and short-lived.",
                  "default": null
                },
                {
                  "name": "mime_type",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "For example image/jpeg.",
                  "default": null
                },
                {
                  "name": "sha256",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "As the provider writes it.",
                  "default": null
                },
                {
                  "name": "bytes",
                  "type": [
                    "null",
                    "long"
                  ],
                  "doc": "Size, where known.",
                  "default": null
                },
                {
                  "name": "file_name",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "Name of a document. Content.",
                  "default": null
                },
                {
                  "name": "voice",
                  "type": "boolean",
                  "doc": "Whether audio is a voice note.",
                  "default": false
                }
              ]
            }
          ],
          "doc": "kinds image, video, audio, document and sticker: the file.",
          "default": null
        },
        {
          "name": "preference",
          "type": [
            "null",
            {
              "type": "record",
              "name": "Preference",
              "doc": "What a person told the provider about messages of this number.",
              "fields": [
                {
                  "name": "scope",
                  "type": "string",
                  "doc": "marketing or all."
                },
                {
                  "name": "opted_out",
                  "type": "boolean",
                  "doc": "true: no more of them; false: they may come again."
                }
              ]
            }
          ],
          "doc": "Set for kind preference.",
          "default": null
        },
        {
          "name": "answers_message_id",
          "type": [
            "null",
            "string"
          ],
          "doc": "Our message it answers, if known.",
          "default": null
        },
        {
          "name": "answers_provider_id",
          "type": [
            "null",
            "string"
          ],
          "doc": "Provider id of the message it answers, reacts to, edits or deletes.",
          "default": null
        },
        {
          "name": "payload",
          "type": "string",
          "doc": "The provider's item as JSON, redacted. Content."
        },
        {
          "name": "occurred_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "When the person wrote."
        },
        {
          "name": "recorded_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "When wamesh recorded it."
        }
      ]
    }
  },
  "message-status": {
    "version": 1,
    "schema": {
      "type": "record",
      "name": "MessageStatus",
      "namespace": "wamesh.v1",
      "doc": "One thing that happened to one message; stands alone, no join needed. Comes at least once, in any order: deduplicate by event_id, merge by (claim, rank) before sent and by rank after.",
      "fields": [
        {
          "name": "event_id",
          "type": "string",
          "doc": "Same event, same id: hash of message, status and claim; for receipts of message, provider id, status and participant."
        },
        {
          "name": "tenant",
          "type": "string",
          "doc": "Tenant id; equals the record key."
        },
        {
          "name": "message_id",
          "type": "string",
          "doc": "The message."
        },
        {
          "name": "status",
          "type": {
            "type": "enum",
            "name": "Status",
            "doc": "What happened. Merge by rank, see rank.",
            "symbols": [
              "UNKNOWN",
              "accepted",
              "queued",
              "claimed",
              "in_doubt",
              "unconfirmed",
              "sent",
              "delivered",
              "read",
              "played",
              "failed",
              "expired",
              "cancelled",
              "reference"
            ],
            "default": "UNKNOWN"
          },
          "doc": "What happened. reference only adds ids and changes no state."
        },
        {
          "name": "origin",
          "type": {
            "type": "enum",
            "name": "StatusOrigin",
            "doc": "Who says so.",
            "symbols": [
              "UNKNOWN",
              "mesh",
              "provider"
            ],
            "default": "UNKNOWN"
          },
          "doc": "mesh: decided here; provider: a receipt."
        },
        {
          "name": "rank",
          "type": "int",
          "doc": "Order of states: accepted 0, queued 10, claimed 20, in_doubt 30, unconfirmed 40, sent 50, failed by provider 60, delivered 70, read 80, played 90; failed here 100, expired 101, cancelled 102; reference -1."
        },
        {
          "name": "claim",
          "type": "int",
          "doc": "Number of the claim it belongs to; 0 before the first."
        },
        {
          "name": "attempts",
          "type": "int",
          "doc": "Attempts that count against the retry limit.",
          "default": 0
        },
        {
          "name": "session",
          "type": "string",
          "doc": "Session id."
        },
        {
          "name": "account",
          "type": "string",
          "doc": "Account id."
        },
        {
          "name": "provider",
          "type": {
            "type": "enum",
            "name": "Provider",
            "doc": "Which API carries the message.",
            "symbols": [
              "UNKNOWN",
              "cloud_api",
              "wasender"
            ],
            "default": "UNKNOWN"
          },
          "doc": "Provider."
        },
        {
          "name": "lane",
          "type": {
            "type": "enum",
            "name": "Lane",
            "doc": "Priority lane: otp before standard before bulk.",
            "symbols": [
              "UNKNOWN",
              "otp",
              "standard",
              "bulk"
            ],
            "default": "UNKNOWN"
          },
          "doc": "Lane."
        },
        {
          "name": "campaign",
          "type": [
            "null",
            "string"
          ],
          "doc": "Campaign id.",
          "default": null
        },
        {
          "name": "rule",
          "type": [
            "null",
            "string"
          ],
          "doc": "Rule id.",
          "default": null
        },
        {
          "name": "source_event_id",
          "type": [
            "null",
            "string"
          ],
          "doc": "Domain event that caused the message.",
          "default": null
        },
        {
          "name": "source_event_source",
          "type": [
            "null",
            "string"
          ],
          "doc": "Source of that event.",
          "default": null
        },
        {
          "name": "template",
          "type": [
            "null",
            "string"
          ],
          "doc": "Template name.",
          "default": null
        },
        {
          "name": "category",
          "type": [
            "null",
            "string"
          ],
          "doc": "Template category.",
          "default": null
        },
        {
          "name": "external_ref",
          "type": [
            "null",
            "string"
          ],
          "doc": "The tenant's own reference.",
          "default": null
        },
        {
          "name": "recipient_token",
          "type": "string",
          "doc": "Keyed hash of the recipient."
        },
        {
          "name": "provider_id",
          "type": [
            "null",
            "string"
          ],
          "doc": "Id the provider answered the send with (wamid; WasenderApi's msgId).",
          "default": null
        },
        {
          "name": "provider_key",
          "type": [
            "null",
            "string"
          ],
          "doc": "WhatsApp's own key where it differs from provider_id (WasenderApi).",
          "default": null
        },
        {
          "name": "content_token",
          "type": [
            "null",
            "string"
          ],
          "doc": "Keyed hash of the text, on sent records of providers whose receipts must be matched by content (WasenderApi).",
          "default": null
        },
        {
          "name": "participant",
          "type": [
            "null",
            "string"
          ],
          "doc": "Token of the group participant the receipt is about.",
          "default": null
        },
        {
          "name": "reason",
          "type": [
            "null",
            {
              "type": "record",
              "name": "Reason",
              "doc": "Why, in words that are stable (code), for the tenant (detail) and for support (provider_code).",
              "fields": [
                {
                  "name": "code",
                  "type": "string",
                  "doc": "Stable reason code, from the registry of reason codes."
                },
                {
                  "name": "fault_class",
                  "type": {
                    "type": "enum",
                    "name": "FaultClass",
                    "doc": "Whose fault it is; recipient faults never page anyone.",
                    "symbols": [
                      "UNKNOWN",
                      "recipient",
                      "content",
                      "policy",
                      "credentials",
                      "provider",
                      "pace",
                      "platform"
                    ],
                    "default": "UNKNOWN"
                  },
                  "doc": "Whose fault it is."
                },
                {
                  "name": "provider_code",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "The provider's own code, verbatim.",
                  "default": null
                },
                {
                  "name": "detail",
                  "type": "string",
                  "doc": "One sentence that the tenant may see; no numbers of people, no secrets.",
                  "default": ""
                }
              ]
            }
          ],
          "doc": "Why; set for failed, expired, cancelled, in_doubt, unconfirmed and for queued again.",
          "default": null
        },
        {
          "name": "pricing",
          "type": [
            "null",
            {
              "type": "record",
              "name": "Pricing",
              "doc": "What the provider says it charges.",
              "fields": [
                {
                  "name": "billable",
                  "type": [
                    "null",
                    "boolean"
                  ],
                  "doc": "Whether it is charged.",
                  "default": null
                },
                {
                  "name": "model",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "Pricing model, for example PMP.",
                  "default": null
                },
                {
                  "name": "type",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "regular, free_customer_service, free_entry_point.",
                  "default": null
                },
                {
                  "name": "category",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "Charged category.",
                  "default": null
                }
              ]
            }
          ],
          "doc": "Set on the receipts that carry it.",
          "default": null
        },
        {
          "name": "next_at",
          "type": [
            "null",
            {
              "type": "long",
              "logicalType": "timestamp-millis"
            }
          ],
          "doc": "queued: not before.",
          "default": null
        },
        {
          "name": "queued_at",
          "type": [
            "null",
            {
              "type": "long",
              "logicalType": "timestamp-millis"
            }
          ],
          "doc": "When it entered the schedule.",
          "default": null
        },
        {
          "name": "claimed_at",
          "type": [
            "null",
            {
              "type": "long",
              "logicalType": "timestamp-millis"
            }
          ],
          "doc": "When the claim was committed.",
          "default": null
        },
        {
          "name": "sent_at",
          "type": [
            "null",
            {
              "type": "long",
              "logicalType": "timestamp-millis"
            }
          ],
          "doc": "When the provider answered.",
          "default": null
        },
        {
          "name": "occurred_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "When it happened, by whoever says so."
        },
        {
          "name": "recorded_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "When wamesh recorded it."
        }
      ]
    }
  },
  "outbound-command": {
    "version": 2,
    "schema": {
      "type": "record",
      "name": "OutboundCommand",
      "namespace": "wamesh.v1",
      "doc": "A person's decision about one message, which may be read before the message. What comes of it is told by MessageStatus records; of a read mark, only its failure, by a SessionEvent.",
      "fields": [
        {
          "name": "command_id",
          "type": "string",
          "doc": "UUID from tenant, message and kind: the same decision always makes the same id. Kind read: from the session too."
        },
        {
          "name": "tenant",
          "type": "string",
          "doc": "Tenant id of who decided; equals the record key. It holds for this tenant's message only."
        },
        {
          "name": "message_id",
          "type": "string",
          "doc": "The message it is about. Kind read: the provider's id of a message that was received."
        },
        {
          "name": "kind",
          "type": {
            "type": "enum",
            "name": "CommandKind",
            "doc": "What is to happen. cancel: end it unless it is claimed. resend: send it once more although its outcome is unknown. accept_unknown: leave its outcome unknown and forget its content. read: tell the person that their message was read.",
            "symbols": [
              "UNKNOWN",
              "cancel",
              "resend",
              "accept_unknown",
              "read"
            ],
            "default": "UNKNOWN"
          },
          "doc": "What is to happen."
        },
        {
          "name": "requested_by",
          "type": [
            "null",
            "string"
          ],
          "doc": "Id of the key that it was asked with.",
          "default": null
        },
        {
          "name": "reason",
          "type": [
            "null",
            "string"
          ],
          "doc": "Why, in the words of who asked.",
          "default": null
        },
        {
          "name": "requested_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "When it was asked for."
        },
        {
          "name": "read_mark",
          "type": [
            "null",
            {
              "type": "record",
              "name": "ReadMark",
              "doc": "A received message as its provider knows it.",
              "fields": [
                {
                  "name": "session",
                  "type": "string",
                  "doc": "Session id of the number that it came to; the record lies in that session's partition."
                },
                {
                  "name": "chat",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "WasenderApi: address of the chat as its callback wrote it; may hold the person's number.",
                  "default": null
                },
                {
                  "name": "typing",
                  "type": "boolean",
                  "doc": "Whether the person is shown that somebody is writing an answer (Cloud API).",
                  "default": false
                }
              ]
            }
          ],
          "doc": "Set for kind read.",
          "default": null
        }
      ]
    }
  },
  "outbound-message": {
    "version": 4,
    "schema": {
      "type": "record",
      "name": "OutboundMessage",
      "namespace": "wamesh.v1",
      "doc": "A message accepted for sending. What happens to it is told by MessageStatus records.",
      "fields": [
        {
          "name": "message_id",
          "type": "string",
          "doc": "UUID; the same request always makes the same id."
        },
        {
          "name": "tenant",
          "type": "string",
          "doc": "Tenant id; equals the record key."
        },
        {
          "name": "lane",
          "type": {
            "type": "enum",
            "name": "Lane",
            "doc": "Priority lane: otp before standard before bulk.",
            "symbols": [
              "UNKNOWN",
              "otp",
              "standard",
              "bulk"
            ],
            "default": "UNKNOWN"
          },
          "doc": "Priority lane; equals the topic."
        },
        {
          "name": "session",
          "type": "string",
          "doc": "Session id: the number it leaves from."
        },
        {
          "name": "account",
          "type": "string",
          "doc": "Account id (a WABA, a WasenderApi account) of the session."
        },
        {
          "name": "provider",
          "type": {
            "type": "enum",
            "name": "Provider",
            "doc": "Which API carries the message.",
            "symbols": [
              "UNKNOWN",
              "cloud_api",
              "wasender"
            ],
            "default": "UNKNOWN"
          },
          "doc": "Provider of the session."
        },
        {
          "name": "recipient",
          "type": {
            "type": "record",
            "name": "Recipient",
            "doc": "Who the message is for. Personal data: only in outbound and inbound topics.",
            "fields": [
              {
                "name": "kind",
                "type": {
                  "type": "enum",
                  "name": "RecipientKind",
                  "doc": "What value holds.",
                  "symbols": [
                    "UNKNOWN",
                    "phone",
                    "bsuid",
                    "group",
                    "channel"
                  ],
                  "default": "UNKNOWN"
                },
                "doc": "What value holds."
              },
              {
                "name": "value",
                "type": "string",
                "doc": "phone: E.164 with +; bsuid, group and channel: the provider's id."
              }
            ]
          },
          "doc": "Who it is for. Personal data."
        },
        {
          "name": "recipient_token",
          "type": "string",
          "doc": "Keyed hash of the recipient, for joins and logs without the number."
        },
        {
          "name": "content",
          "type": {
            "type": "record",
            "name": "Content",
            "doc": "What is said; exactly the field that kind stands for is set.",
            "fields": [
              {
                "name": "kind",
                "type": {
                  "type": "enum",
                  "name": "ContentKind",
                  "doc": "Which field is set.",
                  "symbols": [
                    "UNKNOWN",
                    "text",
                    "template",
                    "image",
                    "video",
                    "audio",
                    "document",
                    "sticker",
                    "location",
                    "contacts",
                    "reaction",
                    "interactive",
                    "poll"
                  ],
                  "default": "UNKNOWN"
                },
                "doc": "Which field is set."
              },
              {
                "name": "text",
                "type": [
                  "null",
                  {
                    "type": "record",
                    "name": "TextContent",
                    "doc": "A free-form text.",
                    "fields": [
                      {
                        "name": "body",
                        "type": "string",
                        "doc": "The text, up to 4,096 characters."
                      },
                      {
                        "name": "preview_url",
                        "type": "boolean",
                        "doc": "Whether the first link is shown as a preview.",
                        "default": false
                      }
                    ]
                  }
                ],
                "doc": "Set for kind text.",
                "default": null
              },
              {
                "name": "template",
                "type": [
                  "null",
                  {
                    "type": "record",
                    "name": "TemplateContent",
                    "doc": "An approved template with its values.",
                    "fields": [
                      {
                        "name": "name",
                        "type": "string",
                        "doc": "Template name."
                      },
                      {
                        "name": "language",
                        "type": "string",
                        "doc": "Language code, for example en_US."
                      },
                      {
                        "name": "components",
                        "type": {
                          "type": "array",
                          "items": {
                            "type": "record",
                            "name": "TemplateComponent",
                            "doc": "Values of one part of the template.",
                            "fields": [
                              {
                                "name": "kind",
                                "type": {
                                  "type": "enum",
                                  "name": "ComponentKind",
                                  "doc": "Which part.",
                                  "symbols": [
                                    "UNKNOWN",
                                    "header",
                                    "body",
                                    "button"
                                  ],
                                  "default": "UNKNOWN"
                                },
                                "doc": "Which part."
                              },
                              {
                                "name": "sub_type",
                                "type": [
                                  "null",
                                  "string"
                                ],
                                "doc": "Buttons: quick_reply, url, copy_code.",
                                "default": null
                              },
                              {
                                "name": "index",
                                "type": [
                                  "null",
                                  "int"
                                ],
                                "doc": "Buttons: position, from 0.",
                                "default": null
                              },
                              {
                                "name": "parameters",
                                "type": {
                                  "type": "array",
                                  "items": {
                                    "type": "record",
                                    "name": "TemplateParameter",
                                    "doc": "One value put into a template.",
                                    "fields": [
                                      {
                                        "name": "kind",
                                        "type": "string",
                                        "doc": "text, payload, currency, date_time, image, video, document, location, coupon_code: the provider's parameter type."
                                      },
                                      {
                                        "name": "name",
                                        "type": [
                                          "null",
                                          "string"
                                        ],
                                        "doc": "Parameter name of a named template; null for positional ones.",
                                        "default": null
                                      },
                                      {
                                        "name": "value",
                                        "type": "string",
                                        "doc": "The text, or a JSON object in text for kinds that are objects."
                                      }
                                    ]
                                  }
                                },
                                "doc": "Values in order."
                              }
                            ]
                          }
                        },
                        "doc": "Values per part; empty for a template without variables."
                      }
                    ]
                  }
                ],
                "doc": "Set for kind template.",
                "default": null
              },
              {
                "name": "media",
                "type": [
                  "null",
                  {
                    "type": "record",
                    "name": "MediaContent",
                    "doc": "A file.",
                    "fields": [
                      {
                        "name": "url",
                        "type": [
                          "null",
                          "string"
                        ],
                        "doc": "https address that the file is fetched from; this or provider_id.",
                        "default": null
                      },
                      {
                        "name": "provider_id",
                        "type": [
                          "null",
                          "string"
                        ],
                        "doc": "The provider's own id of a file it has; this or url.",
                        "default": null
                      },
                      {
                        "name": "caption",
                        "type": [
                          "null",
                          "string"
                        ],
                        "doc": "Text below an image, a video or a document.",
                        "default": null
                      },
                      {
                        "name": "file_name",
                        "type": [
                          "null",
                          "string"
                        ],
                        "doc": "Name that a document is shown under.",
                        "default": null
                      },
                      {
                        "name": "voice",
                        "type": "boolean",
                        "doc": "Whether audio is shown as a voice note.",
                        "default": false
                      },
                      {
                        "name": "view_once",
                        "type": "boolean",
                        "doc": "Whether it can be opened only once.",
                        "default": false
                      },
                      {
                        "name": "upload",
                        "type": "boolean",
                        "doc": "Whether the file at url is fetched here once and uploaded to the provider, which else fetches it itself for each message.",
                        "default": false
                      }
                    ]
                  }
                ],
                "doc": "Set for kinds image, video, audio, document and sticker.",
                "default": null
              },
              {
                "name": "location",
                "type": [
                  "null",
                  {
                    "type": "record",
                    "name": "LocationContent",
                    "doc": "A place.",
                    "fields": [
                      {
                        "name": "latitude",
                        "type": "double",
                        "doc": "Degrees, north is positive."
                      },
                      {
                        "name": "longitude",
                        "type": "double",
                        "doc": "Degrees, east is positive."
                      },
                      {
                        "name": "name",
                        "type": [
                          "null",
                          "string"
                        ],
                        "doc": "Name of the place.",
                        "default": null
                      },
                      {
                        "name": "address",
                        "type": [
                          "null",
                          "string"
                        ],
                        "doc": "Its address.",
                        "default": null
                      }
                    ]
                  }
                ],
                "doc": "Set for kind location.",
                "default": null
              },
              {
                "name": "contacts",
                "type": [
                  "null",
                  {
                    "type": "record",
                    "name": "ContactsContent",
                    "doc": "Contact cards.",
                    "fields": [
                      {
                        "name": "cards",
                        "type": {
                          "type": "array",
                          "items": {
                            "type": "record",
                            "name": "ContactCard",
                            "doc": "One person or company.",
                            "fields": [
                              {
                                "name": "name",
                                "type": "string",
                                "doc": "Name as it is shown."
                              },
                              {
                                "name": "first_name",
                                "type": [
                                  "null",
                                  "string"
                                ],
                                "doc": "First name.",
                                "default": null
                              },
                              {
                                "name": "last_name",
                                "type": [
                                  "null",
                                  "string"
                                ],
                                "doc": "Last name.",
                                "default": null
                              },
                              {
                                "name": "company",
                                "type": [
                                  "null",
                                  "string"
                                ],
                                "doc": "Company.",
                                "default": null
                              },
                              {
                                "name": "phones",
                                "type": {
                                  "type": "array",
                                  "items": "string"
                                },
                                "doc": "Phone numbers."
                              },
                              {
                                "name": "emails",
                                "type": {
                                  "type": "array",
                                  "items": "string"
                                },
                                "doc": "E-mail addresses."
                              },
                              {
                                "name": "urls",
                                "type": {
                                  "type": "array",
                                  "items": "string"
                                },
                                "doc": "Web addresses."
                              }
                            ]
                          }
                        },
                        "doc": "The cards."
                      }
                    ]
                  }
                ],
                "doc": "Set for kind contacts.",
                "default": null
              },
              {
                "name": "reaction",
                "type": [
                  "null",
                  {
                    "type": "record",
                    "name": "ReactionContent",
                    "doc": "An emoji on another message.",
                    "fields": [
                      {
                        "name": "message_id",
                        "type": "string",
                        "doc": "The provider's id of that message."
                      },
                      {
                        "name": "emoji",
                        "type": "string",
                        "doc": "The emoji; empty takes it away."
                      }
                    ]
                  }
                ],
                "doc": "Set for kind reaction.",
                "default": null
              },
              {
                "name": "interactive",
                "type": [
                  "null",
                  {
                    "type": "record",
                    "name": "InteractiveContent",
                    "doc": "Buttons, a list, a link, a flow.",
                    "fields": [
                      {
                        "name": "kind",
                        "type": "string",
                        "doc": "The provider's kind: button, list, cta_url …"
                      },
                      {
                        "name": "json",
                        "type": "string",
                        "doc": "The provider's object, as JSON."
                      }
                    ]
                  }
                ],
                "doc": "Set for kind interactive.",
                "default": null
              },
              {
                "name": "poll",
                "type": [
                  "null",
                  {
                    "type": "record",
                    "name": "PollContent",
                    "doc": "A question with choices.",
                    "fields": [
                      {
                        "name": "question",
                        "type": "string",
                        "doc": "The question."
                      },
                      {
                        "name": "options",
                        "type": {
                          "type": "array",
                          "items": "string"
                        },
                        "doc": "Two to twelve choices."
                      },
                      {
                        "name": "multi_select",
                        "type": "boolean",
                        "doc": "Whether several may be chosen.",
                        "default": false
                      }
                    ]
                  }
                ],
                "doc": "Set for kind poll.",
                "default": null
              }
            ]
          },
          "doc": "What is said. Content: may hold personal data."
        },
        {
          "name": "fallback",
          "type": [
            "null",
            "TemplateContent"
          ],
          "doc": "Template that leaves instead when the person's 24-hour window is closed; null: the message is then refused.",
          "default": null
        },
        {
          "name": "category",
          "type": [
            "null",
            "string"
          ],
          "doc": "Template category: marketing, utility, authentication; null for free-form.",
          "default": null
        },
        {
          "name": "reply_to",
          "type": [
            "null",
            "string"
          ],
          "doc": "Provider id of the message this one answers.",
          "default": null
        },
        {
          "name": "campaign",
          "type": [
            "null",
            "string"
          ],
          "doc": "Campaign id; also the stream that pause and cancel act on.",
          "default": null
        },
        {
          "name": "campaign_run",
          "type": [
            "null",
            "string"
          ],
          "doc": "Which run of the campaign.",
          "default": null
        },
        {
          "name": "rule",
          "type": [
            "null",
            "string"
          ],
          "doc": "Id of the rule that made it.",
          "default": null
        },
        {
          "name": "rule_version",
          "type": [
            "null",
            "int"
          ],
          "doc": "Version of that rule.",
          "default": null
        },
        {
          "name": "rule_step",
          "type": [
            "null",
            "int"
          ],
          "doc": "Step of that rule, from 0.",
          "default": null
        },
        {
          "name": "source_event_id",
          "type": [
            "null",
            "string"
          ],
          "doc": "event_id of the domain event that caused it.",
          "default": null
        },
        {
          "name": "source_event_source",
          "type": [
            "null",
            "string"
          ],
          "doc": "source of the domain event that caused it.",
          "default": null
        },
        {
          "name": "external_ref",
          "type": [
            "null",
            "string"
          ],
          "doc": "The tenant's own reference, echoed in statuses and webhooks.",
          "default": null
        },
        {
          "name": "retry_of",
          "type": [
            "null",
            "string"
          ],
          "doc": "message_id of the message this one repeats (retry failed, redrive).",
          "default": null
        },
        {
          "name": "doubt_policy",
          "type": {
            "type": "enum",
            "name": "DoubtPolicy",
            "doc": "What to do when the outcome stays unknown.",
            "symbols": [
              "UNKNOWN",
              "fail_unknown",
              "resend"
            ],
            "default": "UNKNOWN"
          },
          "doc": "UNKNOWN: the tenant's setting for the lane."
        },
        {
          "name": "fingerprint",
          "type": "string",
          "doc": "SHA-256 of what was asked for; another fingerprint under a known id is refused."
        },
        {
          "name": "send_at",
          "type": [
            "null",
            {
              "type": "long",
              "logicalType": "timestamp-millis"
            }
          ],
          "doc": "Not before; null: at once.",
          "default": null
        },
        {
          "name": "not_after",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "Not later: after this it expires."
        },
        {
          "name": "accepted_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "When wamesh accepted it."
        }
      ]
    }
  },
  "provider-callback": {
    "version": 1,
    "schema": {
      "type": "record",
      "name": "ProviderCallback",
      "namespace": "wamesh.v1",
      "doc": "One verified, redacted item of a provider's callback, not yet understood.",
      "fields": [
        {
          "name": "callback_id",
          "type": "string",
          "doc": "Deduplication key: same item, same id."
        },
        {
          "name": "tenant",
          "type": [
            "null",
            "string"
          ],
          "doc": "Owner; null while unknown (unrouted).",
          "default": null
        },
        {
          "name": "session",
          "type": [
            "null",
            "string"
          ],
          "doc": "Session id, where the callback names the number.",
          "default": null
        },
        {
          "name": "account",
          "type": [
            "null",
            "string"
          ],
          "doc": "Account id or the provider's account reference.",
          "default": null
        },
        {
          "name": "provider",
          "type": {
            "type": "enum",
            "name": "Provider",
            "doc": "Which API carries the message.",
            "symbols": [
              "UNKNOWN",
              "cloud_api",
              "wasender"
            ],
            "default": "UNKNOWN"
          },
          "doc": "Provider."
        },
        {
          "name": "kind",
          "type": "string",
          "doc": "status, message, session, other or unreadable."
        },
        {
          "name": "provider_ref",
          "type": [
            "null",
            "string"
          ],
          "doc": "The provider's reference of the number, verbatim, to find an owner later.",
          "default": null
        },
        {
          "name": "body",
          "type": "string",
          "doc": "The item as JSON with the context it needs. Content: may hold personal data."
        },
        {
          "name": "received_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "When the receiver took it in."
        }
      ]
    }
  },
  "session-event": {
    "version": 2,
    "schema": {
      "type": "record",
      "name": "SessionEvent",
      "namespace": "wamesh.v1",
      "doc": "Something observed about a session, with its evidence.",
      "fields": [
        {
          "name": "event_id",
          "type": "string",
          "doc": "Hash of what was observed."
        },
        {
          "name": "tenant",
          "type": "string",
          "doc": "Tenant id; equals the record key."
        },
        {
          "name": "session",
          "type": "string",
          "doc": "Session id; empty when it is about the account as a whole."
        },
        {
          "name": "account",
          "type": "string",
          "doc": "Account id."
        },
        {
          "name": "kind",
          "type": {
            "type": "enum",
            "name": "SessionEventKind",
            "doc": "What was observed.",
            "symbols": [
              "UNKNOWN",
              "status",
              "throttled",
              "paused",
              "send_failed",
              "quality",
              "limit",
              "template",
              "account",
              "other"
            ],
            "default": "UNKNOWN"
          },
          "doc": "What was observed."
        },
        {
          "name": "status",
          "type": [
            "null",
            {
              "type": "enum",
              "name": "SessionStatus",
              "doc": "State of the session's life cycle.",
              "symbols": [
                "UNKNOWN",
                "created",
                "connecting",
                "need_scan",
                "pin_required",
                "name_pending",
                "connected",
                "disconnected",
                "logged_out",
                "expired",
                "suspended",
                "auth_failed",
                "deleted"
              ],
              "default": "UNKNOWN"
            }
          ],
          "doc": "kind status: the state observed.",
          "default": null
        },
        {
          "name": "value",
          "type": [
            "null",
            "string"
          ],
          "doc": "kind quality: green, yellow, red or unknown. kind limit: the provider's word for how many people may be written to, for example TIER_2K. kind template: what changed. kinds account and other: what happened, in the provider's word.",
          "default": null
        },
        {
          "name": "template",
          "type": [
            "null",
            {
              "type": "record",
              "name": "TemplateChange",
              "doc": "What the provider says became of a template.",
              "fields": [
                {
                  "name": "name",
                  "type": "string",
                  "doc": "Template name."
                },
                {
                  "name": "language",
                  "type": "string",
                  "doc": "Language code, for example en_US."
                },
                {
                  "name": "provider_id",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "The provider's id of the template.",
                  "default": null
                },
                {
                  "name": "event",
                  "type": "string",
                  "doc": "status, quality, category or components: what changed."
                },
                {
                  "name": "status",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "event status: the provider's word, lower case: approved, rejected, paused, disabled, flagged, reinstated, pending_deletion, deleted ...",
                  "default": null
                },
                {
                  "name": "quality",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "event quality: green, yellow, red or unknown.",
                  "default": null
                },
                {
                  "name": "category",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "event category: the category from now on: marketing, utility, authentication.",
                  "default": null
                },
                {
                  "name": "reason",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "Why, in the provider's word, where it says so.",
                  "default": null
                }
              ]
            }
          ],
          "doc": "kind template: which one, and what became of it.",
          "default": null
        },
        {
          "name": "evidence",
          "type": {
            "type": "enum",
            "name": "Evidence",
            "doc": "How we know.",
            "symbols": [
              "UNKNOWN",
              "callback",
              "probe",
              "send",
              "operator"
            ],
            "default": "UNKNOWN"
          },
          "doc": "How we know."
        },
        {
          "name": "reason",
          "type": [
            "null",
            {
              "type": "record",
              "name": "Reason",
              "doc": "Why, in words that are stable (code), for the tenant (detail) and for support (provider_code).",
              "fields": [
                {
                  "name": "code",
                  "type": "string",
                  "doc": "Stable reason code, from the registry of reason codes."
                },
                {
                  "name": "fault_class",
                  "type": {
                    "type": "enum",
                    "name": "FaultClass",
                    "doc": "Whose fault it is; recipient faults never page anyone.",
                    "symbols": [
                      "UNKNOWN",
                      "recipient",
                      "content",
                      "policy",
                      "credentials",
                      "provider",
                      "pace",
                      "platform"
                    ],
                    "default": "UNKNOWN"
                  },
                  "doc": "Whose fault it is."
                },
                {
                  "name": "provider_code",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "The provider's own code, verbatim.",
                  "default": null
                },
                {
                  "name": "detail",
                  "type": "string",
                  "doc": "One sentence that the tenant may see; no numbers of people, no secrets.",
                  "default": ""
                }
              ]
            }
          ],
          "doc": "Why, where known.",
          "default": null
        },
        {
          "name": "detail",
          "type": "string",
          "doc": "More, as text or JSON; no secrets.",
          "default": ""
        },
        {
          "name": "occurred_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "When it happened."
        },
        {
          "name": "recorded_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "When wamesh recorded it."
        }
      ]
    }
  },
  "session-state": {
    "version": 2,
    "schema": {
      "type": "record",
      "name": "SessionState",
      "namespace": "wamesh.v1",
      "doc": "A session as it is now; compacted, one record per session. Apply only if version is higher.",
      "fields": [
        {
          "name": "tenant",
          "type": "string",
          "doc": "Tenant that owns it."
        },
        {
          "name": "session",
          "type": "string",
          "doc": "Session id."
        },
        {
          "name": "version",
          "type": "long",
          "doc": "Grows with every change of the session."
        },
        {
          "name": "status",
          "type": {
            "type": "enum",
            "name": "SessionStatus",
            "doc": "State of the session's life cycle.",
            "symbols": [
              "UNKNOWN",
              "created",
              "connecting",
              "need_scan",
              "pin_required",
              "name_pending",
              "connected",
              "disconnected",
              "logged_out",
              "expired",
              "suspended",
              "auth_failed",
              "deleted"
            ],
            "default": "UNKNOWN"
          },
          "doc": "State; deleted is kept as a record."
        },
        {
          "name": "provider",
          "type": {
            "type": "enum",
            "name": "Provider",
            "doc": "Which API carries the message.",
            "symbols": [
              "UNKNOWN",
              "cloud_api",
              "wasender"
            ],
            "default": "UNKNOWN"
          },
          "doc": "Provider."
        },
        {
          "name": "account",
          "type": "string",
          "doc": "Account id."
        },
        {
          "name": "account_ref",
          "type": "string",
          "doc": "Provider's reference of the account (WABA id)."
        },
        {
          "name": "provider_ref",
          "type": "string",
          "doc": "Provider's reference of the number (phone number id, WasenderApi session id)."
        },
        {
          "name": "name",
          "type": "string",
          "doc": "Name given by the tenant."
        },
        {
          "name": "phone",
          "type": [
            "null",
            "string"
          ],
          "doc": "Display number, digits with +.",
          "default": null
        },
        {
          "name": "pools",
          "type": {
            "type": "array",
            "items": "string"
          },
          "doc": "Pools it is a member of; messages without a session are spread over a pool."
        },
        {
          "name": "rate_per_s",
          "type": "double",
          "doc": "Configured pace in messages per second."
        },
        {
          "name": "otp_only",
          "type": "boolean",
          "doc": "Reserved for one-time passwords: nothing else leaves through it, and the tenant's pool sends them nowhere else.",
          "default": false
        },
        {
          "name": "callback_token_hash",
          "type": [
            "null",
            "string"
          ],
          "doc": "WasenderApi: SHA-256 of the opaque callback path token.",
          "default": null
        },
        {
          "name": "callback_secret_hash",
          "type": [
            "null",
            "string"
          ],
          "doc": "WasenderApi: HMAC of the callback secret.",
          "default": null
        },
        {
          "name": "credentials",
          "type": [
            "null",
            {
              "type": "record",
              "name": "SealedCredentials",
              "doc": "Credentials under a data key of their own, which a ring key wraps; only holders of the key ring can open them.",
              "fields": [
                {
                  "name": "key_ring_id",
                  "type": "string",
                  "doc": "Which ring key wraps the data key."
                },
                {
                  "name": "wrapped_key",
                  "type": "bytes",
                  "doc": "The wrapped data key."
                },
                {
                  "name": "nonce",
                  "type": "bytes",
                  "doc": "AES-GCM nonce."
                },
                {
                  "name": "ciphertext",
                  "type": "bytes",
                  "doc": "AES-256-GCM ciphertext with tag."
                },
                {
                  "name": "version",
                  "type": "int",
                  "doc": "Version of the credentials, part of the authenticated data."
                }
              ]
            }
          ],
          "doc": "Null once deleted.",
          "default": null
        },
        {
          "name": "changed_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "When it changed."
        }
      ]
    }
  },
  "tenant-config": {
    "version": 3,
    "schema": {
      "type": "record",
      "name": "TenantConfig",
      "namespace": "wamesh.v1",
      "doc": "Configuration of a tenant; compacted, one record per tenant, API key or template. Apply only if version is higher.",
      "fields": [
        {
          "name": "tenant",
          "type": "string",
          "doc": "Tenant id."
        },
        {
          "name": "kind",
          "type": {
            "type": "enum",
            "name": "ConfigKind",
            "doc": "What the record is about.",
            "symbols": [
              "UNKNOWN",
              "tenant",
              "key",
              "template",
              "marker"
            ],
            "default": "UNKNOWN"
          },
          "doc": "What the record is about; marker: nothing, lets readers see that they reached the end."
        },
        {
          "name": "id",
          "type": "string",
          "doc": "Id within the kind: tenant id, key id, account|name|language."
        },
        {
          "name": "version",
          "type": "long",
          "doc": "Grows with every change of the entity."
        },
        {
          "name": "state",
          "type": {
            "type": "enum",
            "name": "ConfigState",
            "doc": "Whether it holds.",
            "symbols": [
              "UNKNOWN",
              "active",
              "suspended",
              "revoked",
              "deleted",
              "approved",
              "pending",
              "rejected",
              "paused",
              "disabled"
            ],
            "default": "UNKNOWN"
          },
          "doc": "Whether it holds; deleted is kept as a record."
        },
        {
          "name": "tenant_record",
          "type": [
            "null",
            {
              "type": "record",
              "name": "TenantRecord",
              "doc": "kind tenant.",
              "fields": [
                {
                  "name": "name",
                  "type": "string",
                  "doc": "Name."
                },
                {
                  "name": "parent",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "Agency it belongs to.",
                  "default": null
                },
                {
                  "name": "is_agency",
                  "type": "boolean",
                  "doc": "Whether it may have children."
                },
                {
                  "name": "is_operator",
                  "type": "boolean",
                  "doc": "The operator's own tenant: its keys may act for every tenant."
                },
                {
                  "name": "large",
                  "type": "boolean",
                  "doc": "Whether its accounts are spread over partitions."
                },
                {
                  "name": "plan",
                  "type": {
                    "type": "record",
                    "name": "Plan",
                    "doc": "What the tenant may do; resolved, so readers need no second look-up.",
                    "fields": [
                      {
                        "name": "plan",
                        "type": "string",
                        "doc": "Plan id."
                      },
                      {
                        "name": "weight",
                        "type": "int",
                        "doc": "Share against other tenants when they wait."
                      },
                      {
                        "name": "per_minute",
                        "type": [
                          "null",
                          "int"
                        ],
                        "doc": "Messages per minute over all sessions; null: no cap.",
                        "default": null
                      },
                      {
                        "name": "per_day",
                        "type": [
                          "null",
                          "int"
                        ],
                        "doc": "Messages per day over all sessions; null: no cap.",
                        "default": null
                      },
                      {
                        "name": "max_queued",
                        "type": "int",
                        "doc": "How many may wait."
                      },
                      {
                        "name": "bulk",
                        "type": "boolean",
                        "doc": "Whether bulk is allowed."
                      },
                      {
                        "name": "requests_per_s",
                        "type": [
                          "null",
                          "int"
                        ],
                        "doc": "Requests per second that each of its keys may make at ingest; null: the mesh's default.",
                        "default": null
                      },
                      {
                        "name": "otp_per_recipient",
                        "type": [
                          "null",
                          "int"
                        ],
                        "doc": "One-time passwords to one recipient in ten minutes; null: the mesh's default.",
                        "default": null
                      },
                      {
                        "name": "otp_per_prefix",
                        "type": [
                          "null",
                          "int"
                        ],
                        "doc": "One-time passwords to numbers that begin with the same seven digits, in ten minutes; null: the mesh's default.",
                        "default": null
                      }
                    ]
                  },
                  "doc": "Resolved plan."
                },
                {
                  "name": "settings",
                  "type": {
                    "type": "record",
                    "name": "TenantSettings",
                    "doc": "What the tenant decided.",
                    "fields": [
                      {
                        "name": "doubt_otp",
                        "type": "string",
                        "doc": "fail_unknown or resend."
                      },
                      {
                        "name": "doubt_standard",
                        "type": "string",
                        "doc": "fail_unknown or resend."
                      },
                      {
                        "name": "doubt_bulk",
                        "type": "string",
                        "doc": "fail_unknown or resend."
                      },
                      {
                        "name": "time_zone",
                        "type": "string",
                        "doc": "IANA zone for days and quiet hours."
                      },
                      {
                        "name": "quiet_start",
                        "type": [
                          "null",
                          "string"
                        ],
                        "doc": "Local time HH:MM from which bulk rests; null: none.",
                        "default": null
                      },
                      {
                        "name": "quiet_end",
                        "type": [
                          "null",
                          "string"
                        ],
                        "doc": "Local time HH:MM until which bulk rests.",
                        "default": null
                      },
                      {
                        "name": "retention_days",
                        "type": "int",
                        "doc": "How long the read model keeps messages."
                      }
                    ]
                  },
                  "doc": "Settings."
                },
                {
                  "name": "brand",
                  "type": [
                    "null",
                    {
                      "type": "record",
                      "name": "TenantBrand",
                      "doc": "How the console looks for who belongs to it.",
                      "fields": [
                        {
                          "name": "name",
                          "type": [
                            "null",
                            "string"
                          ],
                          "doc": "Name above the navigation; null: the tenant's.",
                          "default": null
                        },
                        {
                          "name": "logo_url",
                          "type": [
                            "null",
                            "string"
                          ],
                          "doc": "Address of its logo, https; null: none.",
                          "default": null
                        },
                        {
                          "name": "colour",
                          "type": [
                            "null",
                            "string"
                          ],
                          "doc": "Colour of links and buttons, #rrggbb; null: the console's own.",
                          "default": null
                        }
                      ]
                    }
                  ],
                  "doc": "Null: its agency's, else the mesh's own.",
                  "default": null
                }
              ]
            }
          ],
          "doc": "Set for kind tenant.",
          "default": null
        },
        {
          "name": "key_record",
          "type": [
            "null",
            {
              "type": "record",
              "name": "KeyRecord",
              "doc": "kind key.",
              "fields": [
                {
                  "name": "secret_hashes",
                  "type": {
                    "type": "array",
                    "items": "string"
                  },
                  "doc": "HMAC-SHA256 of the secret, one per pepper: <pepper id>:<hex>."
                },
                {
                  "name": "scopes",
                  "type": {
                    "type": "array",
                    "items": "string"
                  },
                  "doc": "What it may do."
                },
                {
                  "name": "label",
                  "type": "string",
                  "doc": "Name given by its owner."
                },
                {
                  "name": "expires_at",
                  "type": [
                    "null",
                    {
                      "type": "long",
                      "logicalType": "timestamp-millis"
                    }
                  ],
                  "doc": "Not valid from then on.",
                  "default": null
                }
              ]
            }
          ],
          "doc": "Set for kind key.",
          "default": null
        },
        {
          "name": "template_record",
          "type": [
            "null",
            {
              "type": "record",
              "name": "TemplateRecord",
              "doc": "kind template.",
              "fields": [
                {
                  "name": "account",
                  "type": "string",
                  "doc": "Account id it belongs to."
                },
                {
                  "name": "name",
                  "type": "string",
                  "doc": "Name."
                },
                {
                  "name": "language",
                  "type": "string",
                  "doc": "Language."
                },
                {
                  "name": "category",
                  "type": "string",
                  "doc": "marketing, utility, authentication."
                },
                {
                  "name": "body_parameters",
                  "type": "int",
                  "doc": "How many values the body takes."
                },
                {
                  "name": "named",
                  "type": "boolean",
                  "doc": "Whether values are given by name instead of in order.",
                  "default": false
                },
                {
                  "name": "parts",
                  "type": {
                    "type": "array",
                    "items": {
                      "type": "record",
                      "name": "TemplatePart",
                      "doc": "A part that takes values, or that has to be supplied with each message.",
                      "fields": [
                        {
                          "name": "kind",
                          "type": "string",
                          "doc": "header, body or button."
                        },
                        {
                          "name": "format",
                          "type": [
                            "null",
                            "string"
                          ],
                          "doc": "header: text, image, video, document or location.",
                          "default": null
                        },
                        {
                          "name": "sub_type",
                          "type": [
                            "null",
                            "string"
                          ],
                          "doc": "button: url, quick_reply, copy_code, flow, catalog ...",
                          "default": null
                        },
                        {
                          "name": "index",
                          "type": [
                            "null",
                            "int"
                          ],
                          "doc": "button: position, from 0.",
                          "default": null
                        },
                        {
                          "name": "parameters",
                          "type": {
                            "type": "array",
                            "items": "string"
                          },
                          "doc": "Names of its values, or 1, 2 ... where they are given in order."
                        }
                      ]
                    }
                  },
                  "doc": "Parts that take values, as far as whole says.",
                  "default": []
                },
                {
                  "name": "whole",
                  "type": "boolean",
                  "doc": "Whether parts are known; false: only body_parameters is.",
                  "default": false
                },
                {
                  "name": "quality",
                  "type": [
                    "null",
                    "string"
                  ],
                  "doc": "green, yellow, red or unknown, as the provider judges it.",
                  "default": null
                }
              ]
            }
          ],
          "doc": "Set for kind template.",
          "default": null
        },
        {
          "name": "changed_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "When it changed."
        }
      ]
    }
  },
  "usage": {
    "version": 1,
    "schema": {
      "type": "record",
      "name": "Usage",
      "namespace": "wamesh.v1",
      "doc": "What one session of a tenant was used for on one day (UTC), in one category. A level, not an increment: of a usage_id the record with the latest counted_at holds, the others are forgotten.",
      "fields": [
        {
          "name": "usage_id",
          "type": "string",
          "doc": "Hash of tenant, kind, day, session, category and provider: what it counts."
        },
        {
          "name": "tenant",
          "type": "string",
          "doc": "Tenant id; equals the record key."
        },
        {
          "name": "kind",
          "type": {
            "type": "enum",
            "name": "UsageKind",
            "doc": "What is counted.",
            "symbols": [
              "UNKNOWN",
              "messages",
              "session_day"
            ],
            "default": "UNKNOWN"
          },
          "doc": "messages: messages of one category; session_day: the session was there on that day, with nothing else counted."
        },
        {
          "name": "day",
          "type": "string",
          "doc": "YYYY-MM-DD in UTC, by the time at which messages left."
        },
        {
          "name": "session",
          "type": "string",
          "doc": "Session id."
        },
        {
          "name": "provider",
          "type": {
            "type": "enum",
            "name": "Provider",
            "doc": "Which API carries the message.",
            "symbols": [
              "UNKNOWN",
              "cloud_api",
              "wasender"
            ],
            "default": "UNKNOWN"
          },
          "doc": "Provider of the session."
        },
        {
          "name": "category",
          "type": [
            "null",
            "string"
          ],
          "doc": "Category that was charged, where the provider said so, else the template's; null: none.",
          "default": null
        },
        {
          "name": "messages",
          "type": "long",
          "doc": "Messages handed to the provider."
        },
        {
          "name": "delivered",
          "type": "long",
          "doc": "Messages delivered on that day."
        },
        {
          "name": "billable",
          "type": "long",
          "doc": "Messages that the provider said it charges."
        },
        {
          "name": "counted_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "When it was counted; later in each record of the same usage_id."
        }
      ]
    }
  },
  "webhook-delivery": {
    "version": 1,
    "schema": {
      "type": "record",
      "name": "WebhookDelivery",
      "namespace": "wamesh.v1",
      "doc": "One attempt to deliver an event to a tenant's endpoint.",
      "fields": [
        {
          "name": "event_id",
          "type": "string",
          "doc": "Hash of (webhook, attempt)."
        },
        {
          "name": "tenant",
          "type": "string",
          "doc": "Tenant id; equals the record key."
        },
        {
          "name": "webhook_id",
          "type": "string",
          "doc": "Stable over retries; the receiver deduplicates by it."
        },
        {
          "name": "endpoint",
          "type": "string",
          "doc": "Endpoint id."
        },
        {
          "name": "event_type",
          "type": "string",
          "doc": "For example message.delivered."
        },
        {
          "name": "message_id",
          "type": [
            "null",
            "string"
          ],
          "doc": "Message it is about.",
          "default": null
        },
        {
          "name": "attempt",
          "type": "int",
          "doc": "From 1."
        },
        {
          "name": "outcome",
          "type": {
            "type": "enum",
            "name": "DeliveryOutcome",
            "doc": "How the attempt ended.",
            "symbols": [
              "UNKNOWN",
              "delivered",
              "retry",
              "given_up",
              "disabled"
            ],
            "default": "UNKNOWN"
          },
          "doc": "How the attempt ended."
        },
        {
          "name": "http_status",
          "type": [
            "null",
            "int"
          ],
          "doc": "Answer's status.",
          "default": null
        },
        {
          "name": "error",
          "type": [
            "null",
            "string"
          ],
          "doc": "What went wrong, where there was no answer.",
          "default": null
        },
        {
          "name": "duration_ms",
          "type": "int",
          "doc": "How long the attempt took."
        },
        {
          "name": "next_at",
          "type": [
            "null",
            {
              "type": "long",
              "logicalType": "timestamp-millis"
            }
          ],
          "doc": "When it will be tried again.",
          "default": null
        },
        {
          "name": "occurred_at",
          "type": {
            "type": "long",
            "logicalType": "timestamp-millis"
          },
          "doc": "When the attempt ended."
        }
      ]
    }
  }
} as const;

/** schemas/topics.json, typed. */
export const topicCatalogue = [
  {
    "name": "wa.domain.event.v1",
    "record": "domain-event",
    "key": "tenant",
    "partitions": {
      "production": 64,
      "local": 8
    },
    "policy": "delete",
    "retention_days": 14,
    "producers": [
      "core-application",
      "ingest"
    ],
    "consumers": [
      "ingest",
      "status-projector"
    ]
  },
  {
    "name": "wa.event.outcome.v1",
    "record": "event-outcome",
    "key": "tenant",
    "partitions": {
      "production": 64,
      "local": 8
    },
    "policy": "delete",
    "retention_days": 14,
    "producers": [
      "ingest"
    ],
    "consumers": [
      "status-projector",
      "data-team"
    ]
  },
  {
    "name": "wa.outbound.otp.v1",
    "record": "outbound-message",
    "key": "tenant",
    "partitions": {
      "production": 64,
      "local": 8
    },
    "policy": "delete",
    "retention_days": 14,
    "producers": [
      "ingest"
    ],
    "consumers": [
      "dispatcher",
      "status-projector"
    ]
  },
  {
    "name": "wa.outbound.standard.v1",
    "record": "outbound-message",
    "key": "tenant",
    "partitions": {
      "production": 64,
      "local": 8
    },
    "policy": "delete",
    "retention_days": 14,
    "producers": [
      "ingest"
    ],
    "consumers": [
      "dispatcher",
      "status-projector"
    ]
  },
  {
    "name": "wa.outbound.bulk.v1",
    "record": "outbound-message",
    "key": "tenant",
    "partitions": {
      "production": 64,
      "local": 8
    },
    "policy": "delete",
    "retention_days": 14,
    "producers": [
      "ingest"
    ],
    "consumers": [
      "dispatcher",
      "status-projector"
    ]
  },
  {
    "name": "wa.campaign.state.v1",
    "record": "campaign-state",
    "key": "tenant|campaign|id",
    "partitions": {
      "production": 64,
      "local": 8
    },
    "policy": "compact",
    "producers": [
      "ingest"
    ],
    "consumers": [
      "dispatcher",
      "status-projector"
    ]
  },
  {
    "name": "wa.contact.consent.v1",
    "record": "contact-consent",
    "key": "tenant|consent|recipient token|scope",
    "partitions": {
      "production": 64,
      "local": 8
    },
    "policy": "compact",
    "producers": [
      "ingest"
    ],
    "consumers": [
      "dispatcher",
      "ingest",
      "status-projector"
    ]
  },
  {
    "name": "wa.outbound.command.v1",
    "record": "outbound-command",
    "key": "tenant",
    "partitions": {
      "production": 64,
      "local": 8
    },
    "policy": "delete",
    "retention_days": 14,
    "producers": [
      "ingest"
    ],
    "consumers": [
      "dispatcher"
    ]
  },
  {
    "name": "wa.message.status.v1",
    "record": "message-status",
    "key": "tenant",
    "partitions": {
      "production": 64,
      "local": 8
    },
    "policy": "delete",
    "retention_days": 14,
    "producers": [
      "dispatcher",
      "webhook-router"
    ],
    "consumers": [
      "status-projector",
      "webhook-router",
      "dispatcher",
      "ingest",
      "data-team"
    ]
  },
  {
    "name": "wa.message.inbound.v1",
    "record": "inbound-message",
    "key": "tenant",
    "partitions": {
      "production": 64,
      "local": 8
    },
    "policy": "delete",
    "retention_days": 14,
    "producers": [
      "webhook-router"
    ],
    "consumers": [
      "status-projector",
      "webhook-router",
      "dispatcher",
      "ingest",
      "core-application",
      "data-team"
    ]
  },
  {
    "name": "wa.provider.callback.v1",
    "record": "provider-callback",
    "key": "tenant",
    "partitions": {
      "production": 64,
      "local": 8
    },
    "policy": "delete",
    "retention_days": 3,
    "producers": [
      "webhook-router"
    ],
    "consumers": [
      "webhook-router"
    ]
  },
  {
    "name": "wa.provider.unrouted.v1",
    "record": "provider-callback",
    "key": "provider_ref",
    "partitions": {
      "production": 64,
      "local": 8
    },
    "policy": "delete",
    "retention_days": 30,
    "producers": [
      "webhook-router"
    ],
    "consumers": [
      "webhook-router"
    ]
  },
  {
    "name": "wa.session.event.v1",
    "record": "session-event",
    "key": "tenant",
    "partitions": {
      "production": 64,
      "local": 8
    },
    "policy": "delete",
    "retention_days": 14,
    "producers": [
      "session-manager",
      "dispatcher",
      "webhook-router"
    ],
    "consumers": [
      "session-manager",
      "dispatcher",
      "status-projector",
      "webhook-router"
    ]
  },
  {
    "name": "wa.session.state.v1",
    "record": "session-state",
    "key": "tenant|session|session",
    "partitions": {
      "production": 64,
      "local": 8
    },
    "policy": "compact",
    "producers": [
      "session-manager"
    ],
    "consumers": [
      "dispatcher",
      "ingest",
      "webhook-router",
      "status-projector"
    ]
  },
  {
    "name": "wa.tenant.config.v1",
    "record": "tenant-config",
    "key": "tenant|kind|id",
    "partitions": {
      "production": 64,
      "local": 8
    },
    "policy": "compact",
    "producers": [
      "session-manager"
    ],
    "consumers": [
      "ingest",
      "dispatcher",
      "session-manager",
      "webhook-router",
      "status-projector"
    ]
  },
  {
    "name": "wa.dispatch.state.v1",
    "record": "dispatch-state",
    "key": "tenant|dispatch|shard",
    "partitions": {
      "production": 64,
      "local": 8
    },
    "policy": "compact",
    "producers": [
      "dispatcher"
    ],
    "consumers": [
      "ingest",
      "status-projector"
    ]
  },
  {
    "name": "wa.webhook.delivery.v1",
    "record": "webhook-delivery",
    "key": "tenant",
    "partitions": {
      "production": 64,
      "local": 8
    },
    "policy": "delete",
    "retention_days": 14,
    "producers": [
      "webhook-router"
    ],
    "consumers": [
      "status-projector",
      "data-team"
    ]
  },
  {
    "name": "wa.usage.v1",
    "record": "usage",
    "key": "tenant",
    "partitions": {
      "production": 64,
      "local": 8
    },
    "policy": "delete",
    "retention_days": 90,
    "producers": [
      "status-projector"
    ],
    "consumers": [
      "billing"
    ]
  },
  {
    "name": "wa.audit.v1",
    "record": "audit-entry",
    "key": "tenant",
    "partitions": {
      "production": 64,
      "local": 8
    },
    "policy": "delete",
    "retention_days": 90,
    "producers": [
      "ingest",
      "session-manager",
      "webhook-router",
      "status-projector"
    ],
    "consumers": [
      "status-projector",
      "data-team"
    ]
  },
  {
    "name": "wa.dead.v1",
    "record": "dead-letter",
    "key": "tenant",
    "partitions": {
      "production": 64,
      "local": 8
    },
    "policy": "delete",
    "retention_days": 30,
    "producers": [
      "ingest",
      "dispatcher",
      "session-manager",
      "webhook-router",
      "status-projector"
    ],
    "consumers": [
      "ingest",
      "status-projector"
    ]
  }
] as const;
