import { topics } from "@wamesh/events";
import type { OutgoingRecord } from "@wamesh/kafka";
import { withTenants } from "@wamesh/store";
import { dispatchState, domainEvent, tenantConfig, until } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench, replyOf } from "../test-bench.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  await bench.startWorker();
  await bench.startOutbox();
});
afterAll(() => bench.close());

const hour = 3_600_000;
const text = (body: string) => ({ to: { path: "data.phone" }, text: { body } });
const cart = (name: string, over: object = {}) => ({
  name,
  event_type: `${name}_abandoned`,
  steps: [
    { after_s: 3_600, message: text("Your cart waits") },
    { after_s: 7_200, message: text("Last call") },
  ],
  cancel_on: [{ event_type: `${name}_ordered` }],
  ...over,
});

let people = 0;
/** A number of its own for each test. */
const someone = () => `+1555123${String(1_000 + people++)}`;

async function save(definition: object, id?: string) {
  const response = await (id === undefined
    ? bench.call("POST", "/v1/rules", definition)
    : bench.call("PUT", `/v1/rules/${id}`, definition));
  expect(response.ok).toBe(true);
  return replyOf(response);
}

async function tell(type: string, id: string, data: object) {
  const event = { specversion: "1.0", source: "/shop", id, type, data };
  expect((await bench.call("POST", "/v1/events", event)).status).toBe(202);
}

/** What is told of the event, once it is `count` records. */
const toldOf = (id: string, count: number) =>
  until(
    async () => {
      const all = await bench.read(topics.eventOutcome);
      const found = all.filter((one) => one.source_event_id === id);
      return found.length >= count && found.sort((a, b) => a.recorded_at - b.recorded_at);
    },
    { what: `${count} outcomes of ${id}` },
  );

const messagesOf = async (id: string) =>
  (await bench.read(topics.outboundStandard)).filter((one) => one.source_event_id === id);

const rowsOf = (id: string) =>
  withTenants(
    bench.sql,
    ["acme"],
    (tx) =>
      tx<{ step: number; state: string; request: string | null; key_token: string | null }[]>`
        select step, state, request, key_token from rule_step where tenant = 'acme' and event_id = ${id} order by step`,
  );

/** As if it were so much later. */
const later = (ms: number) => bench.makeDue(Date.now() + ms);

test("a step waits, leaves when it is due with the id that follows from its event, and nothing of the person stays", async () => {
  await save(cart("plain"));
  const phone = someone();
  await tell("plain_abandoned", "plain-1", { phone });
  const scheduled = await toldOf("plain-1", 2);
  expect(scheduled).toMatchObject([
    { outcome: "scheduled", step: 0 },
    { outcome: "scheduled", step: 1 },
  ]);
  const waiting = await rowsOf("plain-1");
  expect(JSON.stringify(waiting.map(({ key_token }) => key_token))).not.toContain(phone.slice(1));

  await later(0);
  expect(await messagesOf("plain-1")).toEqual([]);
  await later(hour);
  const [message] = await messagesOf("plain-1");
  expect(message).toMatchObject({
    rule_step: 0,
    recipient: { value: phone },
    accepted_at: scheduled[0]!.due_at,
  });
  const told = await toldOf("plain-1", 3);
  expect(told.at(-1)).toMatchObject({ outcome: "messages", step: 0, message_ids: [message!.message_id] });
  expect(await rowsOf("plain-1")).toMatchObject([
    { step: 0, state: "done", request: null, key_token: null },
    { step: 1, state: "waiting" },
  ]);
});

test("an event of the same person calls off what waits, of them only, and both events tell of it", async () => {
  const rule = await save(cart("shop"));
  const [phone, other] = [someone(), someone()];
  await tell("shop_abandoned", "shop-1", { phone });
  await tell("shop_abandoned", "shop-2", { phone: other });
  await tell("shop_ordered", "shop-order", { phone });
  const told = await toldOf("shop-1", 4);
  for (const one of told.slice(2))
    expect(one).toMatchObject({
      outcome: "cancelled",
      reason: { code: "cancelled_by_event" },
      cancelled_by_event: "shop-order",
      cancelled_by_source: "/shop",
    });
  expect(await toldOf("shop-order", 1)).toMatchObject([{ outcome: "cancels", rule: rule.id }]);
  await later(3 * hour);
  expect(await messagesOf("shop-1")).toEqual([]);
  expect(await messagesOf("shop-2")).toHaveLength(2);
  // Nothing waits any more: the same again says so.
  await tell("shop_ordered", "shop-order-2", { phone });
  expect(await toldOf("shop-order-2", 1)).toMatchObject([
    { outcome: "ignored", reason: { code: "nothing_waiting" } },
  ]);
});

