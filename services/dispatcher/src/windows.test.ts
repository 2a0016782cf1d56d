import { personOf } from "@wamesh/events";
import { canonicalDigits } from "@wamesh/providers";
import { inboundMessage } from "@wamesh/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forgetClosed, type LastInbound, noteInbound, windowsOf } from "./windows.ts";

const hourMs = 3_600_000;
const now = Date.UTC(2026, 10, 21);
const mara = { kind: "phone", value: "+551187654321" } as const;

function after(...written: Parameters<typeof inboundMessage>[0][]) {
  const known: LastInbound = new Map();
  for (const one of written)
    noteInbound(known, inboundMessage({ sender: mara, occurred_at: now, ...one }), now);
  return {
    known,
    lastAt: (session = "session-1") => windowsOf(known).lastInboundAt(session, personOf(mara)!),
  };
}

describe("what a person wrote last", () => {
  test("counts for the number they wrote to, and no other", () => {
    const { lastAt } = after({ session: "session-1" });
    expect(lastAt()).toBe(now);
    expect(lastAt("session-2")).toBeUndefined();
  });

  test("is found however the number is written, and under each of their names", () => {
    const { known } = after({
      sender: { kind: "bsuid", value: "BR.8a1B2c" },
      identities: [{ kind: "phone", value: "5511987654321" }],
    });
    const { lastInboundAt } = windowsOf(known);
    expect(lastInboundAt("session-1", personOf(mara)!)).toBe(now);
    expect(lastInboundAt("session-1", { kind: "bsuid", value: "BR.8a1B2c" })).toBe(now);
  });

  test.each([
    ["in a group", { group: "120363000000000001@g.us" }],
    ["as a preference", { kind: "preference" }],
    ["to a WasenderApi session, which has no window", { provider: "wasender" }],
    ["more than a day ago", { occurred_at: now - 24 * hourMs }],
  ] as const)("%s opens nothing", (_what, over) => {
    expect(after(over).lastAt()).toBeUndefined();
  });

  test("a clock ahead of ours holds no window open", () => {
    expect(after({ occurred_at: now + hourMs }).lastAt()).toBe(now);
  });
});

test("in whatever order and however often records come, the latest counts", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 23 }), { minLength: 1 }), (hoursAgo) => {
      const { lastAt } = after(...hoursAgo.map((hours) => ({ occurred_at: now - hours * hourMs })));
      expect(lastAt()).toBe(now - Math.min(...hoursAgo) * hourMs);
    }),
  );
});

test("closed windows are forgotten, open ones are not", () => {
  const { known, lastAt } = after(
    { session: "session-1", occurred_at: now - 20 * hourMs },
    { session: "session-2", occurred_at: now - hourMs },
  );
  forgetClosed(known, now + 5 * hourMs);
  expect(lastAt("session-1")).toBeUndefined();
  expect(lastAt("session-2")).toBe(now - hourMs);
  forgetClosed(known, now + 24 * hourMs);
  expect(known.size).toBe(0);
});

test("a person is spelled as the providers' own comparison of addresses spells them", () => {
  const digits = fc.oneof(
    fc.constantFrom("5511987654321", "551187654321", "5215512345678", "5491123456789", "4915112345678"),
    fc.stringMatching(/^(55|52|54|1|49)[0-9]{8,11}$/),
  );
  fc.assert(
    fc.property(digits, (value) => {
      expect(personOf({ kind: "phone", value: `+${value}` })?.value).toBe(`+${canonicalDigits(`+${value}`)}`);
    }),
  );
});
