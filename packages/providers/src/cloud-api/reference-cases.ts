/** For tests: every field and shape of Meta's reference, and what each is to be understood as. */

export type CloudCase = {
  name: string;
  field: string;
  value: object;
  /** Members that the parsed things must have, one per thing. */
  means: object[];
};

export const METADATA = { display_phone_number: "15550009999", phone_number_id: "301" };
export const AT = 1_788_000_000;

const template = {
  message_template_id: 594425479261596,
  message_template_name: "order_ready",
  message_template_language: "en_US",
};
const named = { name: "order_ready", language: "en_US", providerId: "594425479261596" };
const nothing = { status: null, quality: null, category: null, reason: null };

function statusUpdate(event: string, more: object, reason: string | null): CloudCase {
  return {
    name: `a template is ${event}, ${JSON.stringify(more)}`,
    field: "message_template_status_update",
    value: { event, ...template, message_template_category: "UTILITY", ...more },
    means: [
      {
        kind: "fact",
        fact: "template",
        value: "status",
        template: { ...named, ...nothing, event: "status", status: event.toLowerCase(), reason },
      },
    ],
  };
}

const templateEvents =
  "APPROVED PENDING DISABLED FLAGGED IN_APPEAL REINSTATED LIMIT_EXCEEDED LOCKED ARCHIVED UNARCHIVED DELETED PENDING_DELETION";

const qualityUpdate = {
  previous_quality_score: "GREEN",
  new_quality_score: "RED",
  ...template,
};
const redTemplate = {
  kind: "fact",
  fact: "template",
  value: "quality",
  template: { ...named, ...nothing, event: "quality", quality: "red" },
  detail: '{"previous_quality_score":"GREEN"}',
};

function accountUpdate(event: string, more: object = {}): CloudCase {
  return {
    name: `account_update ${event}`,
    field: "account_update",
    value: { event, ...more },
    means: [
      {
        kind: "fact",
        fact: "account",
        value: event,
        detail: Object.keys(more).length === 0 ? "" : JSON.stringify(more),
      },
    ],
  };
}

const number = { display_phone_number: "+1 555-000-9999" };
const ofNumber = { kind: "fact", numberDigits: "15550009999" };