test.each([
  ["restart", ["cancelled", "cancelled"], ["scheduled", "scheduled"]],
  ["ignore", [], ["ignored"]],
  ["allow", [], ["scheduled", "scheduled"]],
])("retrigger %s: a second event meets the first one's waiting steps", async (retrigger, ended, begun) => {
  const name = `re${retrigger}`;
  await save(cart(name, { retrigger }));
  const phone = someone();
  await tell(`${name}_abandoned`, `${name}-1`, { phone });
  await tell(`${name}_abandoned`, `${name}-2`, { phone });
  const first = await toldOf(`${name}-1`, 2 + ended.length);
  expect(first.slice(2).map((one) => one.outcome)).toEqual(ended);
  expect((await toldOf(`${name}-2`, begun.length)).map((one) => one.outcome)).toEqual(begun);
});

test("the same event again begins nothing anew, not even after what it began was called off", async () => {
  await save(cart("again"));
  const phone = someone();
  await tell("again_abandoned", "again-1", { phone });
  await tell("again_ordered", "again-order", { phone });
  await tell("again_abandoned", "again-1", { phone });
  await tell("again_abandoned", "again-2", { phone: someone() });
  await toldOf("again-2", 2);
  expect(await toldOf("again-1", 4)).toHaveLength(4);
  expect((await rowsOf("again-1")).map((row) => row.state)).toEqual(["cancelled", "cancelled"]);
});

test("events that are read again change nothing: what one called off then does not call off what began since", async () => {
  await save(cart("reread"));
  const phone = someone();
  const of = (type: string, event_id: string) =>
    domainEvent({ tenant: "acme", source: "/shop", type, event_id, data: JSON.stringify({ phone }) });
  const read = [
    of("reread_abandoned", "reread-1"),
    of("reread_ordered", "reread-order"),
    of("reread_abandoned", "reread-2"),
  ];
  await bench.handOver(read, 0);
  await bench.handOver(read, 0);
  await tell("reread_ordered", "reread-end", { phone: someone() });
  await toldOf("reread-end", 1);
  const states = async (id: string) => (await rowsOf(id)).map((row) => row.state);
  expect(await states("reread-1")).toEqual(["cancelled", "cancelled"]);
  expect(await states("reread-2")).toEqual(["waiting", "waiting"]);
  expect(await toldOf("reread-1", 4)).toHaveLength(4);
  expect(await toldOf("reread-order", 1)).toHaveLength(1);
});

test("a death between producing and marking doubles no step: the message made again has the same id", async () => {
  await save(cart("kill", { steps: [{ after_s: 60, message: text("Once") }] }));
  await tell("kill_abandoned", "kill-1", { phone: someone() });
  await toldOf("kill-1", 1);
  const dies = {
    send: async (records: OutgoingRecord[]) => {
      await bench.send(records);
      throw new Error("killed after Kafka had it");
    },
  };
  await expect(bench.makeDue(Date.now() + hour, dies)).rejects.toThrow("killed");
  expect(await rowsOf("kill-1")).toMatchObject([{ state: "waiting" }]);
  // And before: nothing is lost either.
  await expect(
    bench.makeDue(Date.now() + hour, { send: () => Promise.reject(new Error("killed before")) }),
  ).rejects.toThrow("killed before");
  await later(hour);
  const made = await messagesOf("kill-1");
  expect(made).toHaveLength(2);
  expect(new Set(made.map((one) => one.message_id)).size).toBe(1);
  expect(new Set(made.map((one) => one.fingerprint)).size).toBe(1);
  await later(hour);
  expect(await messagesOf("kill-1")).toHaveLength(2);
});

test("two processes share what is due and make each step once", async () => {
  await save(cart("two", { retrigger: "allow", steps: [{ after_s: 60, message: text("Hi") }] }));
  const phone = someone();
  for (let i = 0; i < 20; i++) await tell("two_abandoned", `two-${i}`, { phone });
  await toldOf("two-19", 1);
  await Promise.all([later(hour), later(hour)]);
  const made = (await bench.read(topics.outboundStandard)).filter(({ source_event_id: id }) =>
    id?.startsWith("two-"),
  );
  expect(made).toHaveLength(20);
});

