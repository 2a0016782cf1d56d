import { describe, expect, test } from "vitest";
import type { ParsedCallback } from "../callback.ts";
import { parseCallback, splitCallback } from "../read-callback.ts";

const METADATA = { display_phone_number: "15550009999", phone_number_id: "301" };
const post = (...entry: unknown[]) => ({ object: "whatsapp_business_account", entry });
const entry = (value: object, field = "messages", more: object = {}) => ({
  id: "201",
  ...more,
  changes: [{ field, value }],
});
const messages = (lists: object) => entry({ messaging_product: "whatsapp", metadata: METADATA, ...lists });
const split = (body: unknown, arrival = {}) =>
  splitCallback("cloud_api", Buffer.from(JSON.stringify(body)), arrival);
const meaning = (body: unknown): ParsedCallback[] =>
  split(body).flatMap((item) => parseCallback("cloud_api", item.body));

const sent = {
  id: "wamid.A",
  status: "sent",
  timestamp: "1788000013",
  recipient_id: "15550001111",
  biz_opaque_callback_data: "m1.2",
  pricing: { billable: true, pricing_model: "PMP", type: "regular", category: "marketing" },
};

describe("statuses", () => {
  const receipt = {
    kind: "receipt",
    providerId: "wamid.A",
    providerKey: null,
    status: "sent",
    echo: { messageId: "m1", claim: 2 },
    occurredAt: 1_788_000_013_000,
    recipientDigits: "15550001111",
    participant: null,
    pricing: { billable: true, model: "PMP", type: "regular", category: "marketing" },
    error: null,
  };
  test.each<[string, object, object]>([
    ["sent", sent, receipt],
    ["delivered", { ...sent, status: "delivered" }, { ...receipt, status: "delivered" }],
    [
      "read without pricing",
      { ...sent, status: "read", pricing: undefined },
      { ...receipt, status: "read", pricing: null },
    ],
    ["played", { ...sent, status: "played" }, { ...receipt, status: "played" }],
    ["milliseconds as a number", { ...sent, timestamp: 1_788_000_013_000 }, receipt],
    ["no time", { ...sent, timestamp: undefined }, { ...receipt, occurredAt: null }],
    ["no echo", { ...sent, biz_opaque_callback_data: undefined }, { ...receipt, echo: null }],
    ["another system's echo", { ...sent, biz_opaque_callback_data: "t7:m-01J9" }, { ...receipt, echo: null }],
    [
      "a person without a number",
      { ...sent, recipient_id: undefined },
      { ...receipt, recipientDigits: null },
    ],
    [
      "a group's participant",
      { ...sent, recipient_type: "group", recipient_id: "Y2FwaV9n", recipient_participant_id: "15550003333" },
      { ...receipt, recipientDigits: null, participant: "15550003333" },
    ],
    ["extras nobody documents", { ...sent, type: "message", internal_1p_only_data: { a: [1] } }, receipt],
  ])("%s", (_name, status, expected) => {
    expect(meaning(post(messages({ statuses: [status] })))).toEqual([expected]);
  });

  test.each<[string, unknown, object]>([
    [
      "with details",
      [{ code: 131049, title: "T", error_data: { details: "Not delivered to +15550001111." } }],
      {
        code: "recipient_capped",
        providerCode: "131049",
        faultClass: "recipient",
        detail: expect.stringContaining("[number]"),
      },
    ],
    ["with a title only", [{ code: 131026, title: "Undeliverable" }], { code: "recipient_unreachable" }],
    ["with a code nobody knows", [{ code: 424242 }], { code: "provider_refused", providerCode: "424242" }],
    ["without errors", undefined, { code: "provider_refused", providerCode: "none", faultClass: "unknown" }],
    ["with errors that are none", ["x"], { code: "provider_refused" }],
  ])("failed %s", (_name, errors, error) => {
    const [parsed] = meaning(post(messages({ statuses: [{ ...sent, status: "failed", errors }] })));
    expect(parsed).toMatchObject({ kind: "receipt", status: "failed", error });
  });

  test("a status nobody knows is kept", () => {
    expect(meaning(post(messages({ statuses: [{ ...sent, status: "deleted" }] })))).toMatchObject([
      { kind: "other", name: "status.deleted", payload: expect.stringContaining("wamid.A") },
    ]);
  });
});

