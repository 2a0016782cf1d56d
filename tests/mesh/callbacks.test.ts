/** What people and providers do by themselves, played by the simulator, arrives as records of its tenant and disturbs nothing. */
import { randomInt } from "node:crypto";
import { createCodec, type InboundMessage, type SessionEvent, topics } from "@wamesh/events";
import { type Consumer, openKafka } from "@wamesh/kafka";
import { afterAll, beforeAll, expect, it } from "vitest";
import { api, mesh, newTenant, reaches, sim, type TestTenant, until, wasenderTenant } from "./fixture.ts";

const inbound: InboundMessage[] = [];
const events: SessionEvent[] = [];
let witness: Consumer;

beforeAll(async () => {
  const kafka = openKafka({ brokers: mesh().kafkaBrokers, clientId: "test", log: () => {} });
  const codec = await createCodec({ registryUrl: mesh().registryUrl });
  witness = await kafka.consume({
    groupId: `test-callbacks-${randomInt(1e9)}`,
    topics: [topics.messageInbound, topics.sessionEvent],
    codec,
    deadLetter: { service: "test", producer: kafka.producer() },
    handle: async ({ topic, records }) => {
      for (const { record } of records)
        if (topic === topics.messageInbound.name) inbound.push(record as InboundMessage);
        else events.push(record as SessionEvent);
    },
  });
}, 60_000);
afterAll(() => witness?.stop());

/** What a tenant marks as read arrives at its provider, each once. */
async function marksRead(
  tenant: Pick<TestTenant, "key">,
  one: InboundMessage,
  more: object,
): Promise<object> {
  const body = { session_id: one.session, provider_id: one.provider_id, ...more };
  await api("POST", "/v1/messages/read", { key: tenant.key, body });
  return until(`${one.session} to mark a message as read`, async () => {
    type Marks = { read_marks: { of: string }[] };
    const { read_marks } = (await sim("GET", "/_sim/ledger/read-marks")) as Marks;
    const found = read_marks.filter(({ of }) => of === one.provider_id);
    if (found.length > 1) throw new Error("marked twice");
    return found[0];
  });
}

/** Waits for the kinds, and for nothing else to be there. */
async function heard(tenant: string, kinds: readonly string[]): Promise<InboundMessage[]> {
  return until(`${tenant} to hear ${kinds.join(", ")}`, async () => {
    const own = inbound.filter((one) => one.tenant === tenant);
    const unique = [...new Map(own.map((one) => [one.event_id, one])).values()];
    const found = unique.map((one) => one.kind).sort();
    if (JSON.stringify(found) !== JSON.stringify([...kinds].sort())) throw new Error(found.join(", "));
    return unique;
  });
}

