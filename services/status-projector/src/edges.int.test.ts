// The routes that tell what came in from outside: what people wrote, and what was observed of numbers and accounts.
import { type InboundMessage, type SessionEvent, topics } from "@wamesh/events";
import { inboundMessage, sessionEvent, sessionState } from "@wamesh/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Bench, entries, now, openBench } from "./test-bench.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench?.close());
beforeEach(() => bench.empty());

const wrote = (id: string, over: Partial<InboundMessage> = {}) =>
  bench.tell(...entries(topics.messageInbound, inboundMessage({ event_id: id, ...over })));
const seen = (id: string, over: Partial<SessionEvent> = {}) =>
  bench.tell(...entries(topics.sessionEvent, sessionEvent({ event_id: id, ...over })));

type Item = { id: string };
type Page = { items: Item[]; next_cursor: string | null };

async function idsAt(path: string, as: "acme" | "globex" = "acme"): Promise<string[]> {
  const { body } = await bench.get(path, as);
  return (body as Page).items.map(({ id }) => id);
}

/** Of all pages, in the order shown. */
async function allIds(path: string, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const { body } = await bench.get(`${path}?limit=${limit}${cursor === null ? "" : `&cursor=${cursor}`}`);
    const { items, next_cursor } = body as Page;
    ids.push(...items.map(({ id }) => id));
    cursor = next_cursor;
  } while (cursor !== null);
  return ids;
}

/** Several share a moment, so the cursor must tell them apart by id. */
const many = Array.from({ length: 15 }, (_, i) => ({
  id: `e ${String(i).padStart(2, "0")}`,
  at: now + Math.floor(i / 4) * 1_000,
}));

const badQueries = ["kind=gone", "since=yesterday", "until=0000-01-01T00:00:00Z", "limit=0", "cursor=x"];

describe("GET /v1/status/inbound", () => {
  test("tells what a person sent, who they are and until when they may be written to", async () => {
    await wrote("one", {
      kind: "image",
      text: "look",
      sender_name: "Mara",
      identities: [
        { kind: "username", value: "mara" },
        { kind: "bsuid", value: "US.1" },
        { kind: "phone", value: "+15550000001" },
      ],
      media: {
        provider_id: "media 1",
        url: null,
        mime_type: "image/jpeg",
        sha256: "abc",
        bytes: 2 ** 40,
        file_name: null,
        voice: false,
      },
      answers_message_id: "00000000-0000-8000-8000-000000000001",
      answers_provider_id: "wamid.out",
      occurred_at: now,
      recorded_at: now + 1_000,
    });
    expect((await bench.get("/v1/status/inbound")).body).toMatchObject({
      items: [
        {
          id: "one",
          tenant: "acme",
          session_id: "session-1",
          from: { kind: "phone", value: "+15550000001" },
          from_name: "Mara",
          identities: [
            { kind: "username", value: "mara" },
            { kind: "bsuid", value: "US.1" },
            { kind: "phone", value: "+15550000001" },
          ],
          group: null,
          kind: "image",
          text: "look",
          media: { provider_id: "media 1", mime_type: "image/jpeg", bytes: 2 ** 40, voice: false },
          preference: null,
          answers_message_id: "00000000-0000-8000-8000-000000000001",
          answers_provider_id: "wamid.out",
          window_closes_at: "2026-11-21T00:00:00.000Z",
          occurred_at: "2026-11-20T00:00:00.000Z",
        },
      ],
      next_cursor: null,
    });
  });

  test("tells a preference, which opens no window, and the group of what was written in one", async () => {
    const preference = { scope: "marketing", opted_out: true };
    await wrote("no more", { kind: "preference", text: null, preference, occurred_at: now });
    await wrote("hi all", { group: "120363000000000001@g.us", occurred_at: now - 1 });
    expect((await bench.get("/v1/status/inbound")).body).toMatchObject({
      items: [
        { kind: "preference", preference, media: null, window_closes_at: null },
        { group: "120363000000000001@g.us", preference: null, window_closes_at: null },
      ],
    });
  });

  test("what it answers stays known, whichever telling comes last", async () => {
    await wrote("one", { answers_message_id: "known", recorded_at: now });
    await wrote("one", { answers_message_id: null, recorded_at: now + 1 });
    expect((await bench.get("/v1/status/inbound")).body).toMatchObject({
      items: [{ answers_message_id: "known", recorded_at: "2026-11-20T00:00:00.001Z" }],
    });
  });

  test("pages through all of them, newest first, each once", async () => {
    for (const { id, at } of many) await wrote(id, { occurred_at: at });
    expect(await allIds("/v1/status/inbound", 4)).toEqual(many.map(({ id }) => id).toReversed());
  });

  test.each([
    ["session_id=session-2", ["c"]],
    ["recipient=%2B15550000001", ["b", "a"]],
    ["recipient=US.1", ["c", "a"]],
    ["recipient=nobody", []],
    ["kind=reaction", ["b"]],
    ["recipient=US.1&kind=text&session_id=session-1", ["a"]],
    ["since=2026-11-20T00:00:00Z", ["c", "b"]],
    ["until=2026-11-20T01:00:00%2B01:00", ["a"]],
  ])("%s", async (query, ids) => {
    const bsuid = { kind: "bsuid", value: "US.1" } as const;
    await wrote("a", { identities: [bsuid], occurred_at: now - 1 });
    await wrote("b", { kind: "reaction", occurred_at: now });
    await wrote("c", { sender: bsuid, session: "session-2", occurred_at: now + 1 });
    await wrote("d", { tenant: "globex", identities: [bsuid], occurred_at: now });
    expect(await idsAt(`/v1/status/inbound?${query}`)).toEqual(ids);
  });

  test.each(badQueries)("%s is refused", async (query) => {
    expect(await bench.get(`/v1/status/inbound?${query}`)).toMatchObject({
      status: 400,
      body: { code: "invalid_query" },
    });
  });

  test("the same event id of another tenant has its own names", async () => {
    await wrote("same", { identities: [{ kind: "username", value: "mara" }] });
    await wrote("same", { tenant: "globex" });
    expect((await bench.get("/v1/status/inbound", "globex")).body).toMatchObject({
      items: [{ tenant: "globex", identities: [{ kind: "phone", value: "+15550000001" }] }],
    });
    expect(await idsAt("/v1/status/inbound?recipient=mara", "globex")).toEqual([]);
  });
});