describe("inbound", () => {
  const base = { from: "15550001111", id: "wamid.I", timestamp: "1788000020" };
  const contacts = [{ profile: { name: "Mara Lind" }, wa_id: "15550001111" }];
  const context = { from: "15550009999", id: "wamid.A" };
  test.each<[string, object, object]>([
    ["text", { type: "text", text: { body: "Hello" } }, { text: "Hello" }],
    ["image", { type: "image", image: { id: "9001", caption: "Front" } }, { text: "Front" }],
    ["audio", { type: "audio", audio: { id: "9003", voice: true } }, { text: null }],
    ["document", { type: "document", document: { id: "9004", filename: "a.pdf" } }, { text: null }],
    ["location", { type: "location", location: { latitude: 59.33, longitude: 18.06 } }, {}],
    ["contacts", { type: "contacts", contacts: [{ name: { formatted_name: "X" } }] }, { text: null }],
    [
      "reaction",
      { type: "reaction", reaction: { message_id: "wamid.A", emoji: "👍" } },
      { text: "👍", contextProviderId: "wamid.A" },
    ],
    [
      "button",
      { type: "button", context, button: { payload: "OK_88", text: "OK" } },
      { text: "OK", contextProviderId: "wamid.A" },
    ],
    [
      "interactive",
      {
        type: "interactive",
        context,
        interactive: { type: "list_reply", list_reply: { id: "r", title: "Slot 1" } },
      },
      { text: "Slot 1", contextProviderId: "wamid.A" },
    ],
    [
      "interactive",
      {
        type: "interactive",
        interactive: { type: "nfm_reply", nfm_reply: { body: "Sent", response_json: "{" } },
      },
      { text: "Sent" },
    ],
    ["order", { type: "order", order: { text: "please", product_items: [] } }, { text: "please" }],
    [
      "system",
      { type: "system", system: { body: "User changed", type: "user_changed_number" } },
      { text: "User changed" },
    ],
    ["unsupported", { type: "unsupported", errors: [{ code: 131051 }] }, { text: null }],
    [
      "edit",
      {
        type: "edit",
        edit: {
          original_message_id: "wamid.Z",
          message: { type: "text", text: { body: "fixed" }, context: { id: "M0" } },
        },
      },
      { text: "fixed", contextProviderId: "wamid.Z" },
    ],
    [
      "delete",
      { type: "revoke", revoke: { original_message_id: "wamid.Z" } },
      { text: null, contextProviderId: "wamid.Z" },
    ],
    ["other", { type: "request_welcome" }, { text: null, providerKind: "request_welcome" }],
  ])("%s: %j", (messageKind, message, expected) => {
    const full = { ...base, ...message };
    const [parsed] = meaning(post(messages({ contacts, messages: [full] })));
    expect(parsed).toMatchObject({
      kind: "inbound",
      providerId: "wamid.I",
      from: { kind: "phone", value: "+15550001111" },
      fromName: "Mara Lind",
      messageKind,
      occurredAt: 1_788_000_020_000,
      ...expected,
    });
    expect(JSON.parse((parsed as { payload: string }).payload)).toEqual(full);
  });

  test.each<[string, object, object]>([
    ["an id where the number was", { from: "US.8a1B2c" }, { kind: "bsuid", value: "US.8a1B2c" }],
    [
      "an id of its own",
      { from: undefined, from_user_id: "US.8a1B2c" },
      { kind: "bsuid", value: "US.8a1B2c" },
    ],
    ["both", { from_user_id: "US.8a1B2c" }, { kind: "phone", value: "+15550001111" }],
  ])("from a person with a username: %s", (_name, change, from) => {
    const message = { ...base, type: "text", text: { body: "x" }, ...change };
    expect(meaning(post(messages({ messages: [message] })))).toMatchObject([{ kind: "inbound", from }]);
  });

  test("from nobody it is kept, not invented", () => {
    const message = { ...base, from: undefined, type: "text", text: { body: "x" } };
    expect(meaning(post(messages({ messages: [message] })))).toMatchObject([
      { kind: "other", name: "message.text" },
    ]);
  });

  test("each writer gets the own name and sees no other", () => {
    const two = [...contacts, { profile: { name: "Olof" }, wa_id: "15550002222" }];
    const text = { type: "text", text: { body: "x" } };
    const items = split(
      post(
        messages({
          contacts: two,
          messages: [
            { ...base, ...text },
            { ...base, ...text, id: "wamid.J", from: "15550002222" },
          ],
        }),
      ),
    );
    expect(items.flatMap((item) => parseCallback("cloud_api", item.body))).toMatchObject([
      { fromName: "Mara Lind" },
      { fromName: "Olof" },
    ]);
    expect(items[0]?.body).not.toContain("Olof");
  });
});

