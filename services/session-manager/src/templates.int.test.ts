/** Templates on real servers and with a provider that reviews them: nothing ordered is lost, nothing is made twice. */
import { partition, type SessionEvent, type TemplateChange, type TenantConfig, topics } from "@wamesh/events";
import { sessionEvent, until } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorld, type World, watch } from "./int-world.ts";
import {
  accountToken,
  type SimulatedProvider,
  startSimulatedProvider,
} from "./templates/simulated-provider.ts";

type Template = {
  id: string;
  account: string;
  name: string;
  state: string;
  reason: string;
  quality: string | null;
  category: string;
  provider_id: string | null;
  components: object[];
  waiting_for: string;
};

let provider: SimulatedProvider;
let world: World;
let tenant: { id: string; key: string };
let configs: Awaited<ReturnType<typeof watch<TenantConfig>>>;
beforeAll(async () => {
  provider = await startSimulatedProvider();
  world = await openWorld({
    providerUrls: { cloudApi: provider.cloudApiUrl, wasender: "http://127.0.0.1:1" },
  });
  tenant = await world.tenant("author");
  configs = await watch(world, topics.tenantConfig);
});
afterAll(async () => {
  await configs.table.stop();
  await world.close();
  await provider.close();
});

/** An account with one connected number, and what it came with. */
async function account(waba: string, templates: object[] = []) {
  const number = `3${waba}`;
  await provider.control("POST", "/wabas", {
    waba_id: waba,
    app_id: "4711",
    token: accountToken,
    numbers: [{ phone_number_id: number, display_phone_number: `+1555000${waba}` }],
    templates,
  });
  const made = await world.call("POST", "/v1/sessions", {
    key: tenant.key,
    body: {
      name: waba,
      provider: "cloud_api",
      cloud_api: { waba_id: waba, phone_number_id: number, access_token: accountToken },
    },
  });
  expect(made.status).toBe(201);
  const { id: session, account: id } = made.body as unknown as { id: string; account: string };
  const records = () =>
    configs.seen
      .map(({ record }) => record)
      .filter((record) => record.kind === "template" && record.template_record?.account === id);
  await until(() => records().some((record) => record.id === `${id}|*|*`));
  return { session, id, waba, records };
}

const order = (over: object = {}) => ({
  name: "order_ready",
  language: "en_US",
  category: "utility",
  components: [
    { type: "HEADER", format: "TEXT", text: "Order {{1}}", example: { header_text: ["88"] } },
    { type: "BODY", text: "Hi {{1}}, order {{2}} is ready.", example: { body_text: [["Mara", "88"]] } },
    { type: "FOOTER", text: "Depot 4" },
    {
      type: "BUTTONS",
      buttons: [
        { type: "QUICK_REPLY", text: "OK" },
        {
          type: "URL",
          text: "Track",
          url: "https://example.test/o/{{1}}",
          example: ["https://example.test/o/88"],
        },
      ],
    },
  ],
  ...over,
});
const post = (path: string, body: object) => world.call("POST", path, { key: tenant.key, body });
async function create(body: object): Promise<Template> {
  const made = await post("/v1/templates", body);
  expect([made.status, made.body.code]).toEqual([201, undefined]);
  return made.body as unknown as Template;
}
const get = async (id: string) =>
  (await world.call("GET", `/v1/templates/${id}`, { key: tenant.key })).body as unknown as Template;
const becomes = (id: string, state: string) =>
  until(async () => {
    const now = await get(id);
    if (now.state !== state) throw new Error(JSON.stringify(now));
    return now;
  });
/** Submitted, reviewed at once, and told so. */
async function approved(of: { id: string; session: string }): Promise<string> {
  const { id } = await create({ session_id: of.session, ...order(), submit: true });
  await becomes(id, "pending");
  await told(of, { status: "approved" });
  await becomes(id, "approved");
  return id;
}

