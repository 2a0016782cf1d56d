import type { SessionStatus } from "@wamesh/events";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, type Happening, heldMs, type Life, nextProbeMs, type Verdict } from "./lifecycle.ts";

const t = 1_000_000;

function life(status: SessionStatus, rest: Partial<Life> = {}): Life {
  return { provider: "wasender", status, evidence: "probe", sinceMs: t, strikes: 0, ...rest };
}
function seen(
  status: SessionStatus,
  rest: Partial<Extract<Happening, { kind: "observed" }>> = {},
): Happening {
  return { kind: "observed", status, evidence: "callback", atMs: t + 10, ...rest };
}
function ordered(order: "suspend" | "connect" | "revoke" | "delete"): Happening {
  return { kind: "ordered", order, atMs: t + 10 };
}

/** A status = it becomes that; "same" = nothing to write. */
const table: [title: string, Life, Happening, outcome: string][] = [
  ["a new session connects", life("connecting"), seen("connected"), "connected"],
  ["a new session asks to be scanned", life("connecting"), seen("need_scan"), "need_scan"],
  ["a scanned session connects", life("need_scan"), seen("connected"), "connected"],
  ["a connected one drops", life("connected"), seen("disconnected"), "disconnected"],
  ["a connected one is unlinked on the phone", life("connected"), seen("logged_out"), "logged_out"],
  ["a connected one expires", life("connected"), seen("expired"), "expired"],
  [
    "a send fails by its credentials",
    life("connected"),
    seen("auth_failed", { evidence: "send" }),
    "auth_failed",
  ],
  ["a dropped one comes back by itself", life("disconnected"), seen("connecting"), "connecting"],
  ["the same again", life("connected"), seen("connected"), "same"],
  [
    "an old drop after a new connect",
    life("connected"),
    seen("disconnected", { atMs: t - 5_000 }),
    "ignored: stale",
  ],
  ["a time in whole seconds", life("connected"), seen("disconnected", { atMs: t - 900 }), "disconnected"],
  [
    "a Cloud API number is never scanned",
    life("connecting", { provider: "cloud_api" }),
    seen("need_scan"),
    "ignored: impossible",
  ],
  [
    "a Cloud API number may want its PIN",
    life("connecting", { provider: "cloud_api" }),
    seen("pin_required"),
    "pin_required",
  ],
  [
    "a Cloud API number may wait for its name",
    life("connecting", { provider: "cloud_api" }),
    seen("name_pending"),
    "name_pending",
  ],
  ["a web session has no PIN", life("connecting"), seen("pin_required"), "ignored: impossible"],
  ["nobody outside suspends", life("connected"), seen("suspended"), "ignored: impossible"],
  ["nobody outside deletes", life("connected"), seen("deleted"), "ignored: impossible"],
  ["a status from a newer writer", life("connected"), seen("UNKNOWN"), "ignored: impossible"],
  [
    "what is suspended stays so, whatever is seen",
    life("suspended"),
    seen("connected"),
    "ignored: suspended",
  ],
  ["its tenant suspends it", life("connected"), ordered("suspend"), "suspended"],
  ["twice", life("suspended"), ordered("suspend"), "same"],
  ["its tenant lets it go on", life("suspended"), ordered("connect"), "connecting"],
  ["its tenant asks for a fresh look", life("connected"), ordered("connect"), "connecting"],
  ["its tenant deletes it", life("connected"), ordered("delete"), "deleted"],
  ["its credentials are revoked", life("connected"), ordered("revoke"), "auth_failed"],
  ["revoked twice", life("auth_failed", { evidence: "operator" }), ordered("revoke"), "same"],
  [
    "revoked after a failed send",
    life("auth_failed", { evidence: "send" }),
    ordered("revoke"),
    "auth_failed",
  ],
  ["revoked while suspended", life("suspended"), ordered("revoke"), "same"],
  [
    "nobody outside brings a revoked one back",
    life("auth_failed", { evidence: "operator" }),
    seen("connected", { atMs: t + 3_600_000 }),
    "ignored: revoked",
  ],
  ["new credentials do", life("auth_failed", { evidence: "operator" }), ordered("connect"), "connecting"],
  ["deleted is for good (seen)", life("deleted"), seen("connected"), "ignored: deleted"],
  ["deleted is for good (ordered)", life("deleted"), ordered("connect"), "ignored: deleted"],
  [
    "a probe soon after a failed send does not lift it",
    life("auth_failed", { evidence: "send", strikes: 1 }),
    seen("connected", { evidence: "probe", atMs: t + heldMs(1) - 1 }),
    "outranked",
  ],
  [
    "a later probe does",
    life("auth_failed", { evidence: "send", strikes: 1 }),
    seen("connected", { evidence: "probe", atMs: t + heldMs(1) }),
    "connected",
  ],
  [
    "a callback lifts it at once",
    life("disconnected", { evidence: "send", strikes: 2 }),
    seen("connected"),
    "connected",
  ],
  [
    "but not when the provider has lied three times",
    life("disconnected", { evidence: "send", strikes: 3 }),
    seen("connected"),
    "outranked",
  ],
  [
    "a probe that sees the same as the send confirms it",
    life("disconnected", { evidence: "send", strikes: 2 }),
    seen("disconnected", { evidence: "probe" }),
    "confirmed",
  ],
  [
    "a probe that sees something else that is bad is believed",
    life("disconnected", { evidence: "send", strikes: 3 }),
    seen("logged_out", { evidence: "probe" }),
    "logged_out",
  ],
  [
    "a probe lifts what a probe found",
    life("auth_failed", { evidence: "probe" }),
    seen("connected", { evidence: "probe" }),
    "connected",
  ],
];