test("a changed rule lets the old version's steps be, and its own cancel_on calls them off", async () => {
  const rule = await save(cart("change", { cancel_on: [{ event_type: "change_old" }] }));
  const [stays, leaves] = [someone(), someone()];
  await tell("change_abandoned", "change-1", { phone: stays });
  await tell("change_abandoned", "change-2", { phone: leaves });
  await toldOf("change-2", 2);
  await save(
    cart("change", {
      cancel_on: [{ event_type: "change_new" }],
      steps: [{ after_s: 60, message: text("New") }],
    }),
    rule.id,
  );
  await tell("change_new", "change-new", { phone: stays });
  expect(await toldOf("change-new", 1)).toMatchObject([{ outcome: "ignored" }]);
  await tell("change_old", "change-old", { phone: leaves });
  expect(await toldOf("change-old", 1)).toMatchObject([{ outcome: "cancels" }]);
  await later(3 * hour);
  const made = await messagesOf("change-1");
  expect(made.map((one) => [one.rule_version, one.content.text?.body])).toEqual([
    [1, "Your cart waits"],
    [1, "Last call"],
  ]);
  expect(await messagesOf("change-2")).toEqual([]);
});

test("a deleted rule calls its waiting steps off; a paused one holds them and makes nothing of new events", async () => {
  const rule = await save(cart("pause"));
  await tell("pause_abandoned", "pause-1", { phone: someone() });
  await toldOf("pause-1", 2);
  const patch = (state: string) => bench.call("PATCH", `/v1/rules/${rule.id}`, { state });
  expect(await replyOf(patch("paused"))).toMatchObject({ state: "paused", version: 1 });
  await tell("pause_abandoned", "pause-2", { phone: someone() });
  expect(await toldOf("pause-2", 1)).toMatchObject([{ outcome: "no_rule" }]);
  await later(hour);
  expect(await messagesOf("pause-1")).toEqual([]);
  expect((await patch("active")).status).toBe(200);
  await later(hour);
  expect(await messagesOf("pause-1")).toHaveLength(1);

  expect((await bench.call("DELETE", `/v1/rules/${rule.id}`)).status).toBe(204);
  const told = await toldOf("pause-1", 4);
  expect(told.find((one) => one.outcome === "cancelled")).toMatchObject({
    step: 1,
    reason: { code: "rule_deleted" },
    cancelled_by_event: null,
  });
  await later(3 * hour);
  expect(await messagesOf("pause-1")).toHaveLength(1);
});

test("versions are kept and read, and an older one is put back as a new one", async () => {
  const rule = await save(cart("versions"));
  await save(cart("versions", { name: "second" }), rule.id);
  const path = `/v1/rules/${rule.id}/versions`;
  const list = await replyOf(bench.call("GET", `${path}?limit=1`));
  expect(list.items).toMatchObject([{ version: 2, name: "second" }]);
  expect((await replyOf(bench.call("GET", `${path}?cursor=${list.next_cursor}`))).items).toMatchObject([
    { version: 1, name: "versions", changed_by: "acme00000000" },
  ]);
  expect(await replyOf(bench.call("GET", `${path}/1`))).toMatchObject({ version: 1 });
  expect(await replyOf(bench.call("POST", `${path}/1/restore`))).toMatchObject({
    version: 3,
    name: "versions",
  });
  expect((await bench.call("GET", `${path}/9`)).status).toBe(404);
  for (const [method, at] of [
    ["GET", ""],
    ["GET", "/1"],
    ["POST", "/1/restore"],
  ] as const)
    expect((await bench.call(method, `${path}${at}`, undefined, { key: "globex000000" })).status).toBe(404);
  expect(
    (await bench.call("PATCH", `/v1/rules/${rule.id}`, { state: "paused" }, { key: "globex000000" })).status,
  ).toBe(404);
});

test("a dry run tells what samples and the last events would make, and makes nothing", async () => {
  const rule = await save(cart("dry"));
  const phone = someone();
  await tell("dry_abandoned", "dry-1", { phone });
  await toldOf("dry-1", 2);
  const sample = { specversion: "1.0", source: "/shop", id: "s", type: "dry_abandoned", data: { phone } };
  const run = async (body: object, key = "acme00000000") =>
    (await replyOf(bench.call("POST", "/v1/rules/dry-run", body, { key }))) as unknown as {
      events: object[];
    };
  const waits = (body: string) => ({ outcome: "scheduled", message: { to: phone, text: body } });
  const bySample = await run({ rule_id: rule.id, events: [sample, { ...sample, id: "n", data: {} }] });
  expect(bySample.events).toMatchObject([
    { id: "s", results: [waits("Your cart waits"), waits("Last call")] },
    { id: "n", results: [{ outcome: "failed", reason: { code: "variable_missing" }, message: null }] },
  ]);
  const last = await until(async () => {
    const { events } = await run({ rule: cart("dry", { condition: "has(data.phone)" }), last: 5 });
    return events.length > 0 && events;
  });
  expect(last).toMatchObject([{ id: "dry-1", results: [{ outcome: "scheduled" }, {}] }]);
  // Another tenant has events of its own.
  expect((await run({ rule: cart("dry"), last: 5 }, "globex000000")).events).toEqual([]);
  expect(await toldOf("dry-1", 2)).toHaveLength(2);
});

