import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NUMBER, openScene, type Scene } from "../drill/scene.ts";
import type { Json } from "../http.ts";

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

type Change = { field: string; value: Json };
type Entry = { id: string; time?: number; changes: Change[] };

async function cloudEntries(count: number): Promise<Entry[]> {
  const entriesIn = (posts: { body: Json }[]) =>
    posts.flatMap(({ body }) => body.entry as unknown as Entry[]);
  const posts = await scene.receiver.until(
    (all) => entriesIn(all).flatMap(({ changes }) => changes).length >= count,
  );
  return entriesIn(posts);
}
const changes = async (count: number) => (await cloudEntries(count)).flatMap((entry) => entry.changes);

async function play(path: string, body: Json): Promise<Json> {
  const answer = await scene.control("POST", path, body);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body;
}

describe("a Cloud API number hears", () => {
  const to = { provider: "cloud_api", phone_number_id: NUMBER };
  const from = "+15550001111";

  test.each<[string, Json, object]>([
    [
      "an edit",
      { from, edits: "wamid.A", text: "fixed" },
      { type: "edit", edit: { original_message_id: "wamid.A" } },
    ],
    [
      "a deletion",
      { from, deletes: "wamid.A" },
      { type: "revoke", revoke: { original_message_id: "wamid.A" } },
    ],
    [
      "a reaction",
      { from, reacts_to: "wamid.A", text: "👍" },
      { reaction: { message_id: "wamid.A", emoji: "👍" } },
    ],
    ["a group", { from, text: "Hi", group: "Y2Fw" }, { from: "15550001111", group_id: "Y2Fw" }],
    ["a person without a number", { user_id: "US.8a1B", text: "Hi" }, { from_user_id: "US.8a1B" }],
  ])("%s", async (_name, body, message) => {
    await play("/inbound", { ...to, ...body });
    const [change] = await changes(1);
    expect(change).toMatchObject({ field: "messages", value: { messages: [message] } });
    if (!("from" in body)) expect(JSON.stringify(change)).not.toMatch(/"from":|wa_id/);
  });

  test("a call, with what became of it", async () => {
    const { id } = await play("/calls", { ...to, from, status: "terminate" });
    const [change] = await changes(1);
    expect(change).toMatchObject({
      field: "calls",
      value: {
        metadata: { phone_number_id: NUMBER },
        calls: [{ id, from: "15550001111", event: "terminate", direction: "USER_INITIATED" }],
      },
    });
  });

  test("who stops marketing, at a time that is an integer", async () => {
    await play("/preferences", { phone_number_id: NUMBER, from, value: "stop" });
    const [change] = await changes(1);
    expect(change).toMatchObject({
      field: "user_preferences",
      value: {
        user_preferences: [
          {
            wa_id: "15550001111",
            category: "marketing_messages",
            value: "stop",
            timestamp: expect.any(Number),
          },
        ],
      },
    });
  });
});

