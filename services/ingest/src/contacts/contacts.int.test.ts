/** Contacts on real servers: what people write and what tenants say of them, and what comes of it at the door. */
import { compactedKey, personOf, personTokens, topics } from "@wamesh/events";
import { inboundMessage, until } from "@wamesh/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Bench, openBench, optedOut, tokenKeys } from "../test-bench.ts";

let bench: Bench;
let next = 0;
/** Somebody new in each test. */
let mara: string;

beforeAll(async () => {
  bench = await openBench();
  await bench.startContacts();
  await bench.startOutbox();
}, 60_000);
afterAll(() => bench.close());
beforeEach(() => {
  mara = `+1555${2_000_000 + next++}`;
});

const secondAgo = (seconds: number) => Math.floor(Date.now() / 1000) * 1000 - seconds * 1000;
const tokensOf = (value: string, tenant = "acme") =>
  personTokens(tokenKeys, tenant, personOf({ kind: "phone", value })!);

function said(text: string, over: Parameters<typeof inboundMessage>[0] = {}) {
  return inboundMessage({
    session: "ses_a1",
    sender: { kind: "phone", value: mara },
    text,
    event_id: `${text}-${mara}`,
    occurred_at: secondAgo(10),
    ...over,
  });
}

type Contact = {
  sessions: { session_id: string; window_closes_at: string | null; window_left_s: number | null }[];
  consent: { scope: string; opted_out: boolean; version: number; source: string; proof: string }[];
};

async function contact(of = mara, key = "acme00000000"): Promise<Contact> {
  const answer = await bench.call("GET", `/v1/contacts/${encodeURIComponent(of)}`, undefined, { key });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Contact;
}

async function consentOf(of = mara) {
  return (await contact(of)).consent.map(
    ({ scope, opted_out, version }) => `${scope} ${opted_out} ${version}`,
  );
}

async function published(of = mara) {
  const records = await bench.read(topics.contactConsent);
  return records.filter(({ recipient_token: token }) => tokensOf(of).includes(token));
}

test("STOP becomes a record that everyone reads, and START the next one", async () => {
  await bench.writes(said("Stop!"));
  await until(async () => (await published()).length === 1);
  expect((await published())[0]).toMatchObject({
    tenant: "acme",
    recipient_token: tokensOf(mara)[0],
    scope: "all",
    version: 1,
    opted_out: true,
    source: "stop_word",
    proof: `Stop!-${mara}`,
  });
  const sent = bench.sent.findLast(({ topic }) => topic === topics.contactConsent.name);
  expect(sent?.key).toBe(compactedKey("acme", "consent", `${tokensOf(mara)[0]}|all`));
  await bench.writes(said("start", { occurred_at: secondAgo(5) }));
  await until(async () => (await published()).length === 2);
  expect(await consentOf()).toEqual(["all false 2"]);
});

test("words read twice, and out of order, come to the same", async () => {
  const stop = said("stop", { occurred_at: secondAgo(20) });
  const start = said("start", { occurred_at: secondAgo(30) });
  await bench.writes(stop, start, stop, start);
  await until(async () => (await consentOf()).includes("all true 1"));
  // And by another reader, whose cursors begin anew.
  await bench.startContacts("again");
  const [last] =
    await bench.sql`select sum(next_offset) as sum from stream_cursor where consumer = 'contacts'`;
  await until(async () => {
    const [again] =
      await bench.sql`select sum(next_offset) as sum from stream_cursor where consumer = 'again'`;
    return again?.sum === last?.sum;
  });
  expect(await consentOf()).toEqual(["all true 1"]);
  expect(await published()).toHaveLength(1);
});

test("what the tenant says holds at once, is published and audited, and a word said before does not overrule it", async () => {
  const put = (body: object) => bench.call("PUT", `/v1/contacts/${encodeURIComponent(mara)}/consent`, body);
  const answer = await put({ scope: "marketing", opted_out: true, proof: "form-7" });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    scope: "marketing",
    opted_out: true,
    version: 1,
    source: "api",
    proof: "form-7",
  });
  expect((await put({ scope: "all", opted_out: false })).status).toBe(200);
  await bench.writes(
    said("stop", { occurred_at: secondAgo(60) }),
    said("hello", { occurred_at: secondAgo(50) }),
  );
  await until(async () => (await contact()).sessions.length === 1);
  expect(await consentOf()).toEqual(["all false 1", "marketing true 1"]);
  await until(async () => (await published()).length === 2);
  const audit = (await bench.read(topics.audit)).filter(({ object_id }) => object_id === tokensOf(mara)[0]);
  expect(audit.map(({ action }) => action).sort()).toEqual(["contact.opted_in", "contact.opted_out"]);
  expect(JSON.stringify(audit)).not.toContain(mara.slice(1));
});