function inWords(verdict: Verdict): string {
  if (verdict.kind === "change") return verdict.status;
  return verdict.kind === "ignored" ? `ignored: ${verdict.why}` : verdict.kind;
}

describe("a session's life", () => {
  test.each(table)("%s", (_title, before, happening, outcome) => {
    const verdict = decide(before, happening);
    expect(inWords(verdict)).toBe(outcome);
  });

  test("hearsay is confirmed by a look of our own, soon", () => {
    expect(decide(life("connected"), seen("disconnected"))).toMatchObject({ confirmInMs: 5_000 });
    expect(decide(life("connected"), seen("auth_failed", { evidence: "send" }))).toMatchObject({
      confirmInMs: 2_000,
    });
    expect(decide(life("connected"), seen("disconnected", { evidence: "probe" }))).toMatchObject({
      confirmInMs: null,
    });
    expect(decide(life("suspended"), ordered("connect"))).toMatchObject({ confirmInMs: 0 });
  });

  const statuses: SessionStatus[] = [
    "UNKNOWN",
    "created",
    "connecting",
    "need_scan",
    "pin_required",
    "name_pending",
    "connected",
    "disconnected",
    "logged_out",
    "expired",
    "suspended",
    "auth_failed",
    "deleted",
  ];
  const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
    fc.record({
      kind: fc.constant("observed" as const),
      status: fc.constantFrom(...statuses),
      evidence: fc.constantFrom("callback" as const, "probe" as const, "send" as const),
      atMs: fc.integer({ min: t - 100_000, max: t + 100_000 }),
    }),
    fc.record({
      kind: fc.constant("ordered" as const),
      order: fc.constantFrom("suspend" as const, "connect" as const, "revoke" as const, "delete" as const),
      atMs: fc.integer({ min: t - 100_000, max: t + 100_000 }),
    }),
  );

  test("an observation read twice changes nothing the second time, after any history", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("cloud_api" as const, "wasender" as const),
        fc.array(anyHappening, { maxLength: 20 }),
        anyHappening.filter((h) => h.kind === "observed"),
        (provider, history, last) => {
          const before = history.reduce(live, life("connecting", { provider }));
          const once = live(before, last);
          expect(live(once, last)).toEqual(once);
        },
      ),
    );
  });

  test("no observation leaves suspended or deleted, and time never runs backwards for observations", () => {
    fc.assert(
      fc.property(fc.array(anyHappening, { maxLength: 30 }), (history) => {
        let current = life("connecting");
        for (const happening of history) {
          const next = live(current, happening);
          if (happening.kind === "observed") {
            if (current.status === "suspended" || current.status === "deleted") expect(next).toEqual(current);
            expect(next.sinceMs).toBeGreaterThanOrEqual(current.sinceMs);
          }
          current = next;
        }
      }),
    );
  });
});

