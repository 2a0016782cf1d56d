/** Look-ups against the real schedule's database: what has to be asked is found again by whoever owns the shard next. */
import { join } from "node:path";
import { contentToken, type MessageStatus, recipientToken } from "@wamesh/events";
import type { Echo } from "@wamesh/pacer";
import type { LookUp, MessageInfo, MessageLog, SessionCredentials } from "@wamesh/providers";
import { connect, type Sql } from "@wamesh/store";
import { type FreshDatabase, freshDatabase, messageStatus } from "@wamesh/testing";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Followed } from "./follow.ts";
import { createLookUps } from "./look-ups.ts";
import { createLookUpStore, type LookUpStore } from "./store.ts";

let database: FreshDatabase;
let sql: Sql;
let store: LookUpStore;
const root = join(import.meta.dirname, "../../../..");

beforeAll(async () => {
  const dirs = ["packages/pacer/migrations", "services/dispatcher/migrations"].map((dir) => join(root, dir));
  database = await freshDatabase({ migrations: [{ schema: "dispatch", dirs }] });
  // As the service connects: by its role, and without table scans.
  sql = connect({
    url: database.appUrl("dispatch"),
    schema: "dispatch",
    max: 4,
    applicationName: "test",
    avoidTableScans: true,
  });
  store = createLookUpStore(sql);
});
afterAll(async () => {
  await sql?.end();
  await database?.drop();
});
beforeEach(async () => {
  await sql`delete from own_message`;
  await sql`delete from session_failure`;
});

const key = "token key";
const person = { kind: "phone", value: "+15550001111" };

function told(id: string, over: Partial<Followed> = {}): Followed {
  return messageStatus({
    ...{ message_id: id, tenant: "acme", session: "ses_w", provider: "wasender", status: "sent", claim: 1 },
    provider_id: id.replace(/\D/g, ""),
    recipient_token: recipientToken(key, "acme", person),
    content_token: contentToken(key, "acme", "Hi"),
    claimed_at: 1_788_000_000_000,
    ...over,
  }) as Followed;
}

const doubt = (id: string, over: Partial<Followed> = {}) =>
  told(id, { status: "in_doubt", provider_id: null, ...over });
const follow = (...statuses: Followed[]) => store.follow(statuses.map((status) => ({ shard: 3, status })));
/** Time goes on until everything that waits is due. */
const wait = () => sql`update own_message set next_at = now_ms() - 1 where next_at is not null`;

type Answers = { info?: Record<string, Partial<MessageInfo>>; log?: MessageLog };

/** A process that owns these shards, and a provider that answers so. */
function asker(
  answers: Answers,
  more: { shards?: number[]; accountToken?: string; isDeleted?: boolean; now?: number } = {},
) {
  const { shards = [3], accountToken, isDeleted = false } = more;
  const seen = {
    calls: [] as string[],
    told: [] as MessageStatus[],
    settled: [] as Echo[],
    counted: [] as string[],
  };
  const lookUp: Pick<LookUp, "info" | "log"> = {
    async info(_sender, msgId) {
      seen.calls.push(msgId);
      const found = answers.info?.[msgId];
      if (found === undefined) return { kind: "unsure", why: "HTTP 502", waitMs: null };
      return { kind: "found", found: { status: null, key: null, digits: null, text: null, ...found } };
    },
    async log() {
      seen.calls.push("log");
      return answers.log === undefined
        ? { kind: "unsure", why: "HTTP 502", waitMs: null }
        : { kind: "found", found: answers.log };
    },
  };
  const credentials: SessionCredentials = {
    kind: "wasender",
    apiKey: "k",
    ...(accountToken === undefined ? {} : { accountToken }),
  };
  let monotonic = 0;
  const { round } = createLookUps({
    store,
    lookUp,
    directory: { session: () => (isDeleted ? { status: "deleted" } : undefined) as never },
    sender: (sessionId) => ({ sessionId, providerRef: "412", credentials }),
    owned: () => new Set(shards),
    tokenKeys: [key],
    settle: async (echo) => void seen.settled.push(echo),
    tell: async (status) => void seen.told.push(status),
    count: (call, found) => void seen.counted.push(`${call} ${found}`),
    log: { info() {}, warn() {} } as never,
    now: () => more.now ?? 1_788_000_060_000,
    // A minute between any two looks at the clock: no budget is met.
    monotonicMs: () => (monotonic += 60_000),
  });
  return { ...seen, round: (stopping = new AbortController().signal) => round(stopping) };
}

