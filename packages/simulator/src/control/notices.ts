/** Control requests for what Meta tells of accounts, numbers and templates by itself. Nothing else changes by them. */
import type { Sim } from "../sim.ts";
import type { Waba } from "../world.ts";
import { type Form, Refusal } from "./form.ts";

type Notice = { field: string; value: object };

export function tellNotice(sim: Sim, form: Form): object {
  const waba = sim.world.wabas.get(form.text("waba_id"));
  if (waba === undefined) throw new Refusal("waba_id: no such business account");
  const kind = form.oneOf("kind", Object.keys(notices));
  const { field, value } = notices[kind]!(form, waba);
  form.done();
  sim.courier.expect(1);
  const target = { sender: waba.wabaId, recipient: "", key: field, nth: 0 };
  sim.batcher.add(
    {
      waba,
      content: { kind: "notice", field, value, time: Math.floor(sim.now() / 1_000) },
      isLost: () => sim.faults.take(["callback_outage"], target) !== null,
      done: () => {},
    },
    false,
  );
  return { field };
}

const notices: Record<string, (form: Form, waba: Waba) => Notice> = {
  template_status: (form) => ({
    field: "message_template_status_update",
    value: {
      event: form.text("event"),
      ...templateOf(form),
      message_template_category: form.text("category", "UTILITY"),
      reason: form.text("reason", "NONE"),
    },
  }),
  // Meta's page prints the other field's name for it: `field` chooses.
  template_quality: (form) => ({
    field: form.text("field", "message_template_quality_update"),
    value: {
      previous_quality_score: form.text("previous", "UNKNOWN"),
      new_quality_score: form.text("quality"),
      ...templateOf(form),
    },
  }),
  template_category: (form) => ({
    field: "template_category_update",
    value: {
      ...templateOf(form),
      previous_category: form.text("previous", "UTILITY"),
      new_category: form.text("category"),
    },
  }),
  template_components: (form) => ({
    field: "message_template_components_update",
    value: { ...templateOf(form), message_template_element: form.text("text") },
  }),
  // Names its number only as people write it.
  phone_quality: (form, waba) => ({
    field: "phone_number_quality_update",
    value: {
      display_phone_number: displayedOf(form, waba),
      event: form.text("event"),
      ...(form.has("limit") ? { max_daily_conversations_per_business: form.text("limit") } : {}),
    },
  }),
  phone_name: (form, waba) => ({
    field: "phone_number_name_update",
    value: {
      display_phone_number: displayedOf(form, waba),
      decision: form.text("decision"),
      requested_verified_name: form.text("name", "Shop"),
      rejection_reason: form.textOrNull("reason"),
    },
  }),
  limits: (form) => ({
    field: "business_capability_update",
    value: {
      max_daily_conversations_per_business: form.text("limit"),
      max_phone_numbers_per_business: form.number("numbers", 0, 20),
    },
  }),
  account: (form, waba) => {
    const event = form.text("event");
    const partner = event.startsWith("PARTNER_") ? { waba_info: { waba_id: waba.wabaId } } : {};
    const ban = form.textOrNull("ban_state");
    const state = ban === null ? {} : { ban_info: { waba_ban_state: ban } };
    return { field: "account_update", value: { event, ...partner, ...state } };
  },
  account_review: (form) => ({
    field: "account_review_update",
    value: { decision: form.text("decision") },
  }),
  account_alert: (form, waba) => ({
    field: "account_alerts",
    value: {
      entity_type: form.text("entity_type", "WABA"),
      entity_id: form.text("entity_id", waba.wabaId),
      alert_info: {
        alert_severity: "INFORMATIONAL",
        alert_status: "NONE",
        alert_type: form.text("type"),
        alert_description: "An alert.",
      },
    },
  }),
  // Whatever Meta may think of next.
  other: (form) => ({ field: form.text("field"), value: { event: form.text("event") } }),
};

function templateOf(form: Form): object {
  return {
    // A number here, a string wherever it is asked for.
    message_template_id: form.number("id", 1, 594425479261596),
    message_template_name: form.text("name"),
    message_template_language: form.text("language"),
  };
}

function displayedOf(form: Form, waba: Waba): string {
  const id = form.text("phone_number_id");
  const number = waba.numbers.find((one) => one.phoneNumberId === id);
  if (number === undefined) throw new Refusal("phone_number_id: no such number of this account");
  return number.displayPhoneNumber;
}
