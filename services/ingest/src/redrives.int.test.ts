/** Redrives on real servers: what was given up is noted, found, and sent anew once. */
import { randomUUID } from "node:crypto";
import { type DeadLetter, eventId, laneTopics, type OutboundMessage, topics } from "@wamesh/events";
import { deadLetterRecord, outboundMessage, until } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { redriveOnce } from "./redrives/run-redrives.ts";
import { type Bench, openBench, optedOut } from "./test-bench.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  await bench.startLetters();
  await bench.startOutbox();
});
afterAll(() => bench.close());

type View = {
  redrive_id: string;
  state: string;
  found: number;
  redriven: number;
  skipped: number;
  skips: object[];
  not_redrivable: object[];
  code: string;
  items: View[];
};

const call = async (method: string, path: string, body?: unknown, more?: Parameters<Bench["call"]>[3]) =>
  (await (await bench.call(method, path, body, more)).json()) as View;

let offset = 0;
/** As the dispatcher gives up a message: as JSON. */
function givenUp(over: Partial<OutboundMessage>, reason: string): DeadLetter {
  const message = outboundMessage({
    message_id: randomUUID(),
    session: "ses_a1",
    account: "acc_ses_a1",
    ...over,
  });
  return deadLetterRecord({
    dead_id: eventId("dead", message.message_id),
    tenant: message.tenant,
    service: "dispatcher",
    origin_topic: laneTopics.standard.name,
    origin_offset: offset++,
    origin_value: Buffer.from(JSON.stringify(message)),
    origin_headers: { "content-type": Buffer.from("application/json") },
    reason: { code: reason, fault_class: "provider", provider_code: null, detail: "" },
    message_id: message.message_id,
    occurred_at: Date.now(),
  });
}

async function noted(letters: readonly DeadLetter[]) {
  await bench.givesUp(...letters);
  await until(async () => {
    const wish = { dry_run: true, message_ids: letters.flatMap((one) => one.message_id ?? []) };
    const { found, not_redrivable } = await call("POST", "/v1/redrives", wish, {
      key: letters[0]!.tenant === "globex" ? "globex000000" : "acme00000000",
    });
    return found + not_redrivable.length >= letters.length;
  });
}

const anew = async () =>
  (await bench.read(topics.outboundStandard)).filter(({ retry_of }) => retry_of !== null);

test("what matches is sent anew at the pace, as new messages that name the old ones; the rest is named", async () => {
  const run = randomUUID().slice(0, 8);
  const reason = `reason_${run}`;
  const letters = [
    ...Array.from({ length: 5 }, (_, i) =>
      givenUp({ campaign: "cmp_1", recipient: { kind: "phone", value: `+1555200000${i}` } }, reason),
    ),
    givenUp({ recipient: { kind: "phone", value: "+15552000077" } }, reason),
    givenUp({ session: "ses_gone" }, reason),
    givenUp({}, "another_reason"),
  ];
  const unreadable = deadLetterRecord({
    dead_id: `dead-${run}`,
    tenant: "acme",
    origin_topic: topics.domainEvent.name,
    reason: { ...letters[0]!.reason },
    message_id: null,
    occurred_at: Date.now(),
  });
  await noted(letters);
  await bench.givesUp(unreadable);
  await until(
    async () => (await call("POST", "/v1/redrives", { reason, dry_run: true })).not_redrivable.length > 0,
  );
  optedOut.add("acme +15552000077");

  const headers = { "idempotency-key": `"redrive-${run}"` };
  const wish = { reason, rate_per_s: 4 };
  const made = await call("POST", "/v1/redrives", wish, { headers });
  expect(made).toMatchObject({
    state: "running",
    found: 7,
    redriven: 0,
    not_redrivable: [{ origin: topics.domainEvent.name, reason, count: 1 }],
  });
  expect(await call("POST", "/v1/redrives", wish, { headers })).toEqual(made);
  // Taken by one, they are no other's.
  expect(await call("POST", "/v1/redrives", wish)).toMatchObject({ state: "done", found: 0 });
  expect(await call("POST", "/v1/redrives", wish, { key: "globex000000" })).toMatchObject({ found: 0 });

  const redriver = bench.redriver();
  expect(await redriveOnce(redriver)).toBeLessThanOrEqual(4);
  expect(await call("GET", `/v1/redrives/${made.redrive_id}`)).toMatchObject({ state: "running" });
  await redriveOnce(redriver);
  const done = await call("GET", `/v1/redrives/${made.redrive_id}`);
  expect(done).toMatchObject({ state: "done", found: 7, redriven: 5, skipped: 2 });
  expect(done.skips).toEqual(
    expect.arrayContaining([
      { code: "recipient_opted_out", count: 1 },
      { code: "unknown_session", count: 1 },
    ]),
  );
  const old = new Set(letters.slice(0, 5).map(({ message_id }) => message_id));
  const sent = (await anew()).filter(({ retry_of }) => old.has(retry_of));
  expect(sent).toHaveLength(5);
  expect(new Set(sent.map(({ message_id }) => message_id)).size).toBe(5);
  for (const message of sent) {
    expect(old.has(message.message_id)).toBe(false);
    expect(message).toMatchObject({ tenant: "acme", session: "ses_a1", campaign: "cmp_1" });
    expect(message.not_after).toBeGreaterThan(Date.now());
  }
  // What was kept is free for another; what was sent is not.
  expect(await call("POST", "/v1/redrives", { reason, dry_run: true })).toMatchObject({ found: 2 });
  expect((await call("GET", "/v1/redrives?limit=1")).items).toHaveLength(1);
  const audit = await until(async () => {
    const entries = (await bench.read(topics.audit)).filter(({ object_id }) => object_id === made.redrive_id);
    return entries.length >= 2 && entries;
  });
  expect(audit.map(({ action, actor_key }) => [action, actor_key])).toEqual([
    ["redrive.created", "acme00000000"],
    ["redrive.done", "acme00000000"],
  ]);
});