describe("GET /v1/status/sessions/{id}/events", () => {
  const path = "/v1/status/sessions/session-1/events";
  const ofAccount = { session: "", status: null } as const;

  test("tells what was observed of the number and of its account", async () => {
    const template = {
      name: "welcome",
      language: "en_US",
      provider_id: "t1",
      event: "status",
      status: "paused",
      quality: null,
      category: null,
      reason: "LOW_QUALITY",
    };
    await seen("limited", { kind: "limit", status: null, value: "TIER_2K", occurred_at: now });
    await seen("paused", {
      ...ofAccount,
      kind: "template",
      value: "status",
      template,
      evidence: "callback",
      reason: {
        code: "template_unavailable",
        fault_class: "content",
        provider_code: null,
        detail: "It rests.",
      },
      occurred_at: now + 1,
    });
    await bench.tell(...entries(topics.sessionState, sessionState()));
    expect((await bench.get(path)).body).toMatchObject({
      items: [
        {
          id: "paused",
          tenant: "acme",
          session_id: null,
          account_id: "account-1",
          kind: "template",
          value: "status",
          template,
          evidence: "callback",
          reason: { code: "template_unavailable", detail: "It rests." },
        },
        {
          id: "limited",
          session_id: "session-1",
          kind: "limit",
          value: "TIER_2K",
          template: null,
          reason: null,
        },
      ],
      next_cursor: null,
    });
  });

  test("leaves out other numbers, other accounts and other tenants", async () => {
    await seen("own");
    await seen("sibling's", { session: "session-2" });
    await seen("other account's", { ...ofAccount, account: "account-2" });
    await seen("other tenant's", { ...ofAccount, tenant: "globex" });
    expect(await idsAt(path)).toEqual(["own"]);
  });

  test("pages through both, newest first, each once", async () => {
    for (const [i, { id, at }] of many.entries())
      await seen(id, { ...(i % 2 === 0 && ofAccount), occurred_at: at });
    expect(await allIds(path, 4)).toEqual(many.map(({ id }) => id).toReversed());
  });

  test.each([
    ["kind=quality", ["b"]],
    ["since=2026-11-20T00:00:00Z", ["c", "b"]],
    ["until=2026-11-20T00:00:00Z", ["a"]],
  ])("%s", async (query, ids) => {
    await seen("a", { occurred_at: now - 1 });
    await seen("b", { kind: "quality", status: null, value: "red", occurred_at: now });
    await seen("c", { ...ofAccount, kind: "account", value: "restricted", occurred_at: now + 1 });
    expect(await idsAt(`${path}?${query}`)).toEqual(ids);
  });

  test("a session that is known and quiet has an empty list; one unknown, or another tenant's, is not found", async () => {
    await bench.tell(...entries(topics.sessionState, sessionState()));
    expect(await bench.get(path)).toMatchObject({ status: 200, body: { items: [], next_cursor: null } });
    for (const as of ["acme", "globex"] as const)
      expect(await bench.get(as === "globex" ? path : "/v1/status/sessions/none/events", as)).toMatchObject({
        status: 404,
        body: { code: "not_found" },
      });
  });

  test.each(badQueries)("%s is refused", async (query) => {
    expect(await bench.get(`${path}?${query}`)).toMatchObject({
      status: 400,
      body: { code: "invalid_query" },
    });
  });
});