export const accountCases: CloudCase[] = [
  ...templateEvents.split(" ").map((event) => statusUpdate(event, { reason: "NONE" }, null)),
  statusUpdate("REJECTED", { reason: "TAG_CONTENT_MISMATCH" }, "TAG_CONTENT_MISMATCH"),
  statusUpdate(
    "REJECTED",
    { reason: null, rejection_info: { reason: "INVALID_FORMAT", recommendation: "Fix it" } },
    "INVALID_FORMAT",
  ),
  statusUpdate(
    "PAUSED",
    { reason: "NONE", other_info: { title: "FIRST_PAUSE", description: "…" } },
    "FIRST_PAUSE",
  ),
  statusUpdate("DISABLED", { disable_info: { disable_date: "2026-09-01" } }, null),
  {
    name: "a template's quality",
    field: "message_template_quality_update",
    value: qualityUpdate,
    means: [redTemplate],
  },
  {
    name: "a template's quality under the name that Meta's page prints",
    field: "message_template_status_update",
    value: qualityUpdate,
    means: [redTemplate],
  },
  {
    name: "a quality nobody knows",
    field: "message_template_quality_update",
    value: { ...qualityUpdate, new_quality_score: "PURPLE" },
    means: [{ fact: "template", template: { ...redTemplate.template, quality: "unknown" } }],
  },
  {
    name: "a template's parts",
    field: "message_template_components_update",
    value: { ...template, message_template_element: "Hi {{1}}", message_template_title: "Order" },
    means: [{ kind: "fact", fact: "template", template: { ...named, ...nothing, event: "components" } }],
  },
  {
    name: "notice of another category, which is the old one until then",
    field: "template_category_update",
    value: {
      ...template,
      new_category: "UTILITY",
      correct_category: "MARKETING",
      category_update_timestamp: AT + 86_400,
    },
    means: [
      {
        kind: "fact",
        fact: "template",
        template: { ...named, ...nothing, event: "category", category: "utility" },
        detail: `{"correct_category":"MARKETING","category_update_timestamp":${AT + 86_400}}`,
      },
    ],
  },
  {
    name: "a category that has changed",
    field: "template_category_update",
    value: { ...template, previous_category: "UTILITY", new_category: "MARKETING" },
    means: [
      { fact: "template", template: { ...named, ...nothing, event: "category", category: "marketing" } },
    ],
  },
  {
    name: "a number's throughput and limit",
    field: "phone_number_quality_update",
    value: {
      ...number,
      event: "THROUGHPUT_UPGRADE",
      old_limit: "TIER_100K",
      current_limit: "TIER_UNLIMITED",
      max_daily_conversations_per_business: "TIER_UNLIMITED",
    },
    means: [{ ...ofNumber, fact: "limit", value: "TIER_UNLIMITED" }],
  },
  {
    name: "a number's limit as older versions have it",
    field: "phone_number_quality_update",
    value: { ...number, event: "DOWNGRADE", old_limit: "TIER_10K", current_limit: "TIER_2K" },
    means: [{ ...ofNumber, fact: "limit", value: "TIER_2K" }],
  },
  {
    name: "a number that is flagged, with its limit",
    field: "phone_number_quality_update",
    value: { ...number, event: "FLAGGED", current_limit: "TIER_2K" },
    means: [
      { ...ofNumber, fact: "limit", value: "TIER_2K" },
      { ...ofNumber, fact: "quality", value: "red" },
    ],
  },
  {
    name: "a number that is flagged no longer",
    field: "phone_number_quality_update",
    value: { ...number, event: "UNFLAGGED" },
    means: [{ ...ofNumber, fact: "quality", value: "unknown" }],
  },
  {
    name: "a number that is taken on",
    field: "phone_number_quality_update",
    value: { ...number, event: "ONBOARDING" },
    means: [{ ...ofNumber, fact: "account", value: "ONBOARDING" }],
  },
  ...["APPROVED", "DEFERRED", "PENDING", "REJECTED"].map((decision) => ({
    name: `a name is ${decision}`,
    field: "phone_number_name_update",
    value: { ...number, decision, requested_verified_name: "Shop", rejection_reason: null },
    means: [
      {
        ...ofNumber,
        fact: "account",
        value: `phone_number_name_update ${decision}`,
        detail: '{"requested_verified_name":"Shop"}',
      },
    ],
  })),
  ...["PIN_CHANGED", "PIN_RESET_REQUEST", "PIN_REQUEST_SUCCESS"].map((event) => ({
    name: `security ${event}, without who asked`,
    field: "security",
    value: { ...number, event, requester: "100000000000001" },
    means: [{ ...ofNumber, fact: "account", value: `security ${event}`, detail: "" }],
  })),
  accountUpdate("ACCOUNT_DELETED"),
  accountUpdate("ACCOUNT_VIOLATION", { violation_info: { violation_type: "SCAM" } }),
  accountUpdate("ACCOUNT_RESTRICTION", {
    restriction_info: [{ restriction_type: "RESTRICTED_BIZ_INITIATED_MESSAGING", expiration: AT }],
  }),
  accountUpdate("DISABLED_UPDATE", { ban_info: { waba_ban_state: "DISABLE", waba_ban_date: "1 Sep 2026" } }),
  accountUpdate("AD_ACCOUNT_LINKED"),
  accountUpdate("MM_LITE_TERMS_SIGNED"),
  accountUpdate("AUTH_INTL_PRICE_ELIGIBILITY_UPDATE", { auth_international_rate_eligibility: { x: 1 } }),
  accountUpdate("BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE", { country: "SE" }),
  accountUpdate("VOLUME_BASED_PRICING_TIER_UPDATE", { volume_tier_info: { tier: "25:50", region: "SE" } }),
  accountUpdate("PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE", {
    partner_client_certification_info: { client_business_id: "5", status: "APPROVED", rejection_reasons: [] },
  }),
  accountUpdate("ACCOUNT_OFFBOARDED"),
  accountUpdate("ACCOUNT_RECONNECTED"),
  ...["PARTNER_ADDED", "PARTNER_REMOVED", "PARTNER_APP_INSTALLED", "PARTNER_APP_UNINSTALLED"].map((event) =>
    accountUpdate(event, { waba_info: { waba_id: "299", owner_business_id: "7" } }),
  ),
  {
    ...accountUpdate("PARTNER_REMOVED", {
      waba_info: { waba_id: "299" },
      disconnection_info: { reason: "X" },
    }),
    name: "an account's update whose field is missing",
    field: "",
  },
  ...["APPROVED", "REJECTED", "PENDING", "DEFERRED"].map((decision) => ({
    name: `the account's review is ${decision}`,
    field: "account_review_update",
    value: { decision },
    means: [{ kind: "fact", fact: "account", value: `account_review_update ${decision}` }],
  })),
  {
    name: "an alert",
    field: "account_alerts",
    value: {
      entity_type: "BUSINESS",
      entity_id: "101",
      alert_info: {
        alert_severity: "INFORMATIONAL",
        alert_status: "NONE",
        alert_type: "OBA_APPROVED",
        alert_description: "Approved",
      },
    },
    means: [
      {
        kind: "fact",
        fact: "account",
        value: "account_alerts OBA_APPROVED",
        detail:
          '{"entity_type":"BUSINESS","entity_id":"101","alert_severity":"INFORMATIONAL","alert_status":"NONE","alert_description":"Approved"}',
      },
    ],
  },
  {
    name: "what a business may do, as a tier",
    field: "business_capability_update",
    value: { max_daily_conversations_per_business: "TIER_10K", max_phone_numbers_per_waba: 20 },
    means: [{ kind: "fact", fact: "limit", value: "TIER_10K", detail: '{"max_phone_numbers_per_waba":20}' }],
  },
  {
    name: "what a business may do, as a number",
    field: "business_capability_update",
    value: { max_daily_conversation_per_phone: -1, max_phone_numbers_per_business: 25 },
    means: [{ fact: "limit", value: "-1" }],
  },
  {
    name: "how many numbers a business may have",
    field: "business_capability_update",
    value: { max_phone_numbers_per_business: 25 },
    means: [{ fact: "account", value: "business_capability_update" }],
  },
  ...[
    "user_id_update",
    "business_username_update",
    "automatic_events",
    "partner_solutions",
    "payment_configuration_update",
    "flows",
    "group_lifecycle_update",
    "group_participants_update",
    "tracking_events",
    "brand_new_field",
    "constructor",
  ].map((field) => ({
    name: `${field} is kept by its name`,
    field,
    value: { event: "SOMETHING_NEW", a: [1] },
    means: [{ kind: "other", name: `${field} SOMETHING_NEW` }],
  })),
];

