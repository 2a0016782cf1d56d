import type { OptedOut } from "@wamesh/directory";
import { content, type OutboundMessage } from "@wamesh/events";
import { outboundMessage, sessionState, tenantConfig } from "@wamesh/testing";
import { describe, expect, test } from "vitest";
import { createGuard } from "./guard.ts";
import type { Asked } from "./media/known-file.ts";
import { leavingOf, packPayload } from "./payload.ts";
import type { Windows } from "./windows.ts";

const hourMs = 3_600_000;
const now = Date.UTC(2026, 10, 21, 12);
const fallback = { name: "we_miss_you", language: "en_US", components: [], named: false } as never;
const template = content("template", {
  template: { name: "welcome", language: "en_US", components: [] } as never,
});

type World = {
  over?: Partial<OutboundMessage>;
  /** When the person wrote last, hours ago. */
  wroteH?: number | null;
  /** How long ago the windows were known up to date. */
  currentMs?: number;
  optedOut?: OptedOut | null;
  gate?: "on" | "off";
  approved?: { category: string; state: string };
  asked?: Asked;
  n?: number;
  admittedAt?: number;
};

function judge({ over = {}, wroteH = null, currentMs = 100, optedOut = null, ...world }: World) {
  const windows: Windows = {
    lastInboundAt: () => (wroteH === null ? undefined : now - wroteH * hourMs),
    currentMs: () => currentMs,
  };
  const guard = createGuard({
    directory: {
      tenant: () => tenantConfig() as never,
      session: () => sessionState(),
      template: () => world.approved as never,
    },
    consents: { optedOut: () => optedOut },
    windows: world.gate === "off" ? null : windows,
    uploads: { ask: () => world.asked ?? null },
  });
  const payload = packPayload({ record: outboundMessage(over), trace: {} });
  const { n = 1, admittedAt = now - 5_000 } = world;
  const verdict = guard({ tenant: "acme", lane: "standard", payload, n, admittedAt }, now);
  const leaves = leavingOf(payload).content.template?.name ?? leavingOf(payload).content.kind;
  const said = verdict === null ? `leaves as ${leaves}` : `${verdict.kind} ${verdict.reason.code}`;
  return { said, verdict, leaving: leavingOf(payload) };
}

describe("the window", () => {
  test.each<[string, World, string]>([
    ["open: text leaves", { wroteH: 1 }, "leaves as text"],
    ["open for 23 h 58 min: text leaves", { wroteH: 23 + 58 / 60 }, "leaves as text"],
    ["about to close: it is refused", { wroteH: 23 + 59.5 / 60 }, "refuse outside_window"],
    ["closed: text is refused", { wroteH: 25 }, "refuse outside_window"],
    ["never opened: text is refused", {}, "refuse outside_window"],
    ["closed: the fallback leaves", { over: { fallback } }, "leaves as we_miss_you"],
    ["open: the message itself leaves", { over: { fallback }, wroteH: 1 }, "leaves as text"],
    ["closed: a template leaves", { over: { content: template } }, "leaves as welcome"],
    ["closed: WasenderApi's text leaves", { over: { provider: "wasender" } }, "leaves as text"],
    [
      "closed: text to a group leaves",
      { over: { recipient: { kind: "group", value: "120363000000000001@g.us" } } },
      "leaves as text",
    ],
    ["the gate is off: text leaves", { gate: "off" }, "leaves as text"],
    [
      "a row of an older release has no fallback",
      { over: { fallback: undefined as never } },
      "refuse outside_window",
    ],
  ])("%s", (_what, world, said) => {
    expect(judge(world).said).toBe(said);
  });
});

