/** Meta's fields about numbers, accounts and templates, each to what it says. None of them names a person. */
import type { Fact } from "../callback.ts";
import { idAt, type JsonObject } from "../json.ts";
import { templateChangeOf } from "./template-change.ts";

type Said = Pick<Fact, "fact"> & Partial<Fact>;

/**
 * One field may say several things; empty: not understood. `field` may be missing or wrong in Meta's own examples, then the
 * members tell.
 */
export function factsOf(field: string | null, value: JsonObject, occurredAt: number | null): Fact[] {
  const change = templateChangeOf(value);
  const name =
    field !== null && Object.hasOwn(readers, field) ? field : "waba_info" in value ? "account_update" : "";
  const said: Said[] =
    change === null
      ? (readers[name]?.(value) ?? [])
      : [
          {
            fact: "template",
            value: change.event,
            template: change,
            detail: detailOf(value, templateDetails),
          },
        ];
  const numberDigits = digitsOf(idAt(value, "display_phone_number"));
  return said.map((one) => ({
    kind: "fact",
    value: null,
    template: null,
    numberDigits,
    error: null,
    detail: "",
    occurredAt,
    ...one,
  }));
}

const readers: Record<string, (value: JsonObject) => Said[]> = {
  phone_number_quality_update(value) {
    const event = idAt(value, "event");
    const limit = idAt(value, "max_daily_conversations_per_business") ?? idAt(value, "current_limit");
    const detail = detailOf(value, ["event", "old_limit", "current_limit"]);
    const said: Said[] = limit === null ? [] : [{ fact: "limit", value: limit, detail }];
    // Unflagged says that it is red no longer, and not what it is.
    if (event === "FLAGGED" || event === "UNFLAGGED")
      said.push({ fact: "quality", value: event === "FLAGGED" ? "red" : "unknown", detail });
    else if (said.length === 0 && event !== null) said.push({ fact: "account", value: event, detail });
    return said;
  },
  business_capability_update(value) {
    const limit =
      idAt(value, "max_daily_conversations_per_business") ?? idAt(value, "max_daily_conversation_per_phone");
    const detail = detailOf(value, [
      "max_daily_conversation_per_phone",
      "max_phone_numbers_per_business",
      "max_phone_numbers_per_waba",
    ]);
    if (limit !== null) return [{ fact: "limit", value: limit, detail }];
    return detail === "" ? [] : [{ fact: "account", value: "business_capability_update", detail }];
  },
  phone_number_name_update: happening("phone_number_name_update", "decision", [
    "requested_verified_name",
    "rejection_reason",
  ]),
  // Who asked for the PIN (`requester`) is a person.
  security: happening("security", "event", []),
  account_update: happening(null, "event", [
    "violation_info",
    "restriction_info",
    "ban_info",
    "waba_info",
    "partner_client_certification_info",
    "auth_international_rate_eligibility",
    "country",
    "volume_tier_info",
    "disconnection_info",
  ]),
  account_review_update: happening("account_review_update", "decision", []),
  account_alerts(value) {
    // Older examples have it flat.
    const alert = (value.alert_info ?? value) as JsonObject;
    const type = idAt(alert, "alert_type");
    if (type === null) return [];
    const detail = { ...picked(value, ["entity_type", "entity_id"]), ...picked(alert, alertDetails) };
    return [{ fact: "account", value: `account_alerts ${type}`, detail: written(detail) }];
  },
};

const alertDetails = ["alert_severity", "alert_status", "alert_description"];
const templateDetails = [
  "previous_quality_score",
  "previous_category",
  "correct_category",
  "category_update_timestamp",
  "disable_info",
  "other_info",
  "rejection_info",
];

/** A field whose word is in one member. `prefix` says what the word is about, where it doesn't say so itself. */
function happening(prefix: string | null, member: string, details: string[]): (value: JsonObject) => Said[] {
  return (value) => {
    const word = idAt(value, member);
    if (word === null) return [];
    return [
      {
        fact: "account",
        value: prefix === null ? word : `${prefix} ${word}`,
        detail: detailOf(value, details),
      },
    ];
  };
}

const MAX_DETAIL_CHARS = 4_000;

function detailOf(value: JsonObject, names: readonly string[]): string {
  return written(picked(value, names));
}

function picked(value: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => (value[name] === undefined || value[name] === null ? [] : [[name, value[name]]])),
  );
}

/** Empty for nothing, and for what is too long to be a detail. */
function written(detail: JsonObject): string {
  const text = JSON.stringify(detail);
  return text === "{}" || text.length > MAX_DETAIL_CHARS ? "" : text;
}

function digitsOf(number: string | null): string | null {
  return number?.replace(/\D/g, "") || null;
}