function live(current: Life, happening: Happening): Life {
  const verdict = decide(current, happening);
  if (verdict.kind !== "change") return current;
  const { status, evidence, sinceMs, strikes } = verdict;
  return { ...current, status, evidence, sinceMs, strikes };
}

describe("a provider that says connected and refuses every send", () => {
  /** Sends whenever the session is connected, looks every minute; the send always fails, the look always says connected. */
  function messagesLost(hours: number): { lost: number; connectedMs: number } {
    let current = life("connected");
    let lost = 0;
    let connectedMs = 0;
    for (let atMs = t; atMs < t + hours * 3_600_000; atMs += 10_000) {
      if (current.status === "connected") {
        lost++;
        connectedMs += 10_000;
        current = live(current, seen("disconnected", { evidence: "send", atMs }));
      } else current = live(current, seen("connected", { evidence: "probe", atMs }));
    }
    return { lost, connectedMs };
  }

  test("is found out with the first failed send, and costs less with each further one", () => {
    expect(live(life("connected"), seen("disconnected", { evidence: "send" }))).toMatchObject({
      status: "disconnected",
      evidence: "send",
      strikes: 1,
    });
    expect(messagesLost(1).lost).toBe(4);
    expect(messagesLost(24).lost).toBeLessThanOrEqual(11);
  });

  test("after three failed sends neither looks nor callbacks lift it before half an hour has passed", () => {
    let current = life("connected");
    let atMs = t;
    for (const strike of [1, 2, 3]) {
      current = live(current, seen("auth_failed", { evidence: "send", atMs }));
      expect(current.strikes).toBe(strike);
      if (strike === 3) break;
      atMs += heldMs(strike);
      current = live(current, seen("connected", { evidence: "probe", atMs }));
    }
    for (const evidence of ["probe", "callback"] as const) {
      const early = seen("connected", { evidence, atMs: atMs + 30 * 60_000 - 1 });
      expect(decide(current, early)).toEqual({ kind: "outranked", againInMs: 1 });
    }
    const later = seen("connected", { evidence: "probe", atMs: atMs + 30 * 60_000 });
    expect(live(current, later)).toMatchObject({ status: "connected", strikes: 3 });
  });

  test("an honest one that drops often is never held: its own word agrees with the failed send", () => {
    let current = life("connected");
    for (let drop = 0; drop < 10; drop++) {
      const atMs = t + drop * 1_000;
      current = live(current, seen("disconnected", { evidence: "send", atMs }));
      current = {
        ...current,
        ...(decide(current, seen("disconnected", { evidence: "probe", atMs })).kind === "confirmed" && {
          evidence: "probe" as const,
          strikes: 0,
        }),
      };
      current = live(current, seen("connected", { evidence: "probe", atMs: atMs + 10 }));
      expect(current.status).toBe("connected");
    }
  });

  test("orders forgive: who replaces the credentials or orders to connect starts afresh", () => {
    const held = life("auth_failed", { evidence: "send", strikes: 5 });
    expect(live(held, ordered("connect"))).toMatchObject({ status: "connecting", strikes: 0 });
  });
});

describe("the schedule of probes", () => {
  test("a settled session is looked at every five minutes, give or take a fifth", () => {
    expect(nextProbeMs("connected", 0, 0)).toBe(240_000);
    expect(nextProbeMs("need_scan", 0, 0.5)).toBe(300_000);
  });
  test("one that is connecting, or could not be probed, is looked at sooner, backing off to the ordinary pace", () => {
    expect(nextProbeMs("connecting", 0, 0.5)).toBe(500);
    expect(nextProbeMs("connecting", 3, 0.5)).toBe(4_000);
    expect(nextProbeMs("connected", 1, 0.5)).toBe(1_000);
    expect(nextProbeMs("connected", 99, 0.5)).toBe(300_000);
  });
  test("refused credentials are looked at ever less often, down to four times a day", () => {
    expect([0, 1, 3, 99].map((looks) => nextProbeMs("auth_failed", looks, 0.5) / 60_000)).toEqual([
      5, 10, 40, 360,
    ]);
  });
});