/** What the webhook-router makes of a callback. */
async function told(
  of: { id: string },
  change: Partial<TemplateChange>,
  occurredAtMs = Date.now(),
  owner = tenant.id,
): Promise<void> {
  const template: TemplateChange = {
    name: "order_ready",
    language: "en_US",
    provider_id: null,
    event: "status",
    status: null,
    quality: null,
    category: null,
    reason: null,
    ...change,
  };
  const record: SessionEvent = sessionEvent({
    tenant: owner,
    session: "",
    account: of.id,
    kind: "template",
    evidence: "callback",
    template,
    occurred_at: occurredAtMs,
  });
  const producer = world.kafka.producer();
  await producer.send([
    {
      topic: topics.sessionEvent.name,
      partition: partition(owner, await world.kafka.partitions(topics.sessionEvent.name)),
      key: owner,
      value: world.codec.encode(topics.sessionEvent, record),
      headers: { tenant: owner },
    },
  ]);
  await producer.close();
}

test("an account's templates are taken in when it connects, and that all are known is told after them", async () => {
  const row = (i: number) => ({ name: `t${i}`, language: "en", category: "UTILITY", body_params: i % 3 });
  const of = await account("2101", [
    ...Array.from({ length: 30 }, (_, i) => row(i)),
    { name: "code", language: "en_US", category: "AUTHENTICATION", body_params: 1 },
    { name: "resting", language: "en_US", category: "MARKETING", status: "PAUSED" },
  ]);
  const ids = of.records().map((record) => record.id);
  expect(ids).toHaveLength(33);
  expect(ids.at(-1)).toBe(`${of.id}|*|*`);
  expect(of.records().find((record) => record.id === `${of.id}|t2|en`)).toMatchObject({
    state: "approved",
    template_record: { whole: true, body_parameters: 2, parts: [{ kind: "body", parameters: ["1", "2"] }] },
  });
  expect(
    of.records().find((record) => record.id === `${of.id}|code|en_US`)?.template_record?.parts,
  ).toMatchObject([
    { kind: "body", parameters: ["1"] },
    { kind: "button", sub_type: "url", index: 0, parameters: ["1"] },
  ]);
  const paused = await world.call("GET", `/v1/templates?account=${of.id}&state=paused`, { key: tenant.key });
  expect(paused.body.items).toMatchObject([{ name: "resting", category: "marketing" }]);
  const pages = await world.call("GET", `/v1/templates?account=${of.id}&limit=20`, { key: tenant.key });
  expect(pages.body.items).toHaveLength(20);
});

test("a draft is told to nobody; submitted, it goes to the provider, and follows what callbacks tell", async () => {
  const of = await account("2102");
  await provider.control("PUT", "/wabas/2102/review", { verdict: "wait" });
  const draft = await create({ session_id: of.session, ...order() });
  expect(draft).toMatchObject({ state: "draft", account: of.id, provider_id: null });
  expect(of.records()).toHaveLength(1);
  expect(await provider.templates("2102")).toEqual([]);
  expect((await post("/v1/templates", { account: of.id, ...order() })).body.code).toBe("conflict");

  expect((await post(`/v1/templates/${draft.id}/submit`, {})).status).toBe(200);
  const pending = await becomes(draft.id, "pending");
  expect(await provider.templates("2102")).toMatchObject([{ id: pending.provider_id, status: "PENDING" }]);

  await told(of, { status: "approved" });
  await becomes(draft.id, "approved");
  await until(() => of.records().at(-1)?.state === "approved");
  expect(of.records().at(-1)?.template_record).toMatchObject({
    category: "utility",
    body_parameters: 2,
    parts: [
      { kind: "header", format: "text", parameters: ["1"] },
      { kind: "body", parameters: ["1", "2"] },
      { kind: "button", sub_type: "quick_reply", index: 0 },
      { kind: "button", sub_type: "url", index: 1, parameters: ["1"] },
    ],
  });

  await told(of, { event: "quality", quality: "red" });
  await told(of, { status: "paused", reason: "none" });
  expect(await becomes(draft.id, "paused")).toMatchObject({ quality: "red" });
  await told(of, { event: "category", category: "marketing" });
  await until(async () => (await get(draft.id)).category === "marketing");
  const versions = of.records().map((record) => Number(record.version));
  expect(versions).toEqual(versions.toSorted((a, b) => a - b));
});

test("an answer that gets lost makes no second template, and no lost one", async () => {
  const of = await account("2103");
  provider.loseAnswerTo("POST");
  const made = await create({ session_id: of.session, ...order(), submit: true });
  expect(made.state).toBe("submitting");
  expect(await becomes(made.id, "approved")).toMatchObject({
    provider_id: expect.stringMatching(/^\d+$/),
    reason: "",
  });
  const posts = provider.asked.filter((one) => one === "POST /v25.0/2103/message_templates");
  expect(posts).toHaveLength(2);
  expect(await provider.templates("2103")).toHaveLength(1);
});