test("an event in binary mode is the same event, and one that lacks an attribute says which", async () => {
  const send = (headers: Record<string, string>) =>
    bench.call("POST", "/v1/events", { phone: someone() }, { headers });
  const attributes = { "ce-specversion": "1.0", "ce-source": "/shop", "ce-type": "binary", "ce-id": "bin-1" };
  expect(await (await send(attributes)).json()).toEqual({ results: [{ id: "bin-1", status: "accepted" }] });
  expect(await toldOf("bin-1", 1)).toMatchObject([{ type: "binary", outcome: "no_rule" }]);
  const { "ce-type": _, ...incomplete } = attributes;
  const refused = await send(incomplete);
  expect(refused.status).toBe(400);
  expect((await replyOf(refused)).errors).toMatchObject([{ field: "ce-type" }]);
});

test("an event type takes twenty rules, and the next one is refused with what to do", async () => {
  const crowd = cart("crowd");
  for (let i = 0; i < 20; i++) await save(crowd);
  const refused = await bench.call("POST", "/v1/rules", crowd);
  expect(refused.status).toBe(409);
  expect((await replyOf(refused)).errors).toMatchObject([{ field: "event_type" }]);
});

test.each([
  ["an unknown variable", "user.age > 3"],
  ["a loop in a loop", "data.a.exists(x, x.b.exists(y, y == 1))"],
  ["a regular expression", 'data.s.matches("(a+)+b")'],
])("a rule with %s is refused when it is saved, with field, place and remedy", async (_, condition) => {
  const refused = await bench.call("POST", "/v1/rules", cart("refused", { condition }));
  expect(refused.status).toBe(422);
  expect((await replyOf(refused)).errors).toMatchObject([
    {
      field: "condition",
      problem: expect.stringMatching(/character \d+/),
      remedy: expect.stringMatching(/\.$/),
    },
  ]);
});

test("an event whose message finds no room is not lost: it waits, says so, and makes the same message when there is room", async () => {
  await save({ name: "full", event_type: "full_house", message: { ...text("Welcome"), lane: "standard" } });
  const waits = (standard: number, ms: number) =>
    bench.counted(
      dispatchState({
        tenant: "acme",
        queued: { otp: 0, standard, bulk: 0 },
        sessions: [],
        recorded_at: Date.now() + ms,
      }),
    );
  bench.plans.set("acme", { ...tenantConfig().tenant_record!.plan, max_queued: 100 });
  waits(100, hour);
  const phone = someone();
  const event = domainEvent({
    ...{ tenant: "acme", source: "/shop", type: "full_house", event_id: "full-1" },
    data: JSON.stringify({ phone }),
  });
  await bench.handOver([event], 1_000);
  // Read again, it waits once.
  await bench.handOver([event], 1_000);
  expect((await toldOf("full-1", 1))[0]).toMatchObject({
    outcome: "scheduled",
    step: 0,
    reason: { code: "queue_full" },
  });
  await later(hour);
  expect(await messagesOf("full-1")).toEqual([]);
  expect(await rowsOf("full-1")).toMatchObject([{ step: 0, state: "waiting" }]);
  waits(0, 2 * hour);
  await later(hour);
  const [message, ...more] = await messagesOf("full-1");
  expect(more).toEqual([]);
  expect(message).toMatchObject({ recipient: { value: phone } });
  expect((await toldOf("full-1", 3)).at(-1)).toMatchObject({
    outcome: "messages",
    message_ids: [message!.message_id],
  });
  // With room it would have been the same message at once.
  bench.plans.delete("acme");
  await bench.handOver([event], 1_000);
  expect(new Set((await messagesOf("full-1")).map((one) => one.message_id)).size).toBe(1);
  expect(await rowsOf("full-1")).toMatchObject([{ state: "done", request: null }]);
});
