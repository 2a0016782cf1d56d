import { content } from "@wamesh/events";
import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseSession, type Member, type Sessions, type Wanted } from "./choose-session.ts";

const member = (session: string, fields: Partial<Member> = {}): Member => ({
  tenant: "acme",
  session,
  account: "acc_1",
  provider: "cloud_api",
  status: "connected",
  otp_only: false,
  ...fields,
});

function world(...members: Member[]): Sessions {
  return {
    session: (id) => members.find((one) => one.session === id),
    sessionsInPool: (tenant, pool) =>
      pool === "default" ? members.filter((one) => one.tenant === tenant) : [],
  };
}

const media = {
  url: null,
  provider_id: null,
  caption: null,
  file_name: null,
  voice: false,
  view_once: false,
  upload: false,
};
const card = {
  name: "Mara",
  first_name: null,
  last_name: null,
  company: null,
  phones: ["+15550002222"],
  emails: [],
  urls: [],
};

const wanted = (fields: Partial<Wanted> = {}): Wanted => ({
  tenant: "acme",
  recipient: { kind: "phone", value: "+15551234567" },
  content: content("text", { text: { body: "Hi", preview_url: false } }),
  lane: "standard",
  sessionId: undefined,
  pool: "default",
  ...fields,
});

const to = (value: string) => wanted({ recipient: { kind: "phone", value } });

function chosen(choice: ReturnType<typeof chooseSession>): string {
  if (choice.kind === "refused") throw new Error(choice.refusal.code);
  return choice.member.session;
}

const people = Array.from({ length: 3000 }, (_, i) => `+1555${1_000_000 + i}`);

test("a conversation keeps its number: order of the list and connection do not matter", () => {
  const ids = fc.uniqueArray(fc.stringMatching(/^ses_[a-z0-9]{8}$/), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(ids, fc.nat(2999), (names, i) => {
      const members = names.map((name) => member(name));
      const down = members.map((one) => ({ ...one, status: "disconnected" as const }));
      const first = chosen(chooseSession(to(people[i]!), world(...members)));
      expect(chosen(chooseSession(to(people[i]!), world(...members.toReversed())))).toBe(first);
      expect(chosen(chooseSession(to(people[i]!), world(...down)))).toBe(first);
    }),
  );
});

test("a member that leaves moves only its own conversations, one that joins takes only what it wins", () => {
  const members = ["a", "b", "c", "d"].map((name) => member(`ses_${name}`));
  const fewer = members.slice(0, 3);
  for (const person of people) {
    const before = chosen(chooseSession(to(person), world(...members)));
    const after = chosen(chooseSession(to(person), world(...fewer)));
    if (before !== "ses_d") expect(after).toBe(before);
  }
});

test("people are spread evenly over the members", () => {
  const members = ["a", "b", "c"].map((name) => member(`ses_${name}`));
  const counts = Map.groupBy(people, (person) => chosen(chooseSession(to(person), world(...members))));
  for (const { session } of members) expect(counts.get(session)?.length).toBeGreaterThan(850);
});