const waiting = async () =>
  (
    await sql<{ id: string }[]>`select message_id as id from own_message where next_at is not null order by 1`
  ).map(({ id }) => id);
const keys = async () =>
  Object.fromEntries(
    (
      await sql<
        { id: string; key: string | null }[]
      >`select message_id as id, provider_key as key from own_message`
    ).map((row) => [row.id, row.key]),
  );

it("a key that no callback brought is asked for, told and not asked for again; by the shard's owner only", async () => {
  await follow(told("m7"));
  const early = asker({ info: { 7: { key: "K" } } });
  await early.round();
  expect(early.calls).toEqual([]);
  await wait();
  const other = asker({ info: { 7: { key: "K" } } }, { shards: [1, 2] });
  await other.round();
  expect(other.calls).toEqual([]);
  const owner = asker({ info: { 7: { key: "K", status: "delivered" } } });
  await owner.round();
  expect(owner.told).toMatchObject([
    { message_id: "m7", status: "reference", origin: "provider", provider_id: "7", provider_key: "K" },
  ]);
  expect([await waiting(), await keys()]).toEqual([[], { m7: "K" }]);
  expect(owner.counted).toEqual(["info key"]);
});

it("a message whose callback came is not asked about, whichever is first", async () => {
  await follow(told("m7"), told("m8"));
  await store.learnt([
    { message_id: "m7", claim: 1, key: "K" },
    // Of an earlier claim, and of nobody here.
    { message_id: "m8", claim: 0, key: "L" },
    { message_id: "m9", claim: 1, key: "M" },
  ]);
  // Published a second time, after a take-over.
  await follow(told("m7"));
  expect([await waiting(), await keys()]).toEqual([["m8"], { m7: "K", m8: null }]);
});

it("one that WhatsApp did not take is told as failed by the provider", async () => {
  await follow(told("m7"));
  await wait();
  const owner = asker({ info: { 7: { status: "failed" } } });
  await owner.round();
  expect(owner.told).toMatchObject([
    { message_id: "m7", status: "failed", origin: "provider", reason: { code: "provider_refused" } },
  ]);
  expect(await waiting()).toEqual([]);
});

it("is told again when a crash comes between telling and writing down", async () => {
  await follow(told("m7"));
  await wait();
  const answers = { info: { 7: { key: "K" } } };
  const found = store.found;
  store.found = () => Promise.reject(new Error("killed"));
  await expect(asker(answers).round()).rejects.toThrow("killed");
  store.found = found;
  const next = asker(answers);
  await next.round();
  expect(next.told.map((one) => one.status)).toEqual(["reference"]);
});

it("what is not known yet is asked some times more, and then left", async () => {
  await follow(told("m7"));
  const owner = asker({ info: { 7: { key: null } } });
  for (let turn = 0; turn < 8; turn++) {
    await wait();
    await owner.round();
  }
  expect(owner.calls).toHaveLength(5);
  expect(owner.told).toEqual([]);
});

it("an answer that says nothing costs no turn and gives the session a rest", async () => {
  await follow(told("m7"), told("m8"));
  await wait();
  const owner = asker({});
  await owner.round();
  expect(owner.calls).toHaveLength(1);
  expect(owner.counted).toEqual(["info unsure"]);
  const rows = await sql<
    { asked: number; in_ms: number }[]
  >`select asked, (next_at - now_ms())::int as in_ms from own_message`;
  expect(rows.map(({ asked }) => asked)).toEqual([0, 0]);
  for (const { in_ms } of rows) expect(in_ms).toBeGreaterThan(20_000);
});

it("of two equal messages, the one that was taken to have the other's key is asked about in its turn", async () => {
  await follow(told("m7"), told("m8"));
  // The event of m7 is lost; that of m8 was taken for it.
  await store.learnt([{ message_id: "m7", claim: 1, key: "K8" }]);
  await wait();
  const owner = asker({ info: { 7: { key: "K7" }, 8: { key: "K8" } } });
  await owner.round();
  // A receipt on its way still says the old thing.
  await store.learnt([{ message_id: "m7", claim: 1, key: "K8" }]);
  await wait();
  await owner.round();
  expect(owner.told.map((one) => [one.message_id, one.provider_key])).toEqual([
    ["m8", "K8"],
    ["m7", "K7"],
  ]);
  expect(await keys()).toEqual({ m7: "K7", m8: "K8" });
});