describe("an account hears", () => {
  const template = { name: "welcome", language: "en_US" };
  test.each<[Json, string, object]>([
    [
      { kind: "template_status", ...template, event: "REJECTED", reason: "SCAM" },
      "message_template_status_update",
      {
        event: "REJECTED",
        reason: "SCAM",
        message_template_name: "welcome",
        message_template_id: expect.any(Number),
      },
    ],
    [
      { kind: "template_quality", ...template, quality: "RED" },
      "message_template_quality_update",
      { new_quality_score: "RED" },
    ],
    [
      { kind: "template_quality", ...template, quality: "RED", field: "message_template_status_update" },
      "message_template_status_update",
      { new_quality_score: "RED" },
    ],
    [
      { kind: "template_category", ...template, category: "MARKETING" },
      "template_category_update",
      { previous_category: "UTILITY", new_category: "MARKETING" },
    ],
    [
      { kind: "template_components", ...template, text: "Hi" },
      "message_template_components_update",
      { message_template_element: "Hi" },
    ],
    [
      { kind: "phone_quality", phone_number_id: NUMBER, event: "ONBOARDING", limit: "TIER_2K" },
      "phone_number_quality_update",
      { display_phone_number: "+1 555-000-9999", max_daily_conversations_per_business: "TIER_2K" },
    ],
    [
      { kind: "phone_name", phone_number_id: NUMBER, decision: "APPROVED" },
      "phone_number_name_update",
      { decision: "APPROVED" },
    ],
    [
      { kind: "limits", limit: "TIER_10K" },
      "business_capability_update",
      { max_daily_conversations_per_business: "TIER_10K" },
    ],
    [
      { kind: "account", event: "DISABLED_UPDATE", ban_state: "DISABLE" },
      "account_update",
      { event: "DISABLED_UPDATE", ban_info: { waba_ban_state: "DISABLE" } },
    ],
    [{ kind: "account", event: "PARTNER_REMOVED" }, "account_update", { waba_info: { waba_id: "201" } }],
    [{ kind: "account_review", decision: "APPROVED" }, "account_review_update", { decision: "APPROVED" }],
    [
      { kind: "account_alert", type: "OBA_APPROVED" },
      "account_alerts",
      { entity_id: "201", alert_info: { alert_type: "OBA_APPROVED" } },
    ],
    [{ kind: "other", field: "brand_new", event: "X" }, "brand_new", { event: "X" }],
  ])("%j", async (body, field, value) => {
    expect(await play("/notices", { waba_id: "201", ...body })).toEqual({ field });
    const [entry] = await cloudEntries(1);
    expect(entry).toMatchObject({ id: "201", time: expect.any(Number), changes: [{ field, value }] });
    await expect.poll(() => scene.sim.ledger()).toMatchObject({ callbacks_sent: 1, callbacks_pending: 0 });
  });

  test.each<[Json, string]>([
    [{ waba_id: "299", kind: "limits", limit: "X" }, "no such business account"],
    [{ waba_id: "201", kind: "rain" }, "body.kind must be one of template_status"],
    [{ waba_id: "201", kind: "phone_name", phone_number_id: "1", decision: "X" }, "no such number of this"],
    [{ waba_id: "201", kind: "limits", limit: "X", colour: 1 }, "body.colour is not known here"],
  ])("nothing of %j", async (body, message) => {
    const answer = await scene.control("POST", "/notices", body);
    expect(answer).toMatchObject({ status: 400, body: { error: expect.stringContaining(message) } });
  });
});

describe("a WasenderApi session hears", () => {
  const GROUP = "120363000000000001@g.us";
  const wanted = [
    "messages.received",
    "messages-group.received",
    "messages.delete",
    "messages.reaction",
    "call",
  ];
  beforeEach(async () => {
    await scene.control("PUT", `/wasender/sessions/${scene.session.id}`, { webhook_events: wanted });
  });
  const eventsOf = async (count: number) =>
    (await scene.receiver.until((all) => all.length >= count)).map(({ body }) => body);

  test.each<[string, Json, string, object]>([
    [
      "a LID with its number",
      { from: "+15550001111", user_id: "98765", text: "Hi" },
      "messages.received",
      {
        messages: { key: { remoteJid: "98765@lid", addressingMode: "lid", cleanedSenderPn: "15550001111" } },
      },
    ],
    [
      "only a LID",
      { user_id: "98765", text: "Hi" },
      "messages.received",
      { messages: { key: { remoteJid: "98765@lid" } } },
    ],
    [
      "a group",
      { from: "+15550001111", text: "Hi", group: GROUP },
      "messages-group.received",
      { messages: { key: { remoteJid: GROUP, participant: "15550001111@s.whatsapp.net" } } },
    ],
    [
      "an edit",
      { from: "+15550001111", text: "fixed", edits: "3A1" },
      "messages.received",
      { messages: { message: { protocolMessage: { key: { id: "3A1" }, type: "MESSAGE_EDIT" } } } },
    ],
    [
      "a deletion",
      { from: "+15550001111", deletes: "3A1" },
      "messages.delete",
      { keys: [{ id: "3A1", fromMe: false }] },
    ],
  ])("%s", async (_name, body, event, data) => {
    await play("/inbound", { provider: "wasender", session_id: scene.session.id, ...body });
    const events = await eventsOf(1);
    expect(events.find((one) => one.event === event) ?? (await eventsOf(2))[1]).toMatchObject({
      event,
      data,
    });
  });

  test("a reaction and a call", async () => {
    const to = { provider: "wasender", session_id: scene.session.id, from: "+15550001111" };
    await play("/inbound", { ...to, reacts_to: "3EB0", text: "👍" });
    await play("/calls", to);
    const events = await eventsOf(2);
    expect(events.find(({ event }) => event === "messages.reaction")?.data).toMatchObject([
      { key: { id: "3EB0", fromMe: true }, reaction: { text: "👍", key: { fromMe: false } } },
    ]);
    expect(events.find(({ event }) => event === "call")?.data).toMatchObject({
      call: { from: "15550001111@s.whatsapp.net", status: "offer" },
    });
  });
});