describe("one POST, many owners", () => {
  test("each item knows its number and account, in order", () => {
    const other = { display_phone_number: "+1 555 000 8888", phone_number_id: "302" };
    const items = split({
      entry: [
        messages({ statuses: [sent, { ...sent, status: "delivered" }] }),
        {
          id: "202",
          changes: [
            { field: "messages", value: { metadata: other, statuses: [{ ...sent, id: "wamid.B" }] } },
          ],
        },
        entry({ event: "APPROVED", message_template_id: 1 }, "message_template_status_update", {
          time: 1_788_000_000,
        }),
        entry({ event: "PARTNER_ADDED", waba_info: { waba_id: "299" } }, "account_update"),
        messages({ errors: [{ code: 130429, title: "Rate limit hit" }] }),
      ],
    });
    expect(items.map((item) => [item.kind, item.account, item.phoneNumberId])).toEqual([
      ["status", "201", "301"],
      ["status", "201", "301"],
      ["status", "202", "302"],
      ["other", "201", null],
      ["other", "299", null],
      ["other", "201", "301"],
    ]);
    expect(
      items
        .flatMap((item) => parseCallback("cloud_api", item.body))
        .map((p) => ("name" in p ? p.name : p.kind)),
    ).toEqual(["receipt", "receipt", "receipt", "message_template_status_update APPROVED", "fact", "fact"]);
  });

  test("a broken piece is kept as unreadable and its neighbours go on", () => {
    const items = split(
      post("junk", messages({ statuses: ["junk", sent, null] }), { id: "203", changes: [7] }),
    );
    expect(items.map((item) => [item.kind, item.account])).toEqual([
      ["unreadable", null],
      ["unreadable", "201"],
      ["status", "201"],
      ["unreadable", "201"],
      ["unreadable", "203"],
    ]);
    // Its owner is known although it can't be read.
    expect(items[1]?.phoneNumberId).toBe("301");
  });

  test("an entry or change of another form is kept whole", () => {
    const items = split(
      post({ id: "201", field: "account_update" }, { id: "201", changes: [{ value: null, field: "x" }] }),
    );
    expect(items.map((item) => item.kind)).toEqual(["other", "other"]);
    expect(items[0]?.body).toContain("account_update");
  });

  test("a template's id keeps all its digits", () => {
    const raw =
      '{"entry":[{"id":"201","changes":[{"field":"f","value":{"message_template_id":12345678901234567}}]}]}';
    const [item] = splitCallback("cloud_api", Buffer.from(raw));
    expect(item?.body).toContain('"message_template_id":"12345678901234567"');
  });
});

describe("the dedupe key", () => {
  const keyOf = (body: unknown, arrival = {}) => split(body, arrival)[0]?.dedupeKey;
  const status = (change: object) => keyOf(post(messages({ statuses: [{ ...sent, ...change }] })));
  test("is the same for the same status in another POST", () => {
    const again = post(messages({ statuses: [{ ...sent, timestamp: 1_788_000_014, pricing: undefined }] }));
    expect(keyOf(again, { receivedAtMs: 1 })).toBe(status({}));
    expect(status({})).toMatch(/^[0-9a-f]{64}$/);
  });
  test.each([{ id: "wamid.B" }, { status: "read" }, { recipient_participant_id: "15550003333" }])(
    "differs with %j",
    (change) => {
      expect(status(change)).not.toBe(status({}));
    },
  );
  test("differs for another number and another scope", () => {
    const other = post(entry({ metadata: { phone_number_id: "302" }, statuses: [sent] }));
    expect(keyOf(other)).not.toBe(status({}));
    expect(keyOf(post(messages({ statuses: [sent] })), { scope: "app2" })).not.toBe(status({}));
  });
  test("of an error without id or time is new with each arrival: the second throttle is news", () => {
    const throttle = post(messages({ errors: [{ code: 130429 }] }));
    expect(keyOf(throttle, { receivedAtMs: 1 })).not.toBe(keyOf(throttle, { receivedAtMs: 2 }));
  });
});