const logRow = {
  id: "7",
  digits: "15550001111",
  text: "Hi",
  hasFailed: false,
  failure: "",
  createdAtMs: 1_788_000_001_000,
};

it("a doubt is settled by the session's log, and its key asked for after it", async () => {
  await follow(doubt("m7"));
  await wait();
  const answers = {
    log: { rows: [logRow], isWhole: true },
    info: { 7: { key: "K", digits: "15550001111", text: "Hi" } },
  };
  const owner = asker(answers, { accountToken: "pat" });
  await owner.round();
  expect(owner.settled).toMatchObject([{ shard: 3, id: "m7", n: 1, outcome: "sent", providerId: "log:7" }]);
  await follow(told("m7", { provider_id: "log:7" }));
  await wait();
  await owner.round();
  expect(owner.told).toMatchObject([{ status: "reference", provider_key: "K" }]);
});

it("a doubt whose row failed is settled as failed", async () => {
  await follow(doubt("m7"));
  await wait();
  const failed = { ...logRow, hasFailed: true, failure: "invalid WhatsApp number" };
  const owner = asker({ log: { rows: [failed], isWhole: true } }, { accountToken: "pat" });
  await owner.round();
  expect(owner.settled).toMatchObject([
    {
      outcome: "failed",
      reason: { code: "provider_refused", detail: expect.stringContaining("invalid WhatsApp number") },
    },
  ]);
});

it("a doubt that the log does not show is never settled; without the account's token it is not asked about", async () => {
  await follow(doubt("m7"));
  const owner = asker({ log: { rows: [], isWhole: true } }, { accountToken: "pat" });
  for (let turn = 0; turn < 9; turn++) {
    await wait();
    await owner.round();
  }
  expect(owner.calls).toHaveLength(7);
  expect(owner.settled).toEqual([]);

  await follow(doubt("m8"));
  await wait();
  const without = asker({ log: { rows: [logRow], isWhole: true } });
  await without.round();
  expect([without.calls, without.settled, await waiting()]).toEqual([[], [], []]);
});

const failedAt = 1_788_000_002_000;
/** A session tells of a failed send, and time goes on. */
async function failure(answers: Answers = {}, session = "ses_w") {
  await store.failureSeen({ session, at: failedAt });
  const early = asker(answers, { now: failedAt + 1_000 });
  await early.round();
  await wait();
  const late = asker(answers, { now: failedAt + 20_000 });
  await late.round();
  return { early, late };
}

it("a failure that names no message has those looked up at once that are open, and costs them no turn", async () => {
  await follow(told("m7"), told("m8", { session: "ses_other" }), told("m9"));
  await store.learnt([{ message_id: "m9", claim: 1, key: "K" }]);
  const { early } = await failure({ info: { 7: { status: "failed" } } });
  expect(early.calls).toEqual(["7"]);
  expect(early.told).toMatchObject([{ message_id: "m7", status: "failed" }]);

  await follow(told("m17"));
  for (let turn = 0; turn < 3; turn++) await store.failureSeen({ session: "ses_w", at: failedAt + turn });
  const waits = asker({ info: { 17: { key: null } } });
  await waits.round();
  expect(await sql`select asked from own_message where message_id = 'm17'`).toMatchObject([{ asked: 0 }]);
});

it("a failure that is told before its message's outcome is written down has it looked up at once too", async () => {
  const at = Date.now();
  await store.failureSeen({ session: "ses_w", at });
  const sentBefore = { claimed_at: at - 1_000 };
  await follow(
    told("m7", sentBefore),
    told("m8", { ...sentBefore, session: "ses_other" }),
    told("m9", { claimed_at: at + 60_000 }),
  );
  const owner = asker({ info: { 7: { status: "failed" } } });
  await owner.round();
  expect(owner.calls).toEqual(["7"]);
  expect(owner.told).toMatchObject([{ message_id: "m7", status: "failed" }]);
  // Written down again, it is no other failure.
  await follow(told("m7", sentBefore));
  await owner.round();
  expect(owner.calls).toEqual(["7"]);
});

