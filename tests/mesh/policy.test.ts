/**
 * What may be said to whom: consent, the 24-hour window and the number of a conversation, from the person's word to the
 * provider.
 */
import { randomBytes } from "node:crypto";
import { beforeAll, expect, it } from "vitest";
import {
  api,
  cloudTenant,
  control,
  http,
  ledger,
  mesh,
  message,
  reaches,
  sim,
  type TestTenant,
  until,
  writes,
} from "./fixture.ts";

const template = { name: "welcome", language: "en_US", variables: ["Mara"] };
const text = { body: "How was it?" };

let acme: TestTenant;
beforeAll(async () => {
  acme = await cloudTenant("policy");
}, 60_000);

type Problem = { code: string; errors: { field: string }[] };

async function send(to: string, said: object, tenant = acme): Promise<string> {
  const body = { to, ...said };
  return (await api<{ id: string }>("POST", "/v1/messages", { key: tenant.key, body })).id;
}

/** Until the door answers like this; returns how long that took. */
async function doorSays(to: string, code: string | null): Promise<number> {
  const begun = performance.now();
  await until(`the door to say ${code}`, async () => {
    const body = { to, template, send_at: new Date(Date.now() + 3_600_000).toISOString() };
    const answer = await http<Problem>("POST", `${mesh().origin}/v1/messages`, { key: acme.key, body });
    return (answer.status === 202 ? null : answer.body.code) === code ? true : undefined;
  });
  return performance.now() - begun;
}

function consent(person: string, body: object) {
  const path = `/v1/contacts/${encodeURIComponent(person)}/consent`;
  return api("PUT", path, { key: acme.key, body });
}

/** What became of it, and whether the provider has seen it. */
async function ended(id: string) {
  const { status, reason } = await reaches(acme, id, ["failed", "read"]);
  const seen = (await ledger([acme.sender])).some((entry) => entry.id === id);
  return { status, code: reason?.code ?? null, seen };
}

it("STOP closes the door to every message within two seconds, and START opens it again", async () => {
  const mara = acme.person();
  await writes(acme, mara, "Stop.");
  expect(await doorSays(mara, "recipient_opted_out")).toBeLessThan(2_000);
  await writes(acme, mara, "START");
  await doorSays(mara, null);
});

it("a message that waits is refused when its turn comes, and the provider never sees it", async () => {
  const mara = acme.person();
  const sendAt = new Date(Date.now() + 4_000).toISOString();
  const waiting = await send(mara, { template, send_at: sendAt });
  const utility = await send(acme.person(), { template, send_at: sendAt });
  await reaches(acme, waiting, ["queued"]);
  await consent(mara, { scope: "all", opted_out: true, proof: "call-7" });
  expect(await ended(waiting)).toEqual({ status: "failed", code: "recipient_opted_out", seen: false });
  await reaches(acme, utility, ["read"]);
});

it("who wants no marketing gets the rest", async () => {
  const mara = acme.person();
  await consent(mara, { scope: "marketing", opted_out: true });
  await until("the door to refuse marketing", async () => {
    const body = { to: mara, text, category: "marketing" };
    const answer = await http<Problem>("POST", `${mesh().origin}/v1/messages`, { key: acme.key, body });
    return answer.body.code === "recipient_opted_out" ? true : undefined;
  });
  await reaches(acme, await send(mara, { template }), ["read"]);
});

it("outside the window a text is refused with its reason, and a fallback leaves in its place", async () => {
  const mara = acme.person();
  expect(await ended(await send(mara, { text }))).toEqual({
    status: "failed",
    code: "outside_window",
    seen: false,
  });
  const id = await send(mara, { text, fallback: template });
  const read = (await reaches(acme, id, ["read"])) as Awaited<ReturnType<typeof message>> & {
    template: string;
  };
  expect(read.template).toBe("welcome");
});

it("whoever writes opens the window: the text itself leaves, also after the dispatcher was started again", async () => {
  const mara = acme.person();
  await writes(acme, mara);
  const id = await send(mara, { text, fallback: template });
  expect(await reaches(acme, id, ["read"])).toMatchObject({ template: null });
  await control("services", "dispatcher", "kill");
  await control("services", "dispatcher", "start");
  const again = await send(mara, { text });
  await reaches(acme, again, ["read"], 60_000);
  expect((await message(acme, again)).timeline.map(({ status }) => status)).not.toContain("failed");
});

it("a conversation stays on the number that the person wrote to", async () => {
  const second = `3${BigInt(`0x${randomBytes(6).toString("hex")}`)}`.slice(0, 15);
  const waba = second.replace(/^3/, "2");
  await sim("POST", "/_sim/wabas", {
    waba_id: waba,
    app_id: mesh().metaApp.id,
    token: `second-of-${acme.id}`,
    numbers: [{ phone_number_id: second, display_phone_number: `+1555${second.slice(-7)}`, rate_per_s: 80 }],
    templates: [{ name: "welcome", language: "en_US", category: "UTILITY", body_params: 1 }],
  });
  const cloud_api = { waba_id: waba, phone_number_id: second, access_token: `second-of-${acme.id}` };
  const made = await api<{ id: string }>("POST", "/v1/sessions", {
    key: acme.key,
    body: { name: "second", provider: "cloud_api", rate_per_s: 80, cloud_api },
  });
  const other: TestTenant = { ...acme, session: made.id, sender: second };
  const sessionFor = async (to: string) => {
    const body = { to, template, send_at: new Date(Date.now() + 3_600_000).toISOString() };
    return (await api<{ session_id: string }>("POST", "/v1/messages", { key: acme.key, body })).session_id;
  };
  // Of so many people the hash gives some to each number, but for one run in two thousand millions.
  const people = Array.from({ length: 32 }, () => acme.person());
  await until("both numbers to be chosen", async () => {
    const chosen = new Set(await Promise.all(people.map(sessionFor)));
    return chosen.size === 2 ? true : undefined;
  });
  for (const person of people) await writes(other, person);
  expect(new Set(await Promise.all(people.map(sessionFor)))).toEqual(new Set([other.session]));
});