test("killed between Kafka's answer and the commit, it goes on and no message is another one", async () => {
  const reason = `reason_${randomUUID().slice(0, 8)}`;
  const letters = Array.from({ length: 6 }, () => givenUp({}, reason));
  await noted(letters);
  const made = await call("POST", "/v1/redrives", { reason, rate_per_s: 3 });
  const redriver = bench.redriver();
  const dying = {
    ...redriver,
    producer: {
      send: async (records: Parameters<typeof redriver.producer.send>[0]) => {
        await redriver.producer.send(records);
        throw new Error("killed");
      },
    },
  };
  await expect(redriveOnce(dying)).rejects.toThrow("killed");
  expect(await call("GET", `/v1/redrives/${made.redrive_id}`)).toMatchObject({
    redriven: 0,
    state: "running",
  });
  while ((await call("GET", `/v1/redrives/${made.redrive_id}`)).state === "running")
    await redriveOnce(redriver);
  expect(await call("GET", `/v1/redrives/${made.redrive_id}`)).toMatchObject({
    found: 6,
    redriven: 6,
    skipped: 0,
  });
  const old = new Set(letters.map(({ message_id }) => message_id));
  const sent = (await anew()).filter(({ retry_of }) => old.has(retry_of));
  // Three went twice, under one id and fingerprint each: the dispatcher takes them once.
  expect(sent).toHaveLength(9);
  expect(new Set(sent.map(({ message_id, fingerprint }) => `${message_id} ${fingerprint}`)).size).toBe(6);
});

test("a cancelled one sends no more, and what is left is free for the next", async () => {
  const reason = `reason_${randomUUID().slice(0, 8)}`;
  await noted(Array.from({ length: 4 }, () => givenUp({}, reason)));
  const { redrive_id: id } = await call("POST", "/v1/redrives", { reason, rate_per_s: 1 });
  const redriver = bench.redriver();
  await redriveOnce(redriver);
  expect(await call("DELETE", `/v1/redrives/${id}`, undefined, { key: "globex000000" })).toMatchObject({
    code: "not_found",
  });
  expect(await call("DELETE", `/v1/redrives/${id}`)).toMatchObject({ state: "cancelled", redriven: 1 });
  expect(await call("DELETE", `/v1/redrives/${id}`)).toMatchObject({ state: "cancelled" });
  expect(await redriveOnce(redriver)).toBe(0);
  const next = await call("POST", "/v1/redrives", { reason, session_id: "ses_a2" });
  expect(next).toMatchObject({ found: 3, session_id: "ses_a2" });
  expect(await redriveOnce(redriver)).toBe(3);
  await redriveOnce(redriver);
  expect(await call("DELETE", `/v1/redrives/${next.redrive_id}`)).toMatchObject({ code: "conflict" });
  expect((await anew()).filter(({ session }) => session === "ses_a2")).toHaveLength(3);
});

test("no room in the tenant's queue: it waits, and goes on when there is", async () => {
  const reason = `reason_${randomUUID().slice(0, 8)}`;
  await noted([givenUp({}, reason)]);
  await call("POST", "/v1/redrives", { reason });
  const full = bench.redriver({ quota: { room: () => 0, enter: () => {} } });
  expect(await redriveOnce(full)).toBe(0);
  expect(await redriveOnce(bench.redriver())).toBe(1);
});

test("a session of another tenant, a pace too high and a filter unknown are refused", async () => {
  expect(await call("POST", "/v1/redrives", { session_id: "ses_g1" })).toMatchObject({
    code: "unknown_session",
  });
  expect(await call("POST", "/v1/redrives", { rate_per_s: 1_000 })).toMatchObject({ code: "invalid_body" });
  expect(await call("POST", "/v1/redrives", { reasons: "x" })).toMatchObject({ code: "unknown_field" });
});

test("decisions over many are taken down in one go, each once with its audit entry; what is no id is named", async () => {
  const ids: string[] = [randomUUID(), randomUUID()];
  const before = bench.sent.length;
  const answer = await call("POST", "/v1/resolutions", {
    message_ids: [...ids, ids[0], "nonsense"],
    decision: "resend",
    reason: "checked with the carrier",
  });
  expect(answer.items).toMatchObject([
    { message_id: ids[0], accepted: true },
    { message_id: ids[1], accepted: true },
    { message_id: ids[0], accepted: true },
    {
      message_id: "nonsense",
      accepted: false,
      problem: { code: "not_found", errors: [{ field: "message_ids.3" }] },
    },
  ]);
  // Only these: the outbox may still tell of a redrive.
  const sent = bench.sent.slice(before).filter(({ headers }) => ids.includes(headers.ce_subject ?? ""));
  expect(sent.filter(({ topic }) => topic === topics.outboundCommand.name)).toHaveLength(2);
  expect(sent.filter(({ topic }) => topic === topics.audit.name)).toHaveLength(2);
  // The single decision's way makes the same one.
  const single = (await (
    await bench.call("POST", `/v1/messages/${ids[0]}/resolution`, { decision: "resend" })
  ).json()) as { command: { id: string } };
  expect(answer.items[0]).toMatchObject({ command_id: single.command.id });
});