const from = "15550001111";
const contacts = [{ profile: { name: "Mara Lind", username: "mara" }, wa_id: from, user_id: "US.8a1B" }];
const mara = {
  kind: "inbound",
  from: { kind: "phone", value: "+15550001111" },
  fromName: "Mara Lind",
  identities: [
    { kind: "phone", value: "+15550001111" },
    { kind: "bsuid", value: "US.8a1B" },
    { kind: "username", value: "mara" },
  ],
};
const written = { from, id: "wamid.I", timestamp: String(AT), type: "text", text: { body: "Hello" } };
const file = { id: "9001", mime_type: "image/jpeg", sha256: "c2hh", url: "https://lookaside.test/1" };

function message(name: string, change: object, means: object, more: object = { contacts }): CloudCase {
  return {
    name,
    field: "messages",
    value: { ...more, messages: [{ ...written, ...change }] },
    means: [means],
  };
}

/** Fields that look like `messages`: with metadata, and without a time. */
export const numberCases: CloudCase[] = [
  message("a text of somebody with three names", {}, { ...mara, group: null, messageKind: "text" }),
  message("a person who comes twice, once with fewer names", {}, mara, {
    contacts: [{ wa_id: from, profile: {} }, ...contacts, { wa_id: from, profile: { name: "M." } }],
  }),
  message("a text in a group", { group_id: "Y2FwaV9n" }, { ...mara, group: "Y2FwaV9n" }),
  message(
    "a person without a number",
    { from: undefined, from_user_id: "US.8a1B", from_parent_user_id: "US.ENT.9" },
    {
      kind: "inbound",
      from: { kind: "bsuid", value: "US.8a1B" },
      fromName: "Olof",
      identities: [
        { kind: "bsuid", value: "US.8a1B" },
        { kind: "parent_bsuid", value: "US.ENT.9" },
        { kind: "username", value: "olof" },
      ],
    },
    {
      contacts: [
        { profile: { name: "Olof", username: "olof" }, user_id: "US.8a1B", parent_user_id: "US.ENT.9" },
      ],
    },
  ),
  message(
    "a new number",
    {
      type: "system",
      text: undefined,
      system: { body: "User changed", wa_id: "15550004444", type: "user_changed_number" },
    },
    {
      messageKind: "system",
      text: "User changed",
      identities: [
        { kind: "phone", value: "+15550001111" },
        { kind: "phone", value: "+15550004444" },
      ],
    },
    {},
  ),
  message(
    "an image",
    { type: "image", image: { ...file, caption: "Front" } },
    {
      messageKind: "image",
      text: "Front",
      media: {
        providerId: "9001",
        url: "https://lookaside.test/1",
        mimeType: "image/jpeg",
        sha256: "c2hh",
        bytes: null,
        fileName: null,
        voice: false,
      },
    },
  ),
  message(
    "a voice note",
    { type: "audio", audio: { ...file, voice: true, file_size: "303833" } },
    { messageKind: "audio", media: { voice: true, bytes: 303_833 } },
  ),
  message(
    "a document",
    { type: "document", document: { ...file, filename: "a.pdf" } },
    { messageKind: "document", media: { fileName: "a.pdf" } },
  ),
  message("a video", { type: "video", video: file }, { messageKind: "video", media: { providerId: "9001" } }),
  message(
    "a sticker",
    { type: "sticker", sticker: { ...file, animated: false } },
    { messageKind: "sticker", media: { providerId: "9001" } },
  ),
  message(
    "a reaction that is taken back",
    { type: "reaction", reaction: { message_id: "wamid.A", emoji: "" } },
    { messageKind: "reaction", text: null, contextProviderId: "wamid.A" },
  ),
  message(
    "a message with a picture that is edited",
    {
      type: "edit",
      edit: { original_message_id: "wamid.A", message: { type: "image", image: { ...file, caption: "B" } } },
    },
    { messageKind: "edit", text: "B", media: { providerId: "9001" }, contextProviderId: "wamid.A" },
  ),
  message(
    "a message that could not be fetched",
    {
      type: "unsupported",
      text: undefined,
      errors: [{ code: 131051, title: "Message type unknown" }],
      unsupported: { type: "poll" },
    },
    { messageKind: "unsupported", text: null },
  ),
  message(
    "a message from an ad",
    { referral: { source_type: "ad", source_id: "1", ctwa_clid: "x" }, context: { forwarded: true } },
    { messageKind: "text", contextProviderId: null },
  ),
  message("a type nobody knows", { type: "hologram" }, { messageKind: "other", providerKind: "hologram" }),
  {
    name: "one message where a list is expected",
    field: "messages",
    value: { contacts, messages: written },
    means: [{ kind: "inbound", text: "Hello" }],
  },
  {
    name: "milliseconds as a number",
    field: "messages",
    value: { contacts, messages: [{ ...written, timestamp: AT * 1000 }] },
    means: [{ kind: "inbound", occurredAt: AT * 1000 }],
  },
  {
    name: "a throttle of the number",
    field: "messages",
    value: { errors: [{ code: 130429, title: "Rate limit hit" }] },
    means: [
      {
        kind: "fact",
        fact: "throttled",
        error: { code: anyText(), providerCode: "130429", faultClass: "pace" },
      },
    ],
  },
  {
    name: "a locked account",
    field: "messages",
    value: { errors: [{ code: 131031, title: "Account locked" }] },
    means: [{ kind: "fact", fact: "paused", error: { providerCode: "131031" } }],
  },
  {
    name: "an error nobody knows",
    field: "messages",
    value: { errors: [{ code: 424242 }] },
    means: [{ kind: "fact", fact: "other", value: "error 424242" }],
  },
  ...(
    [
      ["stop", true],
      ["resume", false],
    ] as const
  ).map(([value, optedOut]) => ({
    name: `a person says ${value} to marketing`,
    field: "user_preferences",
    value: {
      contacts,
      user_preferences: [
        { wa_id: from, detail: "User requested it", category: "marketing_messages", value, timestamp: AT },
      ],
    },
    means: [
      {
        ...mara,
        messageKind: "preference",
        preference: { scope: "marketing", optedOut },
        text: null,
        occurredAt: AT * 1000,
      },
    ],
  })),
  {
    name: "a preference about something else, which nobody is unsubscribed by",
    field: "user_preferences",
    value: { user_preferences: [{ user_id: "US.8a1B", category: "voice", value: "stop", timestamp: AT }] },
    means: [
      {
        kind: "inbound",
        from: { kind: "bsuid", value: "US.8a1B" },
        messageKind: "other",
        providerKind: "preference.voice",
        preference: null,
      },
    ],
  },
  ...["connect", "terminate"].map((event) => ({
    name: `a person's call: ${event}`,
    field: "calls",
    value: {
      contacts,
      calls: [
        {
          id: "wacid.1",
          from,
          to: "15550009999",
          event,
          timestamp: String(AT),
          direction: "USER_INITIATED",
        },
      ],
    },
    means: [{ ...mara, messageKind: "call", providerId: "wacid.1", occurrence: event }],
  })),
  {
    name: "a call that we make",
    field: "calls",
    value: {
      calls: [{ id: "wacid.2", from: "15550009999", event: "terminate", direction: "BUSINESS_INITIATED" }],
      statuses: [{ id: "wacid.2", type: "call", status: "RINGING", timestamp: String(AT) }],
    },
    means: [
      { kind: "other", name: "call.RINGING" },
      { kind: "other", name: "call.terminate" },
    ],
  },
  {
    name: "what the number's own people wrote on the phone is no message of a person",
    field: "smb_message_echoes",
    value: {
      message_echoes: [
        {
          from: "15550009999",
          to: from,
          id: "wamid.E",
          timestamp: String(AT),
          type: "text",
          text: { body: "x" },
        },
        {
          from: "15550009999",
          to: from,
          id: "wamid.F",
          type: "revoke",
          revoke: { original_message_id: "w" },
        },
      ],
    },
    means: [
      { kind: "other", name: "echo.text" },
      { kind: "other", name: "echo.revoke" },
    ],
  },
  {
    name: "the address book of the phone",
    field: "smb_app_state_sync",
    value: {
      state_sync: [{ type: "contact", contact: { full_name: "Mara", phone_number: from }, action: "add" }],
    },
    means: [{ kind: "other", name: "smb_app_state_sync" }],
  },
  {
    name: "the history of the phone",
    field: "history",
    value: { history: [{ metadata: { phase: 0 }, threads: [{ id: from, messages: [written] }] }] },
    means: [{ kind: "other", name: "history" }],
  },
  {
    name: "a list nobody knows beside one that is known",
    field: "messages",
    value: { contacts, messages: [written], holograms: [{ id: "h" }] },
    means: [
      { kind: "inbound", text: "Hello" },
      { kind: "other", name: "messages" },
    ],
  },
];

/** Any text, without importing the test runner here. */
function anyText(): object {
  return { asymmetricMatch: (value: unknown) => typeof value === "string" && value !== "" };
}