test("what was submitted while the provider was away, or before a restart, is told when it can be", async () => {
  const of = await account("2104");
  provider.cut(true);
  const made = await create({ session_id: of.session, ...order(), submit: true });
  await until(async () => (await get(made.id)).waiting_for !== "");
  await world.restart();
  expect(await provider.templates("2104")).toEqual([]);
  provider.cut(false);
  await becomes(made.id, "pending");
});

test("what the provider refuses is rejected with its words, and can be corrected and submitted again", async () => {
  const of = await account("2105");
  const id = await approved(of);
  expect((await world.call("DELETE", `/v1/templates/${id}`, { key: tenant.key })).status).toBe(204);
  await until(async () => (await provider.templates("2105")).length === 0);
  await until(() => of.records().at(-1)?.state === "deleted");
  await until(
    async () => (await world.call("GET", `/v1/templates/${id}`, { key: tenant.key })).status === 404,
  );

  // Its name rests for a month.
  const again = await until(async () => {
    const { status, body } = await post("/v1/templates", {
      session_id: of.session,
      ...order(),
      submit: true,
    });
    return status === 201 && (body as unknown as Template);
  });
  const rejected = await becomes((again as Template).id, "rejected");
  expect(rejected.reason).toContain("being deleted");
  const path = `/v1/templates/${rejected.id}`;
  const patched = await world.call("PATCH", path, {
    key: tenant.key,
    body: { components: [{ type: "BODY", text: "Short." }] },
  });
  expect(patched.body).toMatchObject({ state: "rejected", components: [{ type: "BODY" }] });
  expect((await post(`${path}/submit`, {})).body).toMatchObject({ state: "submitting" });
  await becomes(rejected.id, "rejected");
});

test("an approved template is edited at the provider, its category is kept, and it is edited once a day", async () => {
  const of = await account("2106");
  const id = await approved(of);
  const patch = (body: object) => world.call("PATCH", `/v1/templates/${id}`, { key: tenant.key, body });
  expect((await patch({ category: "marketing" })).body.code).toBe("conflict");
  await provider.control("PUT", "/wabas/2106/review", { verdict: "wait" });
  const components = [{ type: "BODY", text: "Your order {{1}} waits.", example: { body_text: [["88"]] } }];
  expect((await patch({ components })).body).toMatchObject({ state: "submitting" });
  await becomes(id, "pending");
  expect(await provider.templates("2106")).toMatchObject([{ status: "PENDING", components }]);
  expect((await patch({ components })).body.code).toBe("conflict");
  await told(of, { status: "approved" });
  await becomes(id, "approved");
  expect((await patch({ components })).body.errors[0]?.problem).toContain("24 hours");
});

test("a pause is ended at the provider; one that is over there already is over here", async () => {
  const of = await account("2110");
  const id = await approved(of);
  const unpause = () => post(`/v1/templates/${id}/unpause`, {});
  expect(await unpause()).toMatchObject({ status: 200, body: { state: "approved" } });
  await provider.control("PUT", "/wabas/2110/templates", {
    name: "order_ready",
    language: "en_US",
    status: "PAUSED",
  });
  await told(of, { status: "paused" });
  await becomes(id, "paused");
  expect((await unpause()).body).toMatchObject({ state: "paused" });
  await becomes(id, "approved");
  expect(await provider.templates("2110")).toMatchObject([{ status: "APPROVED" }]);

  // Paused here by a callback that came late: it is not paused there, and that is taken over.
  await told(of, { status: "paused" });
  await becomes(id, "paused");
  await unpause();
  expect(await becomes(id, "approved")).toMatchObject({ reason: "" });
});