describe("what is not read up to date refuses nothing", () => {
  test.each<[string, World, string]>([
    ["at the start", { currentMs: Number.POSITIVE_INFINITY }, "wait window_unknown"],
    ["not since it was admitted", { currentMs: 300, admittedAt: now - 200 }, "wait window_unknown"],
    ["Kafka is away", { currentMs: 10_000, admittedAt: now - hourMs }, "wait window_unknown"],
    [
      "a window known to be open is enough",
      { currentMs: Number.POSITIVE_INFINITY, wroteH: 1 },
      "leaves as text",
    ],
    ["a fallback waits too", { currentMs: 300, admittedAt: now, over: { fallback } }, "wait window_unknown"],
    ["read since: it is refused", { currentMs: 100, admittedAt: now - 200 }, "refuse outside_window"],
    ["at admission nothing is decided", { n: 0 }, "leaves as text"],
  ])("%s", (_what, world, said) => {
    expect(judge(world).said).toBe(said);
  });
});

test("a log that is not read is asked for seldom, one that is about to be soon", () => {
  const until = (world: World) => {
    const { verdict } = judge(world);
    return verdict?.kind === "wait" ? verdict.until - now : null;
  };
  expect(until({ currentMs: Number.POSITIVE_INFINITY })).toBe(5_000);
  expect(until({ currentMs: 150, admittedAt: now })).toBe(250);
});

describe("consent", () => {
  const marketing = { content: template, category: "marketing" };
  test.each<[string, World, string]>([
    ["out of all: nothing leaves", { wroteH: 1, optedOut: "all" }, "refuse recipient_opted_out"],
    [
      "out of all: no template either",
      { over: { content: template }, optedOut: "all" },
      "refuse recipient_opted_out",
    ],
    [
      "out of marketing: none of it",
      { over: marketing, optedOut: "marketing" },
      "refuse recipient_opted_out",
    ],
    ["out of marketing: the rest", { wroteH: 1, optedOut: "marketing" }, "leaves as text"],
    [
      "out of marketing: no fallback that is marketing",
      { over: { fallback }, optedOut: "marketing", approved: { category: "marketing", state: "approved" } },
      "refuse recipient_opted_out",
    ],
    ["the gate of windows does not touch it", { gate: "off", optedOut: "all" }, "refuse recipient_opted_out"],
    ["at admission nothing is decided", { n: 0, optedOut: "all" }, "leaves as text"],
  ])("%s", (_what, world, said) => {
    expect(judge(world).said).toBe(said);
  });
});

test("a fallback leaves under the category that it was approved as, and waits while its template is paused", () => {
  const approved = { category: "utility", state: "approved" };
  expect(judge({ over: { fallback }, approved }).leaving).toMatchObject({
    category: "utility",
    content: { kind: "template", template: { name: "we_miss_you" }, text: null },
  });
  const paused = judge({ over: { fallback }, approved: { ...approved, state: "paused" } });
  expect(paused.said).toBe("wait template_paused");
  expect(paused.leaving.content.kind).toBe("text");
});

describe("a file that is uploaded first", () => {
  const url = "https://files.test/a.jpg";
  const media = {
    ...{ url, provider_id: null, caption: "Front", file_name: null },
    ...{ voice: false, view_once: false, upload: true },
  };
  const over = { content: content("image", { media }) };
  const ready: Asked = { kind: "ready", id: "900" };

  test.each<[string, World, string]>([
    [
      "is on its way",
      { wroteH: 1, over, asked: { kind: "wait", ms: 4_000, why: null } },
      "wait media_uploading",
    ],
    ["can't be had", { wroteH: 1, over, asked: { kind: "unusable", why: "x" } }, "refuse media_unusable"],
    ["is there", { wroteH: 1, over, asked: ready }, "leaves as image"],
    ["is there, and nobody wrote", { over, asked: ready }, "refuse outside_window"],
    [
      "at admission nothing is asked",
      { n: 0, over, asked: { kind: "unusable", why: "x" } },
      "leaves as image",
    ],
  ])("%s", (_what, world, said) => {
    expect(judge(world).said).toBe(said);
  });

  test("leaves by its id, with its words", () => {
    expect(judge({ wroteH: 1, over, asked: ready }).leaving.content.media).toEqual({
      ...media,
      url: null,
      provider_id: "900",
    });
    const waiting = judge({ wroteH: 1, over, asked: { kind: "wait", ms: 4_000, why: "503" } }).verdict;
    expect(waiting).toMatchObject({ until: now + 4_000, reason: { detail: "503" } });
  });
});