it("of a Cloud API number and its account", async () => {
  const tenant = await newTenant("callbacks-cloud");
  const serial = String(randomInt(1e9)).padStart(9, "0");
  const [waba, number] = [`27${serial}`, `37${serial}`];
  const phone = `+1555${serial.slice(2)}`;
  const token = `token-of-${tenant.id}`;
  await sim("POST", "/_sim/wabas", {
    waba_id: waba,
    app_id: mesh().metaApp.id,
    token,
    numbers: [{ phone_number_id: number, display_phone_number: phone }],
    templates: [{ name: "welcome", language: "en_US", category: "UTILITY", body_params: 1 }],
  });
  const session = await api<{ id: string; account?: string }>("POST", "/v1/sessions", {
    key: tenant.key,
    body: {
      name: "main",
      provider: "cloud_api",
      phone,
      cloud_api: { waba_id: waba, phone_number_id: number, access_token: token },
    },
  });
  const state = () => api<{ status: string }>("GET", `/v1/sessions/${session.id}`, { key: tenant.key });
  await until("the session to be connected", async () => (await state()).status === "connected" || undefined);

  const to = { provider: "cloud_api", phone_number_id: number, from: "+15550001111" };
  await sim("POST", "/_sim/inbound", { ...to, text: "Hi", user_id: "US.8a1B", username: "mara" });
  await sim("POST", "/_sim/inbound", { ...to, text: "fixed", edits: "wamid.A", group: "Y2Fw" });
  await sim("POST", "/_sim/inbound", { ...to, deletes: "wamid.A" });
  await sim("POST", "/_sim/inbound", { ...to, reacts_to: "wamid.A", text: "👍" });
  await sim("POST", "/_sim/calls", to);
  await sim("POST", "/_sim/preferences", { phone_number_id: number, from: to.from, value: "stop" });
  const template = { waba_id: waba, name: "welcome", language: "en_US" };
  await sim("POST", "/_sim/notices", { ...template, kind: "template_status", event: "APPROVED" });
  await sim("POST", "/_sim/notices", { ...template, kind: "template_quality", quality: "YELLOW" });
  await sim("POST", "/_sim/notices", { ...template, kind: "template_category", category: "MARKETING" });
  const notices = [
    { kind: "phone_quality", phone_number_id: number, event: "ONBOARDING", limit: "TIER_2K" },
    { kind: "limits", limit: "TIER_10K" },
    { kind: "account", event: "ACCOUNT_VIOLATION" },
    { kind: "other", field: "brand_new", event: "NEWS" },
  ];
  for (const notice of notices) await sim("POST", "/_sim/notices", { waba_id: waba, ...notice });

  const told = await heard(tenant.id, ["text", "edit", "delete", "reaction", "call", "preference"]);
  expect(new Set(told.map((one) => one.session))).toEqual(new Set([session.id]));
  const one = (kind: string) => told.find((record) => record.kind === kind);
  expect(one("text")?.identities.map(({ kind }) => kind)).toEqual(["phone", "bsuid", "username"]);
  expect(one("edit")).toMatchObject({ group: "Y2Fw", text: "fixed", answers_provider_id: "wamid.A" });
  expect(one("preference")?.preference).toEqual({ scope: "marketing", opted_out: true });

  expect(await marksRead(tenant, one("text")!, { typing: true })).toMatchObject({
    sender: number,
    typing: true,
  });

  const seen = await until("all that happened to the account", async () => {
    const own = events.filter((event) => event.tenant === tenant.id && event.kind !== "status");
    const words = own.map(({ session: of, kind, value }) => `${of && "session "}${kind} ${value}`);
    const unique = [...new Set(words)].sort();
    if (unique.length < 7) throw new Error(unique.join(", "));
    return unique;
  });
  expect(seen).toEqual([
    "account ACCOUNT_VIOLATION",
    "limit TIER_10K",
    "other brand_new NEWS",
    "session limit TIER_2K",
    "template category",
    "template quality",
    "template status",
  ]);

  // Nothing of it is in the way of a message and its receipts. It goes to somebody else: the first one
  // wants no marketing any more, and marketing is what the template has become.
  expect((await state()).status).toBe("connected");
  const { id } = await api<{ id: string }>("POST", "/v1/messages", {
    key: tenant.key,
    body: { to: "+15550001112", template: { name: "welcome", language: "en_US", variables: ["Mara"] } },
  });
  await reaches(tenant, id, ["delivered", "read"]);
});

it("of a WasenderApi session", async () => {
  const tenant = await wasenderTenant("callbacks-wasender");
  const wanted = ["messages.received", "messages.upsert", "messages.update", "message.sent"];
  await sim("PUT", `/_sim/wasender/sessions/${tenant.sender}`, {
    webhook_events: [...wanted, "messages.delete", "messages.reaction", "call"],
  });
  const to = { provider: "wasender", session_id: Number(tenant.sender), from: "+15550001111" };
  await sim("POST", "/_sim/inbound", { ...to, text: "Hi", user_id: "98765432101234" });
  await sim("POST", "/_sim/inbound", { ...to, text: "In a group", group: "120363000000000001@g.us" });
  await sim("POST", "/_sim/inbound", { ...to, text: "fixed", edits: "3A1" });
  await sim("POST", "/_sim/inbound", { ...to, deletes: "3A1" });
  await sim("POST", "/_sim/inbound", { ...to, reacts_to: "3EB0", text: "👍" });
  await sim("POST", "/_sim/calls", to);
  const told = await heard(tenant.id, ["text", "text", "edit", "delete", "reaction", "call"]);
  expect(new Set(told.map((one) => one.sender.value))).toEqual(new Set(["+15550001111"]));
  const texts = told.filter(({ kind }) => kind === "text");
  expect(texts.find(({ group }) => group === null)?.identities).toContainEqual({
    kind: "lid",
    value: "98765432101234@lid",
  });
  expect(texts.map(({ group }) => group).sort()).toEqual(["120363000000000001@g.us", null]);
  // The group's thread and the person's.
  expect(new Set(told.map((one) => one.conversation_id)).size).toBe(2);
  const chat = "98765432101234@lid";
  const written = texts.find(({ group }) => group === null)!;
  expect(await marksRead(tenant, written, { chat })).toMatchObject({ sender: tenant.sender, chat });
});
