import { partition, type SessionEvent, type SessionState, topics } from "@wamesh/events";
import { type Tx, withTenants } from "@wamesh/store";
import { sessionEvent, until } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorld, type World, watch } from "./int-world.ts";

let world: World;
let tenant: { id: string; key: string };
let states: Awaited<ReturnType<typeof watch<SessionState>>>;
let events: Awaited<ReturnType<typeof watch<SessionEvent>>>;
beforeAll(async () => {
  world = await openWorld();
  tenant = await world.tenant("liver");
  [states, events] = await Promise.all([
    watch(world, topics.sessionState),
    watch(world, topics.sessionEvent),
  ]);
});
afterAll(async () => {
  await Promise.all([states.table.stop(), events.table.stop()]);
  await world.close();
});

async function create(n: number): Promise<string> {
  const made = await world.call("POST", "/v1/sessions", {
    key: tenant.key,
    body: {
      name: "n",
      provider: "cloud_api",
      cloud_api: { waba_id: "2900", phone_number_id: `39${n}`, access_token: `EAA-token-${n}` },
    },
  });
  expect(made.status).toBe(201);
  return made.body.id;
}
const get = async (id: string) => (await world.call("GET", `/v1/sessions/${id}`, { key: tenant.key })).body;
const becomes = (id: string, status: string) =>
  until(async () => {
    const now = await get(id);
    return now.status === status && now;
  });
const history = (id: string) =>
  states.seen.filter(({ record }) => record.session === id).map(({ record }) => record);
const refused = {
  status: 401,
  body: { error: { message: "expired", type: "OAuthException", code: 190, fbtrace_id: "x" } },
};

type Told = Partial<SessionEvent> & { session: string };
const report = (event: Told, owner = tenant.id) => reportAll([event], owner);
async function reportAll(events: Told[], owner = tenant.id): Promise<void> {
  const at = await world.kafka.partitions(topics.sessionEvent.name);
  const producer = world.kafka.producer();
  await producer.send(
    events.map((event) => ({
      topic: topics.sessionEvent.name,
      partition: partition(owner, at),
      key: owner,
      value: world.codec.encode(
        topics.sessionEvent,
        sessionEvent({ tenant: owner, occurred_at: Date.now(), ...event }),
      ),
      headers: { tenant: owner },
    })),
  );
  await producer.close();
}

test("a new session is probed at once and told as connected, with the probe as evidence", async () => {
  const id = await create(1);
  const now = await becomes(id, "connected");
  expect(now.status_evidence).toBe("probe");
  await until(() => history(id).some(({ status }) => status === "connected"));
  expect(history(id).map(({ version, status }) => [version, status])).toEqual([
    [1, "connecting"],
    [2, "connected"],
  ]);
  const told = await until(() =>
    events.seen.find(({ record }) => record.session === id && record.status === "connected"),
  );
  expect(told.record).toMatchObject({ tenant: tenant.id, kind: "status", evidence: "probe" });
});

test("a session with a refused token becomes auth_failed, and connected once the token is replaced", async () => {
  world.provider.answers.set("392", refused);
  const id = await create(2);
  await becomes(id, "auth_failed");
  world.provider.answers.delete("392");
  const body = { cloud_api: { access_token: "EAA-fresh-token" } };
  await world.call("PUT", `/v1/sessions/${id}/credentials`, { key: tenant.key, body });
  await becomes(id, "connected");
});

test("the age of credentials and their last use are shown, also which use was refused, and anew for new ones", async () => {
  const id = await create(21);
  await becomes(id, "connected");
  const facts = async () => (await get(id)).credentials!;
  const before = await facts();
  expect(before).toMatchObject({ version: 1, accepted_at: before.used_at });
  expect(Date.parse(before.used_at!)).toBeGreaterThanOrEqual(Date.parse(before.replaced_at));

  world.provider.answers.set("3921", refused);
  const reason = { code: "x", fault_class: "credentials", provider_code: "190", detail: "" } as const;
  const event = { session: id, kind: "send_failed", status: null, evidence: "send", reason } as const;
  await report({ ...event, occurred_at: Date.parse(before.replaced_at) - 1 });
  await report(event);
  await becomes(id, "auth_failed");
  const after = await facts();
  expect(after.accepted_at).toBe(before.accepted_at);
  expect(after.used_at! > after.accepted_at!).toBe(true);

  world.provider.answers.delete("3921");
  const body = { cloud_api: { access_token: "EAA-fresh-token" } };
  await world.call("PUT", `/v1/sessions/${id}/credentials`, { key: tenant.key, body });
  await becomes(id, "connected");
  const fresh = await facts();
  expect(fresh.version).toBe(2);
  expect(fresh.accepted_at).toBe(fresh.used_at);
  const read = await world.call("GET", `/v1/sessions/${id}/credentials`, { key: tenant.key });
  expect(read.body).toEqual(fresh);
});