test("a carousel is made, listed by the provider as it was made, and known as one whose parts are not checked", async () => {
  const of = await account("2111");
  const card = (text: string) => ({
    components: [
      { type: "HEADER", format: "IMAGE", example: { header_handle: ["4::aW"] } },
      { type: "BODY", text },
      { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "More" }] },
    ],
  });
  const components = [
    { type: "BODY", text: "Our plants." },
    { type: "CAROUSEL", cards: [card("A fern."), card("A moss.")] },
  ];
  const made = await create({
    session_id: of.session,
    ...order({ name: "plants", category: "marketing", components }),
    submit: true,
  });
  await becomes(made.id, "pending");
  expect(await provider.templates("2111")).toMatchObject([{ name: "plants", components }]);
  await until(() => of.records().some(({ template_record }) => template_record?.name === "plants"));
  const record = of.records().findLast(({ template_record }) => template_record?.name === "plants");
  expect(record?.template_record?.whole).toBe(false);
});

/** As if the last list were older than the minute that lies between two. */
async function aged(of: { id: string }): Promise<void> {
  await world.sql.begin(async (tx) => {
    await tx`select set_config('app.tenants', ${tenant.id}, true)`;
    await tx`
      update account set templates_synced_at = templates_synced_at - interval '2 minutes' where id = ${of.id}`;
  });
}

test("words out of order, foreign ones and unknown ones change nothing that the provider's list does not say", async () => {
  const of = await account("2107");
  const id = await approved(of);
  const lists = () =>
    provider.asked.filter((one) => one.startsWith("GET /v25.0/2107/message_templates")).length;
  let before = lists();
  await aged(of);
  await told(of, { status: "paused" }, Date.now() - 3_600_000);
  await until(() => lists() > before);
  expect((await get(id)).state).toBe("approved");

  const stranger = await world.tenant("stranger");
  await told(of, { status: "disabled" }, Date.now(), stranger.id);
  before = lists();
  // Made elsewhere: the callback comes first, the list tells what it is.
  await provider.control("PUT", "/wabas/2107/templates", {
    name: "order_ready",
    language: "en_US",
    quality: "GREEN",
  });
  await until(
    async () => {
      await aged(of);
      await told(of, { name: "unheard_of", status: "approved" });
      return lists() > before;
    },
    { everyMs: 500 },
  );
  await until(async () => (await get(id)).quality === "green");
  expect((await get(id)).state).toBe("approved");
});

test("what is gone at the provider is gone here; what leaves the mesh is taken back for all readers", async () => {
  const of = await account("2108", [{ name: "welcome", language: "en", category: "UTILITY" }]);
  const [welcome] = (await world.call("GET", `/v1/templates?account=${of.id}`, { key: tenant.key })).body
    .items;
  await provider.control("POST", "/wabas", {
    waba_id: "2108",
    app_id: "4711",
    token: accountToken,
    numbers: [{ phone_number_id: "32108", display_phone_number: "+15550002108" }],
    templates: [{ name: "other", language: "en", category: "UTILITY" }],
  });
  const sync = await post("/v1/templates/sync", { account: of.id });
  expect([sync.status, sync.body]).toMatchObject([202, { account: of.id, synced_at: expect.any(String) }]);
  await until(
    async () => (await world.call("GET", `/v1/templates/${welcome!.id}`, { key: tenant.key })).status === 404,
  );
  await world.call("DELETE", `/v1/sessions/${of.session}`, { key: tenant.key });
  const last = () => new Map(of.records().map((record) => [record.id, record.state]));
  await until(() => last().get(`${of.id}|*|*`) === "deleted");
  expect([...last().values()]).toEqual(["deleted", "deleted", "deleted"]);
});

test.each<[string, object, string, string]>([
  [
    "a body that ends with a variable",
    { components: [{ type: "BODY", text: "Hi {{1}}" }] },
    "template_invalid",
    "components.0.text",
  ],
  ["a name in capitals", { name: "Order" }, "template_invalid", "name"],
  ["an unknown component", { components: [{ type: "SIDE" }] }, "invalid_body", "components.0.type"],
  ["an unknown field", { colour: "red" }, "unknown_field", "colour"],
  ["an account of nobody", { account: "acc_aaaaaaaaaaaaaaaa" }, "unknown_session", "account"],
  ["no account", { account: undefined }, "invalid_body", "session_id"],
])("%s is a problem that names the field", async (_title, over, code, field) => {
  const answer = await post("/v1/templates", { account: "acc_aaaaaaaaaaaaaaaa", ...order(), ...over });
  expect(answer.body.code).toBe(code);
  expect(answer.body.errors[0]).toMatchObject({ field });
  expect(answer.body.errors[0]!.remedy).not.toBe("");
});
