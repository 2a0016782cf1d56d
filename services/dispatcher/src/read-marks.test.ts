import type { OutboundCommand, SessionEvent, SessionState } from "@wamesh/events";
import type { Marked, ReceivedMessage } from "@wamesh/providers";
import { outboundCommand, sessionState } from "@wamesh/testing";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createReadMarks, obstacle } from "./read-marks.ts";

const start = 1_700_000_000_000;
beforeEach(() => {
  vi.useFakeTimers({ now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

const session = sessionState({
  tenant: "acme",
  session: "ses_1",
  status: "connected",
  provider: "cloud_api",
});

function wish(over: Partial<OutboundCommand> = {}, session = "ses_1", typing = false): OutboundCommand {
  return outboundCommand({
    tenant: "acme",
    kind: "read",
    message_id: "wamid.HBgLMTU1NTAwMDExMTE",
    requested_at: Date.now(),
    read_mark: { session, chat: null, typing },
    ...over,
  });
}

function open({
  sessions = [session] as SessionState[],
  answer = (): Marked => ({ kind: "marked" }),
}: {
  sessions?: SessionState[];
  answer?: () => Marked;
} = {}) {
  const asked: ({ session: string } & ReceivedMessage)[] = [];
  const ended: string[] = [];
  const told: SessionEvent[] = [];
  const logged: unknown[] = [];
  const marker = {
    async mark({ sessionId }: { sessionId: string }, message: ReceivedMessage) {
      asked.push({ session: sessionId, ...message });
      return answer();
    },
  };
  const marks = createReadMarks({
    directory: { session: (id) => sessions.find((one) => one.session === id) },
    sender: (sessionId) => ({
      sessionId,
      providerRef: "301",
      credentials: { kind: "cloud_api", accessToken: "EAAsecret" },
    }),
    markers: { cloud_api: marker, wasender: marker },
    count: (kind) => ended.push(kind),
    tell: (event) => told.push(event),
    log: { info: (fields: unknown) => logged.push(fields) } as never,
    now: Date.now,
    monotonicMs: Date.now,
  });
  return { marks, asked, ended, told, logged };
}

it("a record that is read twice is carried out once; the same wish of another time is another", async () => {
  const { marks, asked, ended } = open();
  const record = wish();
  marks.take(record);
  marks.take(record);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(1);
  marks.take(wish({ command_id: record.command_id }));
  await vi.advanceTimersByTimeAsync(0);
  expect([asked.length, ended]).toEqual([2, ["marked", "marked"]]);
});

it.each([
  ["a session that nobody knows", undefined, 0, "session_unknown"],
  ["another tenant's session", { tenant: "globex", status: "connected" }, 0, "session_unknown"],
  ["a session that is not connected", { tenant: "acme", status: "logged_out" }, 0, "session_not_connected"],
  ["a wish of long ago", { tenant: "acme", status: "connected" }, 601_000, "too_late"],
  ["a session of its own, in time", { tenant: "acme", status: "connected" }, 599_000, null],
] as const)("%s: %s", (_what, of, agoMs, why) => {
  expect(obstacle({ tenant: "acme", requested_at: start - agoMs }, of, start)).toBe(why);
});

it("another tenant's session is not asked", async () => {
  const { marks, asked, ended } = open();
  marks.take(wish({ tenant: "globex" }));
  await vi.advanceTimersByTimeAsync(1_000);
  expect([asked, ended]).toEqual([[], ["dropped"]]);
});

it("a session's marks keep to its budget and their order, and what waits too long is dropped; others are not kept waiting", async () => {
  const other = { ...session, session: "ses_2" };
  const { marks, asked, ended } = open({ sessions: [{ ...session, provider: "wasender" }, other] });
  const wishes = Array.from({ length: 210 }, (_, i) => wish({ command_id: `c${i}`, message_id: `m${i}` }));
  for (const one of wishes) marks.take(one);
  marks.take(wish({ command_id: "other" }, "ses_2"));
  await vi.advanceTimersByTimeAsync(0);
  expect(asked.map((one) => one.session)).toEqual(["ses_1", "ses_2"]);
  // Beyond what waits at most.
  expect(ended.filter((kind) => kind === "dropped")).toHaveLength(9);
  await vi.advanceTimersByTimeAsync(60_000);
  const own = asked.filter((one) => one.session === "ses_1");
  expect(own.length).toBeGreaterThan(15);
  expect(own.length).toBeLessThanOrEqual(21);
  expect(own.map(({ providerId }) => providerId)).toEqual(
    wishes.slice(0, own.length).map((one) => one.message_id),
  );
  await vi.advanceTimersByTimeAsync(600_000);
  expect(ended).toHaveLength(211);
  expect(asked.length).toBeLessThan(211);
});

it("a provider that says nothing is left alone for a while", async () => {
  const { marks, asked, ended } = open({ answer: () => ({ kind: "unsure", why: "HTTP 502" }) });
  marks.take(wish({ command_id: "a" }));
  marks.take(wish({ command_id: "b" }));
  await vi.advanceTimersByTimeAsync(29_000);
  expect([asked.length, ended]).toEqual([1, ["unsure"]]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(asked).toHaveLength(2);
});

it("a refusal is told once a minute, and neither event nor log name the message", async () => {
  const refused: Marked = { kind: "refused", code: "credentials_invalid", detail: "HTTP 401" };
  const { marks, told, logged } = open({ answer: () => refused });
  for (let i = 0; i < 3; i++) marks.take(wish({ command_id: `c${i}` }));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(told).toMatchObject([
    {
      ...{ tenant: "acme", session: "ses_1", kind: "other", value: "read_mark_refused" },
      reason: { code: "credentials_invalid", fault_class: "credentials" },
    },
  ]);
  expect(logged).toHaveLength(3);
  expect(JSON.stringify([told, logged])).not.toContain("wamid");
  await vi.advanceTimersByTimeAsync(60_000);
  marks.take(wish({ command_id: "later" }));
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toHaveLength(2);
});

it("typing is shown only while somebody may still be", async () => {
  const { marks, asked } = open();
  marks.take(wish({ command_id: "a" }, "ses_1", true));
  marks.take(wish({ command_id: "b", requested_at: start - 26_000 }, "ses_1", true));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked.map(({ typing }) => typing)).toEqual([true, false]);
});

it("after the stop nothing is asked any more", async () => {
  const { marks, asked } = open();
  marks.take(wish({ command_id: "a" }));
  marks.take(wish({ command_id: "b" }));
  await vi.advanceTimersByTimeAsync(0);
  marks.stop();
  marks.take(wish({ command_id: "c" }));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(1);
});