test.each([
  ["an unknown field", { scope: "all", opted_out: true, why: "x" }, 400, "unknown_field"],
  ["a scope that is none", { scope: "sms", opted_out: true }, 400, "invalid_body"],
  ["nothing said", { scope: "all" }, 400, "invalid_body"],
])("%s is refused", async (_what, body, status, code) => {
  const answer = await bench.call("PUT", `/v1/contacts/${encodeURIComponent(mara)}/consent`, body);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ code });
});

test.each(["Mara", "+1555", "120363000000000001@g.us"])("%s is no person to speak of", async (recipient) => {
  const answer = await bench.call("GET", `/v1/contacts/${encodeURIComponent(recipient)}/consent`);
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({
    code: "recipient_impossible",
    errors: [{ field: "recipient" }],
  });
});

test("a person known under an older key of the ring stays one person", async () => {
  const old = tokensOf(mara)[1]!;
  await bench.sql.begin(async (tx) => {
    await tx`select set_config('app.tenants', 'acme', true)`;
    await tx`
      insert into contact_consent (tenant, person, scope, version, opted_out, source, occurred_at)
      values ('acme', ${old}, 'all', 4, true, 'stop_word', clock_timestamp() - interval '1 day')`;
  });
  expect(await consentOf()).toEqual(["all true 4"]);
  await bench.writes(said("start"));
  await until(async () => (await consentOf()).includes("all false 5"));
  await until(async () => (await published()).some(({ recipient_token }) => recipient_token === old));
  expect((await published()).filter(({ scope }) => scope === "all")).toHaveLength(1);
});

test("another tenant sees nothing of it", async () => {
  await bench.writes(said("stop"));
  await until(async () => (await consentOf()).length === 1);
  expect(await contact(mara, "globex000000")).toEqual({ sessions: [], consent: [] });
});

test("the number a person wrote to last is the one that answers, also to another spelling of theirs", async () => {
  mara = `+55119${87_650_000 + next++}`;
  const send = async (to: string) => {
    const answer = await bench.call("POST", "/v1/messages", { to, text: { body: "Hi" } });
    expect(answer.status).toBe(202);
    return ((await answer.json()) as { session_id: string }).session_id;
  };
  const byHash = await send(mara);
  const other = byHash === "ses_a1" ? "ses_a2" : "ses_a1";
  const withoutNine = `${mara.slice(0, 5)}${mara.slice(6)}`;
  const asWhatsApp = { sender: { kind: "phone", value: withoutNine } } as const;
  await bench.writes(said("hello", { ...asWhatsApp, session: other, occurred_at: secondAgo(10) }));
  await until(async () => (await send(mara)) === other);
  expect(await send(withoutNine)).toBe(other);
  await bench.writes(said("hello", { session: byHash, occurred_at: secondAgo(5) }));
  await until(async () => (await send(mara)) === byHash);
  const { sessions } = await contact();
  expect(sessions.map(({ session_id }) => session_id)).toEqual([byHash, other]);
  const batch = await bench.call("POST", "/v1/messages/batch", {
    messages: [{ to: mara, text: { body: "Hi" } }],
  });
  expect(batch.status).toBe(202);
});

test("the window's end is told, as long as the provider has one", async () => {
  await bench.writes(
    said("hello", { occurred_at: secondAgo(3600) }),
    said("hello", { tenant: "globex", session: "ses_g1", provider: "wasender", occurred_at: secondAgo(10) }),
    said("old", { session: "ses_a2", occurred_at: secondAgo(90_000) }),
    said("gone", { session: "ses_deleted", occurred_at: secondAgo(10) }),
  );
  await until(async () => (await contact()).sessions.length === 2);
  const [open, closed] = (await contact()).sessions;
  expect(open).toMatchObject({ session_id: "ses_a1" });
  expect(open!.window_left_s).toBeGreaterThan(82_700);
  expect(open!.window_left_s).toBeLessThanOrEqual(82_800);
  expect(closed).toMatchObject({ session_id: "ses_a2", window_left_s: 0 });
  await until(async () => (await contact(mara, "globex000000")).sessions.length === 1);
  expect((await contact(mara, "globex000000")).sessions).toMatchObject([
    { session_id: "ses_g1", window_closes_at: null, window_left_s: null },
  ]);
});

test("who has opted out is refused at the door, and in a batch alone", async () => {
  optedOut.add(`acme ${mara}`);
  const refused = await bench.call("POST", "/v1/messages", { to: mara, text: { body: "Hi" } });
  expect(refused.status).toBe(422);
  expect(await refused.json()).toMatchObject({ code: "recipient_opted_out", errors: [{ field: "to" }] });
  const batch = await bench.call("POST", "/v1/messages/batch", {
    messages: [
      { to: mara, text: { body: "Hi" } },
      { to: "+15558880000", text: { body: "Hi" } },
    ],
  });
  expect(await batch.json()).toMatchObject({
    accepted: 1,
    results: [{ status: "refused", problem: { code: "recipient_opted_out" } }, { status: "accepted" }],
  });
});