test("a batch of events locks rows in the order in which a removal does, whatever order its records have", async () => {
  const id = await create(22);
  await becomes(id, "connected");
  const { account } = await get(id);
  const change = {
    name: "n",
    language: "en",
    provider_id: null,
    event: "status",
    status: "approved",
  } as const;
  const template = { ...change, quality: null, category: null, reason: null };
  await withTenants(world.sql, "all", async (tx) => {
    await tx`set local lock_timeout = '500ms'`;
    await tx`select 1 from session where id = ${id} for update`;
    await reportAll([
      { session: "", account, kind: "template", status: null, evidence: "callback", template },
      { session: id, kind: "status", status: "disconnected", evidence: "callback" },
    ]);
    await until(async () => {
      const waiting = await world.sql`
        select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      return waiting.length > 0;
    });
    // The fold waits for the session: it must not hold the account meanwhile.
    await tx`select 1 from account where id = ${account} for update`;
  });
  await until(() => history(id).some(({ status }) => status === "disconnected"));
});

test("a look that began before the credentials were replaced does not judge the new ones", async () => {
  const gate = Promise.withResolvers<void>();
  world.provider.answers.set("3920", { ...refused, after: gate.promise });
  const id = await create(20);
  await until(() => world.provider.asked.some((path) => path.endsWith("/3920")));
  world.provider.answers.delete("3920");
  const body = { cloud_api: { access_token: "EAA-fresh-token" } };
  await world.call("PUT", `/v1/sessions/${id}/credentials`, { key: tenant.key, body });
  await becomes(id, "connected");
  gate.resolve();
  await until(() =>
    world
      .logged()
      .includes(`"session":"${id}","provider":"cloud_api","was":"connecting","found":"auth_failed"`),
  );
  expect(await get(id)).toMatchObject({ status: "connected", version: 3 });
});

test("a provider that answers nonsense leaves the session as it is, and is asked again", async () => {
  world.provider.answers.set("393", { status: 502, body: "bad gateway" });
  const id = await create(3);
  await until(() => world.provider.asked.filter((path) => path.endsWith("/393")).length >= 2);
  expect((await get(id)).status).toBe("connecting");
  world.provider.answers.delete("393");
  await becomes(id, "connected");
});

test("what a callback shows is published as the session's new state, once however often it comes", async () => {
  const id = await create(4);
  await becomes(id, "connected");
  world.provider.answers.set("394", { status: 200, body: { id: "394", status: "DISCONNECTED" } });
  const seen = { session: id, kind: "status", status: "disconnected", evidence: "callback" } as const;
  await report({ ...seen, event_id: "one" });
  await becomes(id, "disconnected");
  await report({ ...seen, event_id: "one" });
  await report({ ...seen, status: "expired", event_id: "two" });
  await becomes(id, "expired");
  await until(() => history(id).some(({ status }) => status === "expired"));
  const statuses = history(id).map(({ status }) => status);
  expect(statuses.slice(0, 4)).toEqual(["connecting", "connected", "disconnected", "expired"]);
});

test("a send refused for its credentials makes the session auth_failed", async () => {
  const id = await create(5);
  await becomes(id, "connected");
  const reason = {
    code: "x",
    fault_class: "credentials",
    provider_code: "190",
    detail: "The token expired.",
  } as const;
  await report({ session: id, kind: "send_failed", status: null, evidence: "send", reason });
  expect(await becomes(id, "auth_failed")).toMatchObject({
    status_evidence: "send",
    status_detail: "The token expired.",
  });
});

test("a provider that says connected and refuses every send is found out within three failed sends", async () => {
  const id = await create(40);
  await becomes(id, "connected");
  const reason = {
    code: "session_not_connected",
    fault_class: "provider",
    provider_code: null,
    detail: "The session is not connected.",
  } as const;
  const fail = (n: number) =>
    report({ session: id, kind: "paused", status: null, evidence: "send", reason, event_id: `lie-${n}` });
  const asked = () => world.provider.asked.filter((path) => path.endsWith("/3940")).length;
  const inRow = <T>(work: (tx: Tx) => Promise<T>) =>
    world.sql.begin(async (tx) => {
      await tx`select set_config('app.tenants', '*', true)`;
      return work(tx);
    });
  for (let n = 1; n <= 3; n++) {
    const before = asked();
    await fail(n);
    const now = await becomes(id, "disconnected");
    expect(now).toMatchObject({ status_evidence: "send", status_detail: "The session is not connected." });
    // The provider is asked, says "connected" once more, and is not believed.
    await until(() => asked() > before);
    await until(
      async () =>
        (
          await inRow(
            (tx) => tx`
      select 1 from session where id = ${id} and next_probe_at > clock_timestamp() + interval '25 seconds'`,
          )
        ).length === 1,
    );
    expect((await get(id)).status).toBe("disconnected");
    if (n === 3) break;
    // As if the time that it is held had passed.
    await inRow(
      (tx) => tx`
      update session set status_since = status_since - interval '6 minutes', next_probe_at = clock_timestamp()
      where id = ${id}`,
    );
    await becomes(id, "connected");
  }
  const [row] = await inRow(
    (tx) => tx<{ strikes: number; held_s: number }[]>`
    select strikes, extract(epoch from next_probe_at - clock_timestamp())::int as held_s from session where id = ${id}`,
  );
  expect(row!.strikes).toBe(3);
  expect(row!.held_s).toBeGreaterThan(25 * 60);
  // A callback is believed no more than the answers were.
  await report({
    session: id,
    kind: "status",
    status: "connected",
    evidence: "callback",
    event_id: "lie-cb",
  });
  await until(async () => (await lag()) === 0);
  expect((await get(id)).status).toBe("disconnected");
  await world.call("PATCH", `/v1/sessions/${id}`, { key: tenant.key, body: { status: "connecting" } });
  await becomes(id, "connected");
});

test("a session with a refused token tells the provider's words and is asked ever less often", async () => {
  world.provider.answers.set("3941", refused);
  const id = await create(41);
  const now = await becomes(id, "auth_failed");
  expect(now.status_detail).toBe("code 190 OAuthException: expired");
  const [row] = await world.sql.begin(async (tx) => {
    await tx`select set_config('app.tenants', '*', true)`;
    return tx<{ in_s: number }[]>`
      select extract(epoch from next_probe_at - clock_timestamp())::int as in_s from session where id = ${id}`;
  });
  expect(row!.in_s).toBeGreaterThan(200);
});

test("an event in another tenant's name does nothing to a session", async () => {
  const id = await create(6);
  await becomes(id, "connected");
  const other = await world.tenant("intruder");
  await report({ session: id, kind: "status", status: "logged_out", evidence: "callback" }, other.id);
  await report({ session: id, kind: "status", status: "disconnected", evidence: "callback" }, other.id);
  await until(async () => (await lag()) === 0);
  expect(await get(id)).toMatchObject({ status: "connected", version: 2 });
});

/** Session events that were written and not folded yet. */
async function lag(): Promise<number> {
  const admin = await world.kafka.admin();
  try {
    const ranges = await admin.offsets(topics.sessionEvent.name);
    const rows = await world.sql<{ partition: number; next_offset: number }[]>`
      select partition, next_offset from stream_cursor`;
    const at = new Map(rows.map((row) => [row.partition, row.next_offset]));
    return ranges.reduce(
      (sum, { partition, low, high }) => sum + Number(high) - (at.get(partition) ?? Number(low)),
      0,
    );
  } finally {
    await admin.close();
  }
}

test("a suspended session is left alone by callbacks and probes until its tenant lets it connect", async () => {
  const id = await create(7);
  await becomes(id, "connected");
  const patch = (status: string) =>
    world.call("PATCH", `/v1/sessions/${id}`, { key: tenant.key, body: { status } });
  expect((await patch("suspended")).body.status).toBe("suspended");
  await report({ session: id, kind: "status", status: "connected", evidence: "callback" });
  await until(async () => (await lag()) === 0);
  expect((await get(id)).status).toBe("suspended");
  expect((await patch("connecting")).body.status).toBe("connecting");
  await becomes(id, "connected");
});

test("after a restart the session events are read on from where they were left", async () => {
  const id = await create(8);
  await becomes(id, "connected");
  await world.stopService();
  await report({ session: id, kind: "status", status: "expired", evidence: "callback" });
  await world.startService();
  await becomes(id, "expired");
});

test("a WasenderApi session is asked with its own key, and may want to be scanned", async () => {
  world.provider.answers.set("wasender-key-77", { status: 200, body: { status: "NEED_SCAN" } });
  const made = await world.call("POST", "/v1/sessions", {
    key: tenant.key,
    body: {
      name: "web",
      provider: "wasender",
      wasender: { session_id: "77", api_key: "wasender-key-77", webhook_secret: "hook-secret-77" },
    },
  });
  await becomes(made.body.id, "need_scan");
});