test.each<[string, Partial<Wanted>, Member[], string, string]>([
  ["a session that does not exist", { sessionId: "ses_x" }, [], "unknown_session", "session_id"],
  [
    "another tenant's session",
    { sessionId: "ses_g" },
    [member("ses_g", { tenant: "globex" })],
    "unknown_session",
    "session_id",
  ],
  [
    "a deleted one",
    { sessionId: "ses_a" },
    [member("ses_a", { status: "deleted" })],
    "unknown_session",
    "session_id",
  ],
  ["a pool without sessions", { pool: "empty" }, [member("ses_a")], "no_session", "pool"],
  ["another tenant's pool", {}, [member("ses_g", { tenant: "globex" })], "no_session", "pool"],
  [
    "a template through a provider without templates",
    { content: content("template", {}), sessionId: "ses_w" },
    [member("ses_w", { provider: "wasender" })],
    "not_supported",
    "template",
  ],
  [
    "a poll through a provider without polls",
    { content: content("poll", {}), sessionId: "ses_a" },
    [member("ses_a")],
    "not_supported",
    "poll",
  ],
  [
    "a file by its id through a provider that takes addresses only",
    { content: content("image", { media: { ...media, provider_id: "9" } }), sessionId: "ses_w" },
    [member("ses_w", { provider: "wasender" })],
    "not_supported",
    "image.provider_id",
  ],
  [
    "what opens once through a provider without that",
    { content: content("video", { media: { ...media, url: "https://a.test/b", view_once: true } }) },
    [member("ses_a")],
    "not_supported",
    "video.view_once",
  ],
  [
    "an upload through a provider that fetches files itself",
    {
      content: content("image", { media: { ...media, url: "https://a.test/b", upload: true } }),
      sessionId: "ses_w",
    },
    [member("ses_w", { provider: "wasender" })],
    "not_supported",
    "image.upload",
  ],
  [
    "two cards through a provider that carries one",
    { content: content("contacts", { contacts: { cards: [card, card] } }) },
    [member("ses_w", { provider: "wasender" })],
    "not_supported",
    "contacts",
  ],
  [
    "a channel through a provider without channels",
    { recipient: { kind: "channel", value: "1@newsletter" } },
    [member("ses_a")],
    "not_supported",
    "to.kind",
  ],
  [
    "anything but a one-time password through a session reserved for them",
    { sessionId: "ses_a" },
    [member("ses_a", { otp_only: true })],
    "lane_refused",
    "session_id",
  ],
  [
    "the same through a pool that has no other",
    {},
    [member("ses_a", { otp_only: true })],
    "lane_refused",
    "pool",
  ],
])("%s is refused", (_, fields, members, code, field) => {
  const choice = chooseSession(wanted(fields), world(...members));
  expect(choice).toMatchObject({ kind: "refused", refusal: { code, field } });
});

test("one-time passwords leave through the sessions reserved for them, the rest through the others", () => {
  const sessions = world(
    ...["a", "b", "c"].map((name) => member(`ses_${name}`)),
    member("ses_o1", { otp_only: true }),
    member("ses_o2", { otp_only: true, status: "disconnected" }),
  );
  for (const value of people.slice(0, 300)) {
    const recipient = { kind: "phone" as const, value };
    expect(chosen(chooseSession(wanted({ recipient, lane: "otp" }), sessions))).toMatch(/^ses_o/);
    expect(chosen(chooseSession(wanted({ recipient, lane: "bulk" }), sessions))).toMatch(/^ses_[abc]$/);
  }
  const named = wanted({ sessionId: "ses_o1", lane: "otp" });
  expect(chosen(chooseSession(named, sessions))).toBe("ses_o1");
});

test("a foreign session and none are answered alike, word for word", () => {
  const foreign = world(member("ses_g", { tenant: "globex" }));
  expect(chooseSession(wanted({ sessionId: "ses_g" }), foreign)).toEqual(
    chooseSession(wanted({ sessionId: "ses_g" }), world()),
  );
});

test("in a mixed pool a template goes through a member that can carry it", () => {
  const mixed = world(member("ses_w", { provider: "wasender" }), member("ses_c"));
  for (const person of people.slice(0, 50))
    expect(chosen(chooseSession({ ...to(person), content: content("template", {}) }, mixed))).toBe("ses_c");
});

test("the number a person wrote to last wins over the hash, if it can carry the message", () => {
  const members = [member("ses_1"), member("ses_2"), member("ses_3", { otp_only: true })];
  const sessions = world(...members);
  const byHash = chosen(chooseSession(wanted(), sessions));
  const other = byHash === "ses_1" ? "ses_2" : "ses_1";
  const after = (...wroteTo: string[]) => chosen(chooseSession(wanted({ wroteTo }), sessions));
  expect(after(other, byHash)).toBe(other);
  expect(after(byHash, other)).toBe(byHash);
  expect(after("ses_deleted", "ses_3", other)).toBe(other);
  expect(after("ses_of_another_pool")).toBe(byHash);
  expect(chosen(chooseSession(wanted({ wroteTo: [other], lane: "otp" }), sessions))).toBe("ses_3");
  expect(chosen(chooseSession(wanted({ wroteTo: [other], sessionId: byHash }), sessions))).toBe(byHash);
});