it("it is the failure of the one message that is open, where nothing can be asked about it", async () => {
  await follow(doubt("m7"));
  const { early, late } = await failure();
  expect(early.settled).toEqual([]);
  expect(late.settled).toMatchObject([
    { id: "m7", n: 1, outcome: "failed", reason: { code: "provider_refused" } },
  ]);

  await sql`delete from own_message`;
  await follow(told("m8", { provider_id: "none:m8.1" }));
  const version = await failure();
  expect(version.late.told).toMatchObject([{ message_id: "m8", status: "failed" }]);
});

it("a failure that a look-up explains is no other message's", async () => {
  await follow(told("m7"), doubt("m8"));
  const { early, late } = await failure({ info: { 7: { status: "failed" } } });
  expect(early.told).toMatchObject([{ message_id: "m7", status: "failed" }]);
  expect(late.settled).toEqual([]);
});

it("a process that stops leaves what was not answered due for the next", async () => {
  await follow(told("m7"));
  await wait();
  const stopping = new AbortController();
  const leaving = asker({});
  const left = leaving.round(stopping.signal);
  stopping.abort();
  await left;
  const next = asker({ info: { 7: { key: "K" } } });
  await next.round();
  expect(next.told).toHaveLength(1);
});

it.each([
  ["another doubt is open", () => follow(doubt("m8"))],
  ["another message's key is not known", () => follow(told("m8"))],
  [
    "another send was on its way",
    () => sql`
      with p as (insert into pending (id, shard, tenant, account, member, lane, stream, topic, "offset", conversation,
          place, not_after, doubt_policy, fingerprint, admitted_at, payload)
        values ('p8', 3, 'acme', 'a', 'ses_w', 'standard', '', 't', 1, 'c', 1, 1, 'fail_unknown', 'f', 1, '{}'))
      insert into attempt (id, shard, epoch, n, claimed_at, state) values ('p8', 3, 1, 1, ${failedAt - 1_000}, 'claimed')`,
  ],
])("and is nobody's while %s", async (_what, other) => {
  await follow(doubt("m7"));
  await other();
  const { late } = await failure({ info: { 8: { key: null } } });
  expect([late.settled, late.told]).toEqual([[], []]);
  await sql`delete from attempt`;
  await sql`delete from pending`;
});

it("a failure of another session, or of before the message, is not its own", async () => {
  await follow(doubt("m7", { claimed_at: failedAt + 60_000 }));
  const before = await failure();
  const elsewhere = await failure({}, "ses_other");
  expect([before.late.settled, elsewhere.late.settled]).toEqual([[], []]);
});

it("a later claim begins anew, an earlier word changes nothing", async () => {
  await follow(told("m7"));
  await store.learnt([{ message_id: "m7", claim: 1, key: "K" }]);
  await follow(doubt("m7"));
  expect(await waiting()).toEqual([]);
  expect(await sql`select state, provider_id from own_message`).toMatchObject([
    { state: "sent", provider_id: "7" },
  ]);
  await follow(told("m7", { claim: 2, provider_id: "17" }));
  await wait();
  const owner = asker({ info: { 17: { key: "K2" } } });
  await owner.round();
  expect(await keys()).toEqual({ m7: "K2" });
});

it("a deleted session's messages are not asked about, and what is over is forgotten", async () => {
  await follow(told("m7"), told("m8"));
  await store.learnt([{ message_id: "m8", claim: 1, key: "K" }]);
  await wait();
  const owner = asker({}, { isDeleted: true });
  await owner.round();
  expect([owner.calls, await waiting()]).toEqual([[], []]);
  await store.tidy();
  expect(Object.keys(await keys())).toHaveLength(2);
  await sql`update own_message set changed_at = changed_at - 7300000 where message_id = 'm8'`;
  await store.tidy();
  expect(Object.keys(await keys())).toEqual(["m7"]);
});

it("keeps neither number nor text", async () => {
  await follow(told("m7"), doubt("m8"));
  const rows = await sql<{ row: string }[]>`select own::text as row from own_message own`;
  for (const { row } of rows) expect(row).not.toMatch(/5550001111|"Hi"|,Hi,/);
});
